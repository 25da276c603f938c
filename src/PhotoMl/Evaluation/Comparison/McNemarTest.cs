namespace PhotoMl.Evaluation;

/// <summary>Tests whether two classifiers on the same images are equally good.</summary>
public static class McNemarTest
{
    /// <summary>Computes how often luck alone would set two equally good classifiers at least as far apart, in either direction.</summary>
    /// <param name="onlyFirst">The images that only the first is right about.</param>
    /// <param name="onlySecond">The images that only the second is right about.</param>
    /// <returns>The two-sided mid-p-value, in [0, 1]; 1 where there is no such image. Below the smallest double it is 0.</returns>
    /// <remarks>Of b + c images that only one is right about, equally good classifiers would share as coins fall: with X binomial of b + c
    /// and 1/2, and k the smaller of b and c, p = 2 P(X &lt; k) + P(X = k), and 1 - P(X = k) / 2 where b = c. The exact test, which counts
    /// P(X = k) twice, rejects less often than it says; the mid-p test keeps to the level closely and is the one recommended. Q. McNemar,
    /// "Note on the sampling error of the difference between correlated proportions or percentages", Psychometrika 12 (1947); M. W.
    /// Fagerland, S. Lydersen, P. Laake, "The McNemar test for binary matched-pairs data: mid-p and asymptotic are better than exact
    /// conditional", BMC Medical Research Methodology 13:91 (2013).</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 0.</exception>
    public static double MidP(long onlyFirst, long onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        var (fewer, all) = (Math.Min(onlyFirst, onlySecond), onlyFirst + onlySecond);
        if (all == 0)
        {
            return 1;
        }

        var logPoint = LogOfPoint(fewer, all);
        return onlyFirst == onlySecond
            ? 1 - (Math.Exp(logPoint) / 2)
            : Math.Min(1, Math.Exp(logPoint + Math.Log(1 + (2 * RatioBelow(fewer, all)))));
    }

    // ln P(X = k) for X binomial of n and 1/2: logarithms, since neither the coefficient nor the power of 1/2 fits a double for long.
    private static double LogOfPoint(long k, long n)
    {
        var logarithm = -n * Math.Log(2);
        for (var i = 1L; i <= k; i++)
        {
            logarithm += Math.Log((n - k + i) / (double)i);
        }

        return logarithm;
    }

    // P(X < k) / P(X = k): each term is the one before times j / (n - j + 1), which is below 1 for k below n / 2.
    private static double RatioBelow(long k, long n)
    {
        var (sum, term) = (0.0, 1.0);
        for (var j = k; j > 0 && term > sum * 1e-17; j--)
        {
            term *= j / (n - j + 1.0);
            sum += term;
        }

        return sum;
    }
}
