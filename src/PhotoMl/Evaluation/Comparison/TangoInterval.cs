namespace PhotoMl.Evaluation;

/// <summary>The range in which the difference of two success rates on the same trials lies with 95 % confidence.</summary>
/// <param name="Low">The lower end, in [-1, 1].</param>
/// <param name="High">The upper end, in [-1, 1].</param>
public readonly record struct TangoInterval(double Low, double High)
{
    private const double Z = 1.959963984540054; // the 97.5 % quantile of the normal distribution
    private const int Halvings = 100; // more than a double has digits

    /// <summary>Computes the interval of the first rate less the second.</summary>
    /// <param name="onlyFirst">How many trials only the first succeeds in, b.</param>
    /// <param name="onlySecond">How many trials only the second succeeds in, c.</param>
    /// <param name="trials">How many trials there were, n, at least 1.</param>
    /// <returns>The interval.</returns>
    /// <remarks>
    /// The differences d that the score test does not reject, |b - c - n d| &lt;= z sqrt(n (2 q + d (1 - d))), where q is the most likely share of the trials
    /// that only the second succeeds in, given d: the larger root of 2 n q^2 - (b + c - (2 n - b + c) d) q - c d (1 - d) = 0. For d = 0 this is McNemar's test,
    /// so that interval and test agree but for the correction of mid-p; where neither ever succeeds alone it is -z^2 / (n + z^2) to z^2 / (n + z^2).
    /// T. Tango, "Equivalence test and confidence interval for the difference in proportions for the paired-sample design", Statistics in Medicine 17 (1998),
    /// 891-908; recommended by M. W. Fagerland, S. Lydersen, P. Laake, "Recommended tests and confidence intervals for paired binomial proportions",
    /// Statistics in Medicine 33 (2014), 2850-2875.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">There are no trials, or more successes than trials.</exception>
    public static TangoInterval Of(long onlyFirst, long onlySecond, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(onlyFirst, trials - onlySecond);

        double b = onlyFirst, c = onlySecond, n = trials;
        var middle = (b - c) / n;
        var (low, high) = (-1.0, 1.0);
        var (lowInside, highInside) = (middle, middle);
        for (var i = 0; i < Halvings; i++)
        {
            (low, lowInside) = Halve(low, lowInside);
            (high, highInside) = Halve(high, highInside);
        }

        return new TangoInterval(low, high);

        // The score falls as the difference grows, so that between one that is rejected and one that is not there is one end.
        (double Outside, double Inside) Halve(double outside, double inside)
        {
            var difference = (outside + inside) / 2;
            return Math.Abs(b - c - (n * difference)) > Z * Deviation(b, c, n, difference) ? (difference, inside) : (outside, difference);
        }
    }

    // The standard deviation of b - c where the difference is as assumed.
    private static double Deviation(double b, double c, double n, double difference)
    {
        var spread = difference * (1 - difference);
        var linear = ((2 * n) - b + c) * difference - b - c;
        var root = Math.Sqrt(Math.Max(0, (linear * linear) + (8 * n * c * spread)));

        // Two forms of the same root, each without cancellation on its side.
        var share = linear > 0 ? 2 * c * spread / (root + linear) : (root - linear) / (4 * n);
        return Math.Sqrt(Math.Max(0, n * ((2 * share) + spread)));
    }
}
