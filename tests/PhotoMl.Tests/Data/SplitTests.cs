namespace PhotoMl.Tests.Data;

public sealed class SplitTests
{
    [Property]
    public void Every_image_is_on_one_side_once_and_no_group_is_divided(
        NonEmptyArray<(byte Label, byte Group)> images, byte share, long seed)
    {
        var (labels, groups) = Read(images);
        foreach (var grouped in new[] { groups, [] })
        {
            var split = Split.ByFraction(labels, share / 256.0, seed, grouped);
            Assert.Equal(Enumerable.Range(0, labels.Length).Select(i => (long)i), split.Train.Concat(split.Validation).Order());
            Assert.Equal(split.Train.Order(), split.Train);
            Assert.Equal(split.Validation.Order(), split.Validation);
            Assert.Equal(split.Validation, Split.ByFraction(labels, share / 256.0, seed, grouped).Validation);
            AssertWhole(split, grouped);
        }
    }

    [Property]
    public void Every_class_keeps_its_share_to_within_one_image_or_its_largest_group(
        NonEmptyArray<(byte Label, byte Group)> images, byte share, long seed)
    {
        var (labels, groups) = Read(images);
        groups = [.. groups.Zip(labels, (group, label) => group + (100 * (int)label))]; // of one class each
        var plain = Split.ByFraction(labels, share / 256.0, seed).Validation;
        var whole = Split.ByFraction(labels, share / 256.0, seed, groups).Validation;
        var single = Split.ByFraction(labels, share / 256.0, seed, Enumerable.Range(0, labels.Length).ToArray()).Validation;
        var count = Math.Round(labels.Length * (share / 256.0), MidpointRounding.AwayFromZero);

        Assert.True(plain.Length == count || labels.CountBy(label => label).Any(entry => Of(plain, entry.Key) == entry.Value - 1));
        foreach (var (label, number) in labels.CountBy(label => label))
        {
            Assert.All([plain, whole], side => Assert.InRange(Of(side, label), 0, number - 1)); // one is left to train on
            var exact = Math.Min(number * count / labels.Length, number - 0.5);
            var largest = groups.Where((_, i) => labels[i] == label).CountBy(group => group).Max(entry => entry.Value);
            Assert.True(Math.Abs(Of(plain, label) - exact) < 1);
            Assert.InRange(Of(whole, label), Math.Max(0, exact - largest), exact + largest);
            Assert.Equal(Of(plain, label), Of(single, label));
        }

        int Of(long[] side, long label) => side.Count(i => labels[i] == label);
    }

    [Fact]
    public void The_images_held_out_come_from_the_whole_set_and_from_groups_of_all_sizes()
    {
        var labels = Enumerable.Range(0, 1000).Select(i => (long)(i % 10)).ToArray();
        var both = Split.ByFraction(labels, 0.1, 1).Validation.Intersect(Split.ByFraction(labels, 0.1, 2).Validation);
        Assert.InRange(both.Count(), 0, 30); // 10 by chance
        Assert.InRange(Split.ByFraction(new long[10_000], 0.1, 1).Validation.Average(), 4600, 5400); // 5000, standard error 91

        // 100 images of one class: 20 pairs, then 60 single ones.
        var groups = Enumerable.Range(0, 100).Select(i => i < 40 ? i / 2 : i).ToArray();
        var splits = Enumerable.Range(0, 50).Select(seed => Split.ByFraction(new long[100], 0.2, seed, groups)).ToArray();
        Assert.NotEqual(splits[7].Validation, splits[8].Validation);
        Assert.All(splits, split => Assert.Equal(20, split.Validation.Length)); // the last place is taken by a single image
        Assert.InRange(splits.Average(split => split.Validation.Count(i => i < 40)), 6.5, 9.5); // 8 by chance: pairs are not preferred
    }

