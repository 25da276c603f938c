using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>Which elements dropout keeps: each by a draw of its own, which depends on the seed and the element's index only.</summary>
internal readonly unsafe struct DropoutMask(double rate, long seed)
{
    private readonly CounterHash _hash = CounterHash.FromSeed(seed);
    private readonly uint _threshold = (uint)(rate * (1L << 32)); // a draw below it drops the element

    /// <summary>All bits of a kept element's lane, none of a dropped one's, for sixteen indices.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Keeps(uint first) =>
        Vector512.GreaterThanOrEqual(_hash.Draw(Vector512.Create(first) + Vector512<uint>.Indices), Vector512.Create(_threshold));

    public Tensor ToTensor(params long[] shape)
    {
        var count = shape.Aggregate(1L, (product, length) => product * length);
        var blocks = (int)((count + Lanes16.Count - 1) / Lanes16.Count);
        using var mask = empty(blocks * (long)Lanes16.Count);
        var to = KernelMemory.Pointer<float>(mask);
        for (var block = 0; block < blocks; block++)
        {
            (Keeps((uint)block * Lanes16.Count).AsSingle() & Vector512<float>.One).Store(to + ((long)block * Lanes16.Count));
        }

        using var elements = mask.narrow(0, 0, count);
        return elements.view(shape);
    }
}

/// <summary>Random bits by position: a hash of a key and a counter, so that any part of a random mask can be drawn on its own.</summary>
/// <remarks>
/// The hash is lowbias32 (C. Wellons, "Prospecting for Hash Functions", 2018): flipping one bit of the counter flips each bit of the
/// result with a probability within 0.2 % of one half. It maps counters one to one, so masks of one key repeat only after 2^32 elements.
/// The key enters twice: with the first half alone, two seeds would give the same mask in another order.
/// </remarks>
internal readonly record struct CounterHash(uint First, uint Second)
{
    public static CounterHash FromSeed(long seed)
    {
        var key = new DeterministicRandom(seed).NextUInt64();
        return new CounterHash((uint)key, (uint)(key >> 32));
    }

    /// <summary>Draws 32 bits for each of sixteen counters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Draw(Vector512<uint> counters)
    {
        counters ^= Vector512.Create(First);
        counters = (counters ^ (counters >> 16)) * 0x7feb352du;
        counters += Vector512.Create(Second);
        counters = (counters ^ (counters >> 15)) * 0x846ca68bu;
        return counters ^ (counters >> 16);
    }
}
