namespace PhotoMl.Sampling;

/// <summary>The latents that a generator makes its pictures from: those of picture k of a seed depend on the seed and k alone.</summary>
internal static class Latents
{
    private const long Purpose = 0x4C4154454E54; // "LATENT", which sets this stream apart from those of a training run

    public static float[] Draw(long seed, long index, int count, double truncation = double.PositiveInfinity)
    {
        var random = new DeterministicRandom(seed, Purpose, index);
        return [.. Enumerable.Range(0, count).Select(_ => (float)Next())];

        double Next()
        {
            double drawn;
            do
            {
                drawn = random.NextGaussian();
            }
            while (Math.Abs(drawn) > truncation);
            return drawn;
        }
    }

    /// <summary>Goes along the great circle from one point to another.</summary>
    /// <remarks>Random points of many dimensions all lie near a sphere, and on a straight line between two the middle would lie well inside
    /// of it (T. White, "Sampling Generative Networks", 2016, section 2.1).</remarks>
    public static float[] Interpolate(float[] from, float[] to, double share)
    {
        var (lengthFrom, lengthTo) = (Math.Sqrt(Dot(from, from)), Math.Sqrt(Dot(to, to)));
        var cosine = lengthFrom * lengthTo > 0 ? Math.Clamp(Dot(from, to) / (lengthFrom * lengthTo), -1, 1) : 1;
        var angle = Math.Acos(cosine);
        var sine = Math.Sin(angle);

        // Where the two point the same way, or exactly apart, there is no one circle: the straight line serves.
        if (sine <= 1e-6)
        {
            return [.. from.Zip(to, (a, b) => (float)(((1 - share) * a) + (share * b)))];
        }

        var (shareFrom, shareTo) = (Math.Sin((1 - share) * angle) / sine, Math.Sin(share * angle) / sine);
        var length = ((1 - share) * lengthFrom) + (share * lengthTo);
        return [.. from.Zip(to, (a, b) => (float)(length * ((shareFrom * a / lengthFrom) + (shareTo * b / lengthTo))))];
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
