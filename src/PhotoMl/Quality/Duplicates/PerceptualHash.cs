using PhotoMl.Imaging;

namespace PhotoMl.Quality;

/// <summary>Puts what a photo looks like into 128 bits: photos that look alike differ in few of them.</summary>
/// <remarks>The gray picture, reduced to 32 x 32, goes through a two-dimensional discrete cosine transform (DCT-II); the bits are the signs
/// of its 128 lowest frequencies but the mean, the lowest first, after C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash
/// Functions", 2010, section 3.2.1, with the sign in the place of the comparison with the median and twice the bits. Size, compression and
/// brightness hardly touch the signs; turning and mirroring change them all.</remarks>
internal static class PerceptualHash
{
    public const int Bits = 128;

    private const int Side = 32;

    private static readonly float[] Cosines = MakeCosines();
    private static readonly (int X, int Y)[] Frequencies = ChooseFrequencies();

    public static int Distance(UInt128 first, UInt128 second) => (int)UInt128.PopCount(first ^ second);

    public static UInt128 Of(FloatImage gray)
    {
        var pixels = gray.Resize(Side, Side).Values;
        var rows = new float[Side * Side]; // (y, frequency in x)
        for (var y = 0; y < Side; y++)
        {
            for (var u = 0; u < Side / 2; u++)
            {
                rows[(y * Side) + u] = Dot(pixels.AsSpan(y * Side, Side), Cosines.AsSpan(u * Side, Side));
            }
        }

        var hash = UInt128.Zero;
        for (var bit = 0; bit < Bits; bit++)
        {
            var (u, v) = Frequencies[bit];
            var coefficient = 0f;
            for (var y = 0; y < Side; y++)
            {
                coefficient += rows[(y * Side) + u] * Cosines[(v * Side) + y];
            }

            hash = (hash << 1) | (coefficient > 0 ? UInt128.One : UInt128.Zero);
        }

        return hash;
    }

    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sum = 0f;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static float[] MakeCosines() =>
        [.. Enumerable.Range(0, Side * Side).Select(i => (float)Math.Cos(Math.PI * (i / Side) * ((i % Side) + 0.5) / Side))];

    // Diagonal by diagonal, from the lowest frequency up, without the mean.
    private static (int X, int Y)[] ChooseFrequencies() =>
        [.. (from sum in Enumerable.Range(1, Side) from x in Enumerable.Range(0, sum + 1) select (X: x, Y: sum - x)).Take(Bits)];
}
