using FsCheck;
using FsCheck.Xunit;
using PhotoMl.Data;

namespace PhotoMl.Tests.Data;

public sealed class StratifiedFoldsTests
{
    [Property]
    public void Every_image_is_held_out_once_and_no_group_is_torn_apart(NonEmptyArray<(byte Label, byte Group)> images, byte more, long seed)
    {
        var labels = Array.ConvertAll(images.Get, image => (long)image.Label % 3);
        var groups = Array.ConvertAll(images.Get, image => image.Group % 12);
        var count = 2 + (more % 4);
        if (groups.Distinct().Count() < count)
        {
            Assert.Throws<ArgumentException>(() => StratifiedFolds.Deal(labels, groups, count, seed));
            return;
        }

        var folds = StratifiedFolds.Deal(labels, groups, count, seed);
        Assert.Equal(Enumerable.Range(0, labels.Length).Select(i => (long)i), Enumerable.Range(0, count).SelectMany(folds.Validation).Order());
        for (var fold = 0; fold < count; fold++)
        {
            Assert.NotEmpty(folds.Validation(fold));
            Assert.Equal(labels.Length, folds.Train(fold).Union(folds.Validation(fold)).Count());
            Assert.Empty(folds.Train(fold).Select(i => groups[i]).Intersect(folds.Validation(fold).Select(i => groups[i])));
        }
    }

    [Property]
    public void The_folds_counts_of_a_class_differ_by_at_most_its_largest_group(NonEmptyArray<(byte Label, byte Group)> images, long seed)
    {
        var labels = Array.ConvertAll(images.Get, image => (long)image.Label % 3);
        var groups = Array.ConvertAll(images.Get, image => (image.Label % 3 * 100) + (image.Group % 12));
        if (groups.Distinct().Count() < 3)
        {
            Assert.Throws<ArgumentException>(() => StratifiedFolds.Deal(labels, groups, 3, seed));
            return;
        }

        var folds = StratifiedFolds.Deal(labels, groups, 3, seed);
        foreach (var label in labels.Distinct())
        {
            var largest = groups.Where((_, i) => labels[i] == label).CountBy(group => group).Max(entry => entry.Value);
            var counts = Enumerable.Range(0, 3).Select(fold => folds.Validation(fold).Count(i => labels[i] == label)).ToArray();
            Assert.InRange(counts.Max() - counts.Min(), 0, largest);
        }
    }

    [Fact]
    public void Without_groups_classes_and_totals_differ_by_at_most_one_image()
    {
        long[] labels = [.. Enumerable.Range(0, 103).Select(i => (long)(i % 7))];
        var folds = StratifiedFolds.Deal(labels, [], 5, 1);

        Assert.Equal([20, 20, 21, 21, 21], Enumerable.Range(0, 5).Select(fold => folds.Validation(fold).Length).Order());
        Assert.Equal(folds.FoldOf, StratifiedFolds.Deal(labels, [], 5, 1).FoldOf);
        Assert.NotEqual(folds.FoldOf, StratifiedFolds.Deal(labels, [], 5, 2).FoldOf);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => StratifiedFolds.Deal(new long[3], [], 1, 1));
        Assert.Throws<ArgumentException>(() => StratifiedFolds.Deal(new long[3], [], 4, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => StratifiedFolds.Deal(new long[3], [], 3, 1).Train(3));
    }
}
