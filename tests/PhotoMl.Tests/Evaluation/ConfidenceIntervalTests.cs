namespace PhotoMl.Tests.Evaluation;

public sealed class ConfidenceIntervalTests
{
    private const double Square = 1.959963984540054 * 1.959963984540054;

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
    public void Wilsons_interval_is_the_published_one_and_exact_where_all_or_none_succeed(
        long successes, long trials, double low, double high)
    {
        var interval = ConfidenceInterval.Wilson(successes, trials);

        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
        Assert.Equal((successes == 0, successes == trials), (interval.Low == 0, interval.High == 1));
    }

    // Airway hyper-responsiveness before and after a transplantation: M. W. Fagerland, S. Lydersen, P. Laake (2014), Tango's asymptotic
    // score interval.
    [Fact]
    public void Tangos_interval_is_the_published_one()
    {
        var interval = ConfidenceInterval.Tango(1, 7, 21);
        Assert.Equal(-0.517, interval.Low, 3);
        Assert.Equal(-0.026, interval.High, 3);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(10_000)]
    public void Where_neither_succeeds_alone_it_is_the_closed_form(long trials)
    {
        var interval = ConfidenceInterval.Tango(0, 0, trials);
        Assert.Equal(Square / (trials + Square), interval.High, 12);
        Assert.Equal(-interval.High, interval.Low, 12);
    }

    [Fact]
    public void A_difference_that_nothing_limits_reaches_the_end()
    {
        Assert.Equal(1, ConfidenceInterval.Tango(10, 0, 10).High);
        Assert.Equal(-1, ConfidenceInterval.Tango(0, 10, 10).Low);
        Assert.Equal(1, ConfidenceInterval.Tango(1, 0, 1).High);
    }

    // At an end the score is z: with the likelihood's own maximum over the nuisance share, found by search instead of by the root of the
    // quadratic.
    [Theory]
    [InlineData(12, 2, 50)]
    [InlineData(245, 16, 10_000)]
    [InlineData(3, 3, 40)]
    [InlineData(30, 8, 86)]
    public void At_both_ends_the_score_test_is_about_to_reject(long onlyFirst, long onlySecond, long trials)
    {
        var interval = ConfidenceInterval.Tango(onlyFirst, onlySecond, trials);
        foreach (var end in new[] { interval.Low, interval.High })
        {
            var share = MostLikelyShare(onlyFirst, onlySecond, trials, end);
            var score = (onlyFirst - onlySecond - (trials * end)) / Math.Sqrt(trials * ((2 * share) + (end * (1 - end))));
            Assert.Equal(Square, score * score, 4);
        }
    }

    // McNemar's test without a correction is the score test of no difference.
    [Property]
    public bool The_interval_excludes_nought_where_McNemars_score_test_rejects(byte onlyFirst, byte onlySecond, ushort others)
    {
        var trials = 1L + onlyFirst + onlySecond + others;
        var interval = ConfidenceInterval.Tango(onlyFirst, onlySecond, trials);
        var (difference, all) = (onlyFirst - onlySecond, onlyFirst + onlySecond);
        var (mirrored, middle) = (ConfidenceInterval.Tango(onlySecond, onlyFirst, trials), (double)difference / trials);
        return (interval.Low > 0 || interval.High < 0) == (all > 0 && difference * difference > Square * all)
            && interval.Low <= middle && middle <= interval.High && interval is { Low: >= -1, High: <= 1 }
            && Math.Abs(mirrored.Low + interval.High) < 1e-9 && Math.Abs(mirrored.High + interval.Low) < 1e-9;
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(-1, 0, 5)]
    [InlineData(0, -1, 5)]
    [InlineData(3, 3, 5)]
    [InlineData(0, null, 0)]
    [InlineData(-1, null, 5)]
    [InlineData(6, null, 5)]
    public void Counts_that_cannot_be_are_refused(int first, int? second, int trials) => Assert.Throws<ArgumentOutOfRangeException>(
        () => second is { } only ? ConfidenceInterval.Tango(first, only, trials) : ConfidenceInterval.Wilson(first, trials));

    // Maximises b ln(q + d) + c ln q + (n - b - c) ln(1 - 2 q - d) by thirds; it is concave.
    private static double MostLikelyShare(long b, long c, long n, double d)
    {
        var (low, high) = (Math.Max(0, -d) + 1e-15, ((1 - d) / 2) - 1e-15);
        for (var i = 0; i < 300; i++)
        {
            var (left, right) = (low + ((high - low) / 3), high - ((high - low) / 3));
            (low, high) = LogLikelihood(left) < LogLikelihood(right) ? (left, high) : (low, right);
        }

        return (low + high) / 2;

        double LogLikelihood(double q) => (b * Math.Log(q + d)) + (c * Math.Log(q)) + ((n - b - c) * Math.Log(1 - (2 * q) - d));
    }
}
