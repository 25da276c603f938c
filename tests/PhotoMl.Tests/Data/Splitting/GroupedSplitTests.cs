using FsCheck;
using FsCheck.Xunit;
using PhotoMl.Data;

namespace PhotoMl.Tests.Data;

public sealed class GroupedSplitTests
{
    [Property]
    public void Every_image_is_on_one_side_once_and_no_group_is_torn_apart(NonEmptyArray<(byte Label, byte Group)> images, byte share, long seed)
    {
        var labels = Array.ConvertAll(images.Get, image => (long)image.Label % 3);
        var groups = Array.ConvertAll(images.Get, image => image.Group % 12);
        var split = GroupedSplit.ByFraction(labels, groups, share / 256.0, seed);

        Assert.Equal(Enumerable.Range(0, labels.Length).Select(i => (long)i), split.Train.Concat(split.Validation).Order());
        Assert.Equal(split.Train.Order(), split.Train);
        Assert.Equal(split.Validation.Order(), split.Validation);
        Assert.Empty(split.Train.Select(i => groups[i]).Intersect(split.Validation.Select(i => groups[i])));
    }

    [Property]
    public void Every_class_keeps_its_share_to_within_its_largest_group(NonEmptyArray<(byte Label, byte Group)> images, byte share, long seed)
    {
        var labels = Array.ConvertAll(images.Get, image => (long)image.Label % 3);
        var groups = Array.ConvertAll(images.Get, image => (image.Label % 3 * 100) + (image.Group % 12)); // of one class each
        var split = GroupedSplit.ByFraction(labels, groups, share / 256.0, seed);

        foreach (var (label, count) in labels.CountBy(label => label))
        {
            var largest = groups.Where((_, i) => labels[i] == label).CountBy(group => group).Max(entry => entry.Value);
            var ideal = Math.Round(labels.Length * (share / 256.0), MidpointRounding.AwayFromZero) * count / labels.Length;
            Assert.InRange(split.Validation.Count(i => labels[i] == label), Math.Max(0, ideal - largest), ideal + largest);
        }
    }

    [Property]
    public void Without_groups_the_classes_counts_are_those_of_the_stratified_split(NonEmptyArray<byte> images, byte share, long seed)
    {
        var labels = Array.ConvertAll(images.Get, label => (long)label % 4);
        var grouped = GroupedSplit.ByFraction(labels, Enumerable.Range(0, labels.Length).ToArray(), share / 256.0, seed);
        var plain = StratifiedSplit.ByFraction(labels, share / 256.0, seed);

        Assert.Equal(
            plain.Validation.CountBy(i => labels[i]).OrderBy(entry => entry.Key),
            grouped.Validation.CountBy(i => labels[i]).OrderBy(entry => entry.Key));
    }

    [Fact]
    public void The_seed_alone_decides_and_groups_of_all_sizes_are_drawn()
    {
        // 100 images of one class: 20 pairs, then 60 single ones.
        var groups = Enumerable.Range(0, 100).Select(i => i < 40 ? i / 2 : i).ToArray();
        var splits = Enumerable.Range(0, 50).Select(seed => GroupedSplit.ByFraction(new long[100], groups, 0.2, seed)).ToArray();

        Assert.Equal(splits[7].Validation, GroupedSplit.ByFraction(new long[100], groups, 0.2, 7).Validation);
        Assert.NotEqual(splits[7].Validation, splits[8].Validation);
        Assert.All(splits, split => Assert.Equal(20, split.Validation.Length)); // the last place is taken by a single image
        Assert.InRange(splits.Average(split => split.Validation.Count(i => i < 40)), 6.5, 9.5); // 8 by chance: pairs are not preferred
    }

    [Fact]
    public void A_group_too_large_for_the_share_stays_whole_and_is_trained_on()
    {
        var split = GroupedSplit.ByFraction(new long[10], [0, 0, 0, 0, 0, 0, 0, 0, 1, 2], 0.2, 1);

        Assert.Equal([8, 9], split.Validation);
    }

    [Fact]
    public void As_many_groups_as_images_are_expected()
    {
        var exception = Assert.Throws<ArgumentException>(() => GroupedSplit.ByFraction(new long[3], new int[2], 0.5, 1));
        Assert.StartsWith("Expected the group of each of 3 images but got 2.", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => GroupedSplit.ByFraction(new long[3], new int[3], 1, 1));
        Assert.Throws<ArgumentException>(() => GroupedSplit.ByFraction([0, -1], new int[2], 0.5, 1));
    }
}