    [Fact]
    public void A_seed_gives_the_split_that_it_always_gave()
    {
        long[] labels = [.. Enumerable.Range(0, 24).Select(i => (long)(i % 3))];
        int[] groups = [.. Enumerable.Range(0, 24).Select(i => i * 5 % 24 / 2)];

        Assert.Equal([6, 8, 10, 15, 20, 22], Split.ByFraction(labels, 0.25, 7).Validation);
        Assert.Equal([2, 7, 10, 12, 15, 17], Split.ByFraction(labels, 0.25, 7, groups).Validation);
        Assert.Equal([1, 3, 6, 13, 14, 21, 22, 23], Split.Folds(labels, 3, 7)[0].Validation);
        Assert.Equal([1, 3, 12, 16, 17, 20, 21, 22], Split.Folds(labels, 3, 7, groups)[0].Validation);
        Assert.Equal([18, 14, 2, 9, 20, 21], Split.Subset(24, 6, 7));

        // A group too large for the share stays whole and is trained on.
        Assert.Equal([8, 9], Split.ByFraction(new long[10], 0.2, 1, [0, 0, 0, 0, 0, 0, 0, 0, 1, 2]).Validation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_last_images_of_a_class_are_trained_on_be_they_one_or_a_group(long seed)
    {
        long[] labels = [0, .. Enumerable.Repeat(1L, 6), 2, .. Enumerable.Repeat(3L, 6)];
        Assert.All(Split.ByFraction(labels, 0.1, seed).Validation, index => Assert.True(labels[index] is 1 or 3));
        Assert.Empty(Split.ByFraction([0, 1, 2, 3], 0.3, seed).Validation);

        // Class 0 is one group, class 1 lies in one with class 2, of which there is another.
        Assert.Equal([5], Split.ByFraction([0, 0, 0, 1, 2, 2], 0.5, seed, [0, 0, 0, 1, 1, 2]).Validation);
    }

    [Property]
    public void Every_image_is_held_out_in_one_fold_and_the_folds_counts_of_a_class_differ_by_at_most_its_largest_group(
        NonEmptyArray<(byte Label, byte Group)> images, byte more, bool ofOneClass, long seed)
    {
        var (labels, groups) = Read(images);
        groups = ofOneClass ? [.. groups.Zip(labels, (group, label) => group + (100 * (int)label))] : groups;
        var count = 2 + (more % 4);
        var folds = Split.Folds(labels, count, seed, groups);
        Assert.Equal(Enumerable.Range(0, labels.Length).Select(i => (long)i), folds.SelectMany(fold => fold.Validation).Order());
        foreach (var fold in folds)
        {
            Assert.True(fold.Validation.Length > 0 || groups.Distinct().Count() < count);
            Assert.Equal(labels.Length, fold.Train.Union(fold.Validation).Count());
            AssertWhole(fold, groups);
        }

        foreach (var label in labels.Distinct().Where(_ => ofOneClass))
        {
            var largest = groups.Where((_, i) => labels[i] == label).CountBy(group => group).Max(entry => entry.Value);
            var counts = Array.ConvertAll(folds, fold => fold.Validation.Count(i => labels[i] == label));
            Assert.InRange(counts.Max() - counts.Min(), 0, largest);
        }
    }

    [Fact]
    public void Without_groups_classes_and_totals_of_folds_differ_by_at_most_one_image()
    {
        long[] labels = [.. Enumerable.Range(0, 103).Select(i => (long)(i % 7))];
        var folds = Split.Folds(labels, 5, 1);

        Assert.Equal([20, 20, 21, 21, 21], folds.Select(fold => fold.Validation.Length).Order());
        Assert.Equal(folds[0].Validation, Split.Folds(labels, 5, 1)[0].Validation);
        Assert.NotEqual(folds[0].Validation, Split.Folds(labels, 5, 2)[0].Validation);
    }

    [Property]
    public void A_smaller_subset_is_the_start_of_a_larger_one(PositiveInt count, PositiveInt limit, long seed)
    {
        var smaller = Split.Subset(count.Get, limit.Get, seed);
        var larger = Split.Subset(count.Get, limit.Get + 3, seed);

        Assert.Equal(Math.Min(count.Get, limit.Get), smaller.Distinct().Count());
        Assert.All(smaller, index => Assert.InRange(index, 0, count.Get - 1));
        Assert.Equal(smaller, larger[..smaller.Length]);
    }

    [Fact]
    public void No_images_have_no_part_and_one_fold_is_refused()
    {
        Assert.Empty(Split.ByFraction([], 0.4, 1).Validation);
        Assert.Throws<ArgumentOutOfRangeException>(() => Split.Folds(new long[3], 1, 1));
    }

    private static void AssertWhole(Split split, int[] groups)
    {
        if (groups.Length > 0)
        {
            Assert.Empty(split.Train.Select(i => groups[i]).Intersect(split.Validation.Select(i => groups[i])));
        }
    }

    private static (long[] Labels, int[] Groups) Read(NonEmptyArray<(byte Label, byte Group)> images) =>
        (Array.ConvertAll(images.Get, image => (long)image.Label % 3), Array.ConvertAll(images.Get, image => image.Group % 12));
}
