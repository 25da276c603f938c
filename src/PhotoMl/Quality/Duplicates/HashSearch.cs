using System.Numerics;

namespace PhotoMl.Quality;

/// <summary>Finds the pairs of photos whose hashes differ in few bits.</summary>
/// <remarks>
/// Every hash is compared with every other: two instructions a pair and word, which an index over bits would have to beat with scattered reads.
/// See <see cref="PhotoCheckOptions.NearDuplicateBits"/> for what it takes.
/// </remarks>
internal static class HashSearch
{
    /// <summary>Reports each pair once, the higher index first; from many threads, but one at a time and in no order.</summary>
    /// <param name="hashes">The hashes; what has none is like nothing.</param>
    /// <param name="maximumBits">In how many bits a pair may differ.</param>
    /// <param name="threads">How many threads to use.</param>
    /// <param name="found">Told the two indices and in how many bits they differ.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static void ForEachPair(
        IReadOnlyList<PerceptualHash?> hashes, int maximumBits, int threads, Action<int, int, int> found, CancellationToken cancellationToken = default)
    {
        var indices = Enumerable.Range(0, hashes.Count).Where(i => hashes[i] is not null).ToArray();
        var high = Array.ConvertAll(indices, i => hashes[i]!.Value.High);
        var low = Array.ConvertAll(indices, i => hashes[i]!.Value.Low);
        var gate = new Lock();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(1, Math.Max(1, indices.Length), parallel, row =>
        {
            var (rowHigh, rowLow) = (high[row], low[row]);
            var highs = high.AsSpan(0, row);
            var lows = low.AsSpan(0, row);
            for (var i = 0; i < highs.Length; i++)
            {
                var bits = BitOperations.PopCount(rowHigh ^ highs[i]) + BitOperations.PopCount(rowLow ^ lows[i]);
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
