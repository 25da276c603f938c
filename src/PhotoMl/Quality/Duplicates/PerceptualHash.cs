using PhotoMl.Imaging;

namespace PhotoMl.Quality;

/// <summary>Puts what a photo looks like into 128 bits, and its finer parts into 128 more: photos that look alike differ in few of
/// them.</summary>
/// <remarks>The gray picture, reduced to 32 x 32, goes through a two-dimensional discrete cosine transform (DCT-II); the bits are the signs
/// of its 128 lowest frequencies but the mean, the lowest first, and of the 128 above them, after C. Zauner, "Implementation and
/// Benchmarking of Perceptual Image Hash Functions", 2010, section 3.2.1, with the sign in the place of the comparison with the median and
/// twice the bits. Size, compression and brightness hardly touch the signs; turning and mirroring change them all.</remarks>
internal static class PerceptualHash
{
    public const int Bits = 128;

    private const int Side = 32;

    // (frequency, place)
    private static readonly float[] Cosines =
        [.. Enumerable.Range(0, Side * Side).Select(i => (float)Math.Cos(Math.PI * (i / Side) * ((i % Side) + 0.5) / Side))];

    // Diagonal by diagonal, from the lowest frequency up, without the mean; of both hashes.
    private static readonly (int X, int Y)[] Frequencies =
        [.. (from sum in Enumerable.Range(1, Side) from x in Enumerable.Range(0, sum + 1) select (X: x, Y: sum - x)).Take(2 * Bits)];

    public static int Distance(UInt128 first, UInt128 second) => (int)UInt128.PopCount(first ^ second);

    public static (UInt128 Coarse, UInt128 Fine) Of(FloatImage gray)
    {
        var pixels = gray.Resize(Side, Side).Values;
        var columns = new float[Side * Side]; // (frequency in x, y)
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = ImageResizer.Dot(pixels.AsSpan(i % Side * Side, Side), Cosines.AsSpan(i / Side * Side, Side));
        }

        return (Signs(Frequencies[..Bits]), Signs(Frequencies[Bits..]));

        UInt128 Signs((int X, int Y)[] frequencies) => frequencies.Aggregate(UInt128.Zero, (hash, at) =>
        {
            var coefficient = ImageResizer.Dot(columns.AsSpan(at.X * Side, Side), Cosines.AsSpan(at.Y * Side, Side));
            return (hash << 1) | (coefficient > 0 ? UInt128.One : UInt128.Zero);
        });
    }

    /// <summary>Reports each pair of hashes that differ in few bits once, the higher index first; from many threads, but one at a time and
    /// in no order.</summary>
    /// <remarks>Every hash is compared with every other: two instructions a pair and word, which an index over bits would have to beat with
    /// scattered reads. All pairs of 50,000 photos are compared in 2.5 s on two cores.</remarks>
    public static void ForEachPair(
        IReadOnlyList<UInt128?> hashes, int maximumBits, Action<int, int, int> found, CancellationToken cancellationToken = default)
    {
        var indices = Enumerable.Range(0, hashes.Count).Where(i => hashes[i] is not null).ToArray();
        var known = Array.ConvertAll(indices, i => hashes[i]!.Value);
        var gate = new Lock();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = PhotoCheck.Threads, CancellationToken = cancellationToken };
        Parallel.For(0, indices.Length, parallel, row =>
        {
            for (var i = 0; i < row; i++)
            {
                var bits = Distance(known[row], known[i]);
                if (bits <= maximumBits)
                {
                    lock (gate)
                    {
                        found(indices[row], indices[i], bits);
                    }
                }
            }
        });
    }
}
