namespace PhotoMl.Tests.Evaluation;

public sealed class McNemarTestTests
{
    // By hand: of 8, 2 (1 + 8) / 256 - 8 / 256; of 2, 1 - 2 / 4 / 2; of 1, 2 / 2 - 1 / 2; of 5 none, 2 / 32 - 1 / 32.
    [Theory]
    [InlineData(1, 7, 10.0 / 256)] // airway hyper-responsiveness, an example of M. W. Fagerland et al. (2013)
    [InlineData(7, 1, 10.0 / 256)]
    [InlineData(1, 1, 0.75)]
    [InlineData(1, 0, 0.5)]
    [InlineData(0, 5, 1.0 / 32)]
    [InlineData(0, 0, 1)]
    public void Small_counts_give_what_is_computed_by_hand(long onlyFirst, long onlySecond, double expected) =>
        Assert.Equal(expected, McNemarTest.MidP(onlyFirst, onlySecond), 14);

    [Fact]
    public void Every_small_table_gives_the_sum_of_its_binomial_terms()
    {
        for (var first = 0; first <= 25; first++)
        {
            for (var second = first + 1; second <= 25; second++)
            {
                var all = first + second;
                var below = Enumerable.Range(0, first).Sum(k => Choose(all, k));
                Assert.Equal(((2 * below) + Choose(all, first)) / Math.Pow(2, all), McNemarTest.MidP(first, second), 1e-13);
            }
        }
    }

    [Theory]
    [InlineData(500_000, 501_960, 0.0503)] // 1.958 standard deviations
    [InlineData(5_000_000, 5_012_000, 0.00015)]
    public void Large_counts_overflow_nothing_and_come_near_the_normal_distribution(long onlyFirst, long onlySecond, double expected) =>
        Assert.InRange(McNemarTest.MidP(onlyFirst, onlySecond), 0.98 * expected, 1.02 * expected);

    [Fact]
    public void What_is_far_too_improbable_for_luck_is_near_zero_or_zero_but_a_number()
    {
        Assert.Equal(Math.Pow(2, -1000), McNemarTest.MidP(0, 1000), Math.Pow(2, -1010));
        Assert.Equal(0, McNemarTest.MidP(0, 100_000));
        Assert.InRange(McNemarTest.MidP(1_000_000, 1_000_000), 0.9997, 0.9998);
    }

    [Fact]
    public void Counts_below_nought_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => McNemarTest.MidP(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => McNemarTest.MidP(0, -1));
    }

    private static double Choose(int n, int k) => Enumerable.Range(1, k).Aggregate(1.0, (product, i) => product * (n - k + i) / i);
}
