using System.Numerics;
using PhotoMl.Imaging;

namespace PhotoMl.Quality;

/// <summary>What a photo looks like, in 128 bits: photos that look alike differ in few of them.</summary>
/// <param name="High">The signs of the 64 lowest frequencies.</param>
/// <param name="Low">The signs of the next 64.</param>
/// <remarks>
/// The grey picture, reduced to 32 x 32, goes through a two-dimensional discrete cosine transform (DCT-II); the bits are the signs of its 128 lowest
/// frequencies but the mean, after C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010, section 3.2.1, with the sign in the place
/// of the comparison with the median and twice the bits. Size, compression and brightness hardly touch the signs; turning and mirroring change them all.
/// </remarks>
public readonly record struct PerceptualHash(ulong High, ulong Low)
{
    /// <summary>The number of bits.</summary>
    public const int Bits = 128;

    private const int Side = 32;

    private static readonly float[] Cosines = MakeCosines();
    private static readonly (int X, int Y)[] Frequencies = ChooseFrequencies();

    /// <summary>Counts the bits in which two hashes differ.</summary>
    /// <param name="other">The other photo's hash.</param>
    /// <returns>The Hamming distance, 0 to 128; about 64 for photos that have nothing in common.</returns>
    public int DistanceTo(PerceptualHash other) => BitOperations.PopCount(High ^ other.High) + BitOperations.PopCount(Low ^ other.Low);

    /// <summary>The hash as 32 hexadecimal digits.</summary>
    /// <returns>The digits, the lowest frequency first.</returns>
    public override string ToString() => $"{High:x16}{Low:x16}";

    /// <summary>Computes the hash of a grey picture of any size.</summary>
    internal static PerceptualHash Of(PixelPlane grey)
    {
        var pixels = grey.Resize(Side, Side).Values;
        var rows = new float[Side * Side]; // (y, frequency in x)
        for (var y = 0; y < Side; y++)
        {
            for (var u = 0; u < Side / 2; u++)
            {
                rows[(y * Side) + u] = Dot(pixels.AsSpan(y * Side, Side), Cosines.AsSpan(u * Side, Side));
            }
        }

        Span<ulong> words = stackalloc ulong[2];
        for (var bit = 0; bit < Bits; bit++)
        {
            var (u, v) = Frequencies[bit];
            var coefficient = 0f;
            for (var y = 0; y < Side; y++)
            {
                coefficient += rows[(y * Side) + u] * Cosines[(v * Side) + y];
            }

            if (coefficient > 0)
            {
                words[bit / 64] |= 1UL << (63 - (bit % 64));
            }
        }

        return new PerceptualHash(words[0], words[1]);
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
        [.. from frequency in Enumerable.Range(0, Side) from x in Enumerable.Range(0, Side) select (float)Math.Cos(Math.PI * frequency * (x + 0.5) / Side)];

    // Diagonal by diagonal, from the lowest frequency up, without the mean.
    private static (int X, int Y)[] ChooseFrequencies() =>
        [.. (from sum in Enumerable.Range(1, Side) from x in Enumerable.Range(0, sum + 1) select (X: x, Y: sum - x)).Take(Bits)];
}
