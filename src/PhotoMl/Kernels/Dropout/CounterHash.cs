using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PhotoMl.Runtime;

namespace PhotoMl.Kernels;

/// <summary>Random bits by position: a hash of a key and a counter, so that any part of a random mask can be drawn on its own.</summary>
/// <remarks>
/// The hash is lowbias32 (C. Wellons, "Prospecting for Hash Functions", 2018): flipping one bit of the counter flips each bit of the
/// result with a probability within 0.2 % of one half. It maps counters one to one, so masks of one key repeat only after 2^32 elements.
/// The key enters twice: with the first half alone, two seeds would give the same mask in another order.
/// </remarks>
internal readonly record struct CounterHash(uint First, uint Second)
{
    private const uint FirstFactor = 0x7feb352d;
    private const uint SecondFactor = 0x846ca68b;

    public static CounterHash FromSeed(long seed)
    {
        var key = new DeterministicRandom(seed).NextUInt64();
        return new CounterHash((uint)key, (uint)(key >> 32));
    }

    /// <summary>Draws 32 bits.</summary>
    public uint Draw(uint counter)
    {
        counter ^= First;
        counter = (counter ^ (counter >> 16)) * FirstFactor;
        counter += Second;
        counter = (counter ^ (counter >> 15)) * SecondFactor;
        return counter ^ (counter >> 16);
    }

    /// <summary>Draws 32 bits for each of eight counters, the same ones as <see cref="Draw(uint)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<uint> Draw(Vector256<uint> counters)
    {
        counters ^= Vector256.Create(First);
        counters = (counters ^ (counters >> 16)) * FirstFactor;
        counters += Vector256.Create(Second);
        counters = (counters ^ (counters >> 15)) * SecondFactor;
        return counters ^ (counters >> 16);
    }
}
