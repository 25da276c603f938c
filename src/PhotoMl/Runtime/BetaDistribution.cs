namespace PhotoMl.Runtime;

/// <summary>Random numbers of the distribution Beta(alpha, alpha): shares that lie near one half where alpha is large, and near 0 or 1 where it is small.</summary>
internal static class BetaDistribution
{
    /// <summary>Draws a number.</summary>
    /// <remarks>Of two numbers g, h of the gamma distribution it is g / (g + h), computed from their logarithms: small alphas make both vanish.</remarks>
    public static double Draw(DeterministicRandom random, double alpha)
    {
        var (first, second) = (LogGamma(random, alpha), LogGamma(random, alpha));
        return 1 / (1 + Math.Exp(second - first));
    }

    // The logarithm of a number of the gamma distribution. G. Marsaglia, W. Tsang, "A Simple Method for Generating Gamma Variables", ACM TOMS 2000;
    // below 1 by their section 6, from the distribution of alpha + 1.
    private static double LogGamma(DeterministicRandom random, double alpha)
    {
        if (alpha < 1)
        {
            return LogGamma(random, alpha + 1) + (Math.Log(1 - random.NextDouble()) / alpha);
        }

        var d = alpha - (1.0 / 3);
        while (true)
        {
            var x = random.NextGaussian();
            var v = Math.Pow(1 + (x / Math.Sqrt(9 * d)), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return Math.Log(d * v);
            }
        }
    }
}
