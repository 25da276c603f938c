using FsCheck;
using FsCheck.Xunit;
using PhotoMl.Data;

namespace PhotoMl.Tests.Data;

public sealed class StratifiedSplitTests
{
    [Property]
    public void Every_index_is_on_one_side_once(NonEmptyArray<byte> labels, int share, long seed)
    {
        var values = Labels(labels);
        var split = StratifiedSplit.ByCount(values, Count(values, share), seed);

        Assert.Equal(Enumerable.Range(0, values.Length).Select(i => (long)i), split.Train.Concat(split.Validation).Order());
        Assert.Equal(split.Train.Order(), split.Train);
        Assert.Equal(Count(values, share), split.Validation.Length);
    }

    [Property]
    public void Every_class_keeps_its_share_to_within_one_image(NonEmptyArray<byte> labels, int share, long seed)
    {
        var values = Labels(labels);
        var count = Count(values, share);
        var split = StratifiedSplit.ByCount(values, count, seed);

        foreach (var (label, images) in values.CountBy(value => value))
        {
            var exact = (double)images * count / values.Length;
            Assert.True(Math.Abs(split.Validation.Count(i => values[i] == label) - exact) < 1);
        }
    }

    [Property]
    public void The_same_seed_gives_the_same_split(NonEmptyArray<byte> labels, int share, long seed)
    {
        var values = Labels(labels);
        var first = StratifiedSplit.ByCount(values, Count(values, share), seed);
        var second = StratifiedSplit.ByCount(values, Count(values, share), seed);
        Assert.Equal(first.Validation, second.Validation);
    }

    [Fact]
    public void Another_seed_gives_another_split()
    {
        var labels = Enumerable.Range(0, 1000).Select(i => (long)(i % 10)).ToArray();
        var overlap = StratifiedSplit.ByFraction(labels, 0.1, 1).Validation.Intersect(StratifiedSplit.ByFraction(labels, 0.1, 2).Validation).Count();
        Assert.InRange(overlap, 0, 30); // 10 by chance
    }

    [Fact]
    public void The_images_set_aside_come_from_the_whole_set()
    {
        var labels = new long[10_000];
        var mean = StratifiedSplit.ByFraction(labels, 0.1, 1).Validation.Average();
        Assert.InRange(mean, 4600, 5400); // 5000, standard error 91
    }

    [Theory]
    [InlineData(10, 0.0, 0)]
    [InlineData(10, 0.25, 3)]
    [InlineData(60_000, 0.1, 6000)]
    [InlineData(1, 0.4, 0)]
    public void A_fraction_is_of_all_images_and_rounded(int images, double fraction, int expected) =>
        Assert.Equal(expected, StratifiedSplit.ByFraction(new long[images], fraction, 1).Validation.Length);

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void A_fraction_outside_zero_to_one_is_refused(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StratifiedSplit.ByFraction(new long[3], fraction, 1));

    [Fact]
    public void More_images_than_there_are_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StratifiedSplit.ByCount(new long[3], 4, 1));

    [Fact]
    public void A_negative_label_is_refused() =>
        Assert.Throws<ArgumentException>(() => StratifiedSplit.ByCount([0, -1], 1, 1));

    [Fact]
    public void No_images_split_into_nothing() => Assert.Empty(StratifiedSplit.ByCount([], 0, 1).Train);

    [Property]
    public void A_smaller_subset_is_the_start_of_a_larger_one(PositiveInt count, PositiveInt limit, long seed)
    {
        var smaller = SeededSubset.Take(count.Get, limit.Get, seed);
        var larger = SeededSubset.Take(count.Get, limit.Get + 3, seed);

        Assert.Equal(Math.Min(count.Get, limit.Get), smaller.Distinct().Count());
        Assert.All(smaller, index => Assert.InRange(index, 0, count.Get - 1));
        Assert.Equal(smaller, larger[..smaller.Length]);
    }

    private static long[] Labels(NonEmptyArray<byte> labels) => [.. labels.Get.Select(label => (long)label % 4)];

    private static int Count(long[] labels, int share) => (int)((uint)share % (uint)(labels.Length + 1));
}
