using PhotoMl.Runtime;

namespace PhotoMl.Data;

/// <summary>A few images out of many, for quick trials.</summary>
public static class SeededSubset
{
    private const long Purpose = 0x4C494D4954; // "LIMIT", to tell this stream from the others of a run

    /// <summary>Takes the first images of a seeded shuffle; a smaller number takes the first of what a larger one takes.</summary>
    /// <param name="count">How many images there are.</param>
    /// <param name="limit">How many to take at most, at least 1.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <returns>The indices of the images taken, each once, in random order.</returns>
    public static long[] Take(int count, int limit, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return new DeterministicRandom(seed, Purpose).Permutation(count)[..Math.Min(count, limit)];
    }
}
