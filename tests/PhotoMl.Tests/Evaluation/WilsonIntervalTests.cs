namespace PhotoMl.Tests.Evaluation;

public sealed class WilsonIntervalTests
{
    // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3,
    // and the closed forms z^2 / (n + z^2) at either end.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(10, 10, 0.7225, 1)]
    [InlineData(9930, 10_000, 0.9912, 0.9945)]
    public void The_interval_is_the_published_one(long successes, long trials, double low, double high)
    {
        var interval = ConfidenceInterval.Wilson(successes, trials);

        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Fact]
    public void The_ends_are_exact_where_all_or_none_succeed()
    {
        Assert.Equal(0, ConfidenceInterval.Wilson(0, 7).Low);
        Assert.Equal(1, ConfidenceInterval.Wilson(7, 7).High);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 5)]
    [InlineData(6, 5)]
    public void Counts_that_cannot_be_are_refused(long successes, long trials) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ConfidenceInterval.Wilson(successes, trials));
}
