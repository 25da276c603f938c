namespace PhotoMl.Runtime;

/// <summary>Random numbers that depend on nothing but what the stream was made from: the same on every machine and .NET version.</summary>
/// <remarks>
/// A run derives one stream from (seed, epoch, step), so it can go on from any step without a generator's state being stored.
/// The generator is SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014).
/// </remarks>
internal sealed class DeterministicRandom
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <summary>Creates the stream of a seed and a path of counters below it, such as a purpose, an epoch and a step.</summary>
    public DeterministicRandom(long seed, params ReadOnlySpan<long> path)
    {
        _state = Mix((ulong)seed + Gamma);
        foreach (var counter in path)
        {
            _state = Mix(_state ^ Mix((ulong)counter + Gamma));
        }
    }

    public ulong NextUInt64() => Mix(_state += Gamma);

    /// <summary>Draws a seed, from 0 on, for another generator, such as torch's.</summary>
    public long NextSeed() => (long)(NextUInt64() >> 1);

    /// <summary>Draws a whole number from 0 on and below a limit, every one equally likely.</summary>
    public int NextInt32(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);

        // Lemire's method: the high half of a 64 x 32 bit product; the bias is below 2^-32.
        return (int)(((UInt128)NextUInt64() * (uint)limit) >> 64);
    }

    /// <summary>Draws a number from the uniform distribution over [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Draws a number from the uniform distribution over [low, high).</summary>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Draws a number from the normal distribution of mean 0 and standard deviation 1, by the method of Box and Muller.</summary>
    public double NextGaussian()
    {
        var (radius, angle) = (NextDouble(), NextDouble());
        return Math.Sqrt(-2 * Math.Log(1 - radius)) * Math.Cos(2 * Math.PI * angle);
    }

    /// <summary>Draws many numbers from the normal distribution of mean 0 and a standard deviation.</summary>
    internal float[] NextGaussians(int count, double deviation) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(deviation * NextGaussian()))];

    /// <summary>Puts values in a random order in place, every order equally likely (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (var last = values.Length - 1; last > 0; last--)
        {
            var other = NextInt32(last + 1);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }

    /// <summary>Draws a random order of the numbers from 0 to a count - 1.</summary>
    public long[] Permutation(int count)
    {
        long[] order = [.. Enumerable.Range(0, count).Select(i => (long)i)];
        Shuffle(order.AsSpan());
        return order;
    }

    /// <summary>Draws a number of the distribution Beta(alpha, alpha): near 0.5 for large alphas, near 0 or 1 for small ones.</summary>
    /// <remarks>Of numbers g, h of the gamma distribution it is g / (g + h); by logarithms, since small alphas make both vanish.</remarks>
    internal double NextBeta(double alpha)
    {
        var (first, second) = (LogGamma(alpha), LogGamma(alpha));
        return 1 / (1 + Math.Exp(second - first));
    }

    // The logarithm of a number of the gamma distribution. G. Marsaglia, W. Tsang, "A Simple Method for Generating Gamma Variables",
    // ACM TOMS 2000; below 1 by their section 6, from the distribution of alpha + 1.
    private double LogGamma(double alpha)
    {
        if (alpha < 1)
        {
            return LogGamma(alpha + 1) + (Math.Log(1 - NextDouble()) / alpha);
        }

        var d = alpha - (1.0 / 3);
        while (true)
        {
            var x = NextGaussian();
            var v = Math.Pow(1 + (x / Math.Sqrt(9 * d)), 3);
            if (v > 0 && Math.Log(1 - NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return Math.Log(d * v);
            }
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
