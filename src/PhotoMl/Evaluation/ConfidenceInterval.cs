namespace PhotoMl.Evaluation;

/// <summary>The range in which a success rate, or the difference of two, lies with 95 % confidence.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct ConfidenceInterval(double Low, double High)
{
    private const double Z = 1.959963984540054; // the 97.5 % quantile of the normal distribution
    private const int Halvings = 100; // more than a double has digits

    /// <summary>Computes Wilson's interval of a success rate.</summary>
    /// <param name="successes">How many trials succeeded.</param>
    /// <param name="trials">How many trials there were, at least 1.</param>
    /// <returns>The interval.</returns>
    /// <remarks>E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).</remarks>
    /// <exception cref="ArgumentOutOfRangeException">There are no trials, or more successes than trials.</exception>
    public static ConfidenceInterval Wilson(long successes, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);

        var rate = (double)successes / trials;
        var square = Z * Z / trials;
        var middle = (rate + (square / 2)) / (1 + square);
        var half = Z * Math.Sqrt((rate * (1 - rate) / trials) + (square / (4 * trials))) / (1 + square);
        return new ConfidenceInterval(
            successes == 0 ? 0 : Math.Max(0, middle - half),
            successes == trials ? 1 : Math.Min(1, middle + half));
    }

    /// <summary>Computes Tango's interval of the difference of two success rates on the same trials, the first less the second.</summary>
    /// <param name="onlyFirst">How many trials only the first succeeds in, b.</param>
    /// <param name="onlySecond">How many trials only the second succeeds in, c.</param>
    /// <param name="trials">How many trials there were, n, at least 1.</param>
    /// <returns>The interval.</returns>
    /// <remarks>The differences d that the score test does not reject, |b - c - n d| &lt;= z sqrt(n (2 q + d (1 - d))), where q is the most
    /// likely share of the trials that only the second succeeds in, given d: the larger root of 2 n q^2 - (b + c - (2 n - b + c) d) q - c d
    /// (1 - d) = 0. For d = 0 this is McNemar's test, so that interval and test agree but for the correction of mid-p; where neither ever
    /// succeeds alone it is -z^2 / (n + z^2) to z^2 / (n + z^2). T. Tango, "Equivalence test and confidence interval for the difference in
    /// proportions for the paired-sample design", Statistics in Medicine 17 (1998), 891-908; recommended by M. W. Fagerland, S. Lydersen,
    /// P. Laake, "Recommended tests and confidence intervals for paired binomial proportions", Statistics in Medicine 33 (2014),
    /// 2850-2875.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">There are no trials, or more successes than trials.</exception>
    public static ConfidenceInterval Tango(long onlyFirst, long onlySecond, long trials)
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

        return new ConfidenceInterval(low, high);

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
        var variance = difference * (1 - difference);
        var linear = ((2 * n) - b + c) * difference - b - c;
        var root = Math.Sqrt(Math.Max(0, (linear * linear) + (8 * n * c * variance)));

        // Two forms of the same root, each without cancellation on its side.
        var share = linear > 0 ? 2 * c * variance / (root + linear) : (root - linear) / (4 * n);
        return Math.Sqrt(Math.Max(0, n * ((2 * share) + variance)));
    }
}
