namespace PhotoMl.Evaluation;

/// <summary>The range in which a success rate lies with 95 % confidence.</summary>
/// <param name="Low">The lower end, in [0, 1].</param>
/// <param name="High">The upper end, in [0, 1].</param>
public readonly record struct WilsonInterval(double Low, double High)
{
    private const double Z = 1.959963984540054; // the 97.5 % quantile of the normal distribution

    /// <summary>Computes the interval of a count of successes.</summary>
    /// <param name="successes">How many trials succeeded.</param>
    /// <param name="trials">How many trials there were, at least 1.</param>
    /// <returns>The interval.</returns>
    /// <remarks>E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).</remarks>
    /// <exception cref="ArgumentOutOfRangeException">There are no trials, or more successes than trials.</exception>
    public static WilsonInterval Of(long successes, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);

        var rate = (double)successes / trials;
        var square = Z * Z / trials;
        var middle = (rate + (square / 2)) / (1 + square);
        var half = Z * Math.Sqrt((rate * (1 - rate) / trials) + (square / (4 * trials))) / (1 + square);
        return new WilsonInterval(
            successes == 0 ? 0 : Math.Max(0, middle - half),
            successes == trials ? 1 : Math.Min(1, middle + half));
    }
}
