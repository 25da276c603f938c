using PhotoMl.Runtime;

namespace PhotoMl.Sampling;

/// <summary>The random numbers that a generator makes its pictures from: those of picture k of a seed depend on the seed and k
/// alone.</summary>
internal static class Latents
{
    private const long Purpose = 0x4C4154454E54; // "LATENT", to tell this stream from those of a training run

    public static void Draw(long seed, long index, Span<float> values, double truncation = double.PositiveInfinity)
    {
        var random = new DeterministicRandom(seed, Purpose, index);
        foreach (ref var value in values)
        {
            double drawn;
            do
            {
                drawn = random.NextGaussian();
            }
            while (Math.Abs(drawn) > truncation);
            value = (float)drawn;
        }
    }

    /// <summary>Goes along the great circle from one point to another.</summary>
    /// <remarks>Random points of many dimensions all lie near a sphere, and on a straight line between two the middle would lie well inside
    /// of it (T. White, "Sampling Generative Networks", 2016, section 2.1).</remarks>
    public static float[] Interpolate(ReadOnlySpan<float> from, ReadOnlySpan<float> to, double share)
    {
        if (from.Length != to.Length)
        {
            throw new ArgumentException($"Expected as many numbers as the other end has, {from.Length}, but got {to.Length}.", nameof(to));
        }

        var (lengthFrom, lengthTo) = (Length(from), Length(to));
        var product = 0.0;
        for (var i = 0; i < from.Length; i++)
        {
            product += (double)from[i] * to[i];
        }

        var cosine = lengthFrom * lengthTo > 0 ? Math.Clamp(product / (lengthFrom * lengthTo), -1, 1) : 1;
        var angle = Math.Acos(cosine);
        var sine = Math.Sin(angle);

        // Where the two point the same way, or exactly apart, there is no one circle: the straight line serves.
        var (a, b) = sine > 1e-6 ? (Math.Sin((1 - share) * angle) / sine, Math.Sin(share * angle) / sine) : (1 - share, share);
        var length = ((1 - share) * lengthFrom) + (share * lengthTo);
        var point = new float[from.Length];
        for (var i = 0; i < point.Length; i++)
        {
            var value = sine > 1e-6 ? length * ((a * from[i] / lengthFrom) + (b * to[i] / lengthTo)) : (a * from[i]) + (b * to[i]);
            point[i] = (float)value;
        }

        return point;
    }

    private static double Length(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += (double)value * value;
        }

        return Math.Sqrt(sum);
    }
}
