using System.Numerics;
using System.Runtime.Intrinsics;

namespace PhotoMl.Tests.Kernels;

public sealed class CounterHashTests
{
    [Fact]
    public void Eight_draws_at_once_are_the_single_ones()
    {
        var hash = CounterHash.FromSeed(-7);
        foreach (var start in new[] { 0u, 12345u, uint.MaxValue - 3 })
        {
            var drawn = hash.Draw(Vector256.Create(start) + Vector256<uint>.Indices);
            for (var i = 0; i < 8; i++)
            {
                Assert.Equal(hash.Draw(start + (uint)i), drawn[i]);
            }
        }
    }

    [Fact]
    public void Every_bit_of_the_counter_flips_every_bit_of_the_draw_half_of_the_time()
    {
        const int Counters = 1 << 14;
        var hash = CounterHash.FromSeed(1);
        for (var bit = 0; bit < 32; bit++)
        {
            var flips = new int[32];
            for (uint counter = 0; counter < Counters; counter++)
            {
                for (var changed = hash.Draw(counter) ^ hash.Draw(counter ^ (1u << bit)); changed != 0; changed &= changed - 1)
                {
                    flips[BitOperations.TrailingZeroCount(changed)]++;
                }
            }

            // Flipping bits 0 to 13 visits each pair twice, which doubles the variance; 6 sigma for 1024 comparisons.
            Assert.All(flips, count => Assert.InRange(count, (Counters / 2) - (6 * 64 * 1.5), (Counters / 2) + (6 * 64 * 1.5)));
        }
    }

    [Fact]
    public void Draws_fill_their_range_evenly()
    {
        const int Cells = 256;
        const int Counters = 1 << 18;
        foreach (var shift in new[] { 0, 8, 16, 24 })
        {
            var hash = CounterHash.FromSeed(shift);
            var counts = new int[Cells];
            for (uint counter = 0; counter < Counters; counter++)
            {
                counts[(hash.Draw(counter) >> shift) % Cells]++;
            }

            // Chi-squared of 255 degrees of freedom: mean 255, deviation 22.6.
            const double Expected = (double)Counters / Cells;
            var chiSquared = counts.Sum(count => (count - Expected) * (count - Expected) / Expected);
            Assert.InRange(chiSquared, 255 - (5 * 22.6), 255 + (5 * 22.6));
        }
    }

    [Fact]
    public void Another_seed_draws_neither_the_same_nor_the_same_in_another_order()
    {
        const int Counters = 1 << 12;
        var (one, other) = (CounterHash.FromSeed(3), CounterHash.FromSeed(4));
        var drawn = Enumerable.Range(0, Counters).Select(i => one.Draw((uint)i)).ToHashSet();

        // Keys that differ in what is added to the counter only would draw the same numbers in another order.
        var sameStart = one with { Second = other.Second };
        Assert.Equal(Counters, drawn.Count);
        Assert.True(Enumerable.Range(0, Counters).Count(i => drawn.Contains(other.Draw((uint)i))) < 3);
        Assert.True(Enumerable.Range(0, Counters).Count(i => drawn.Contains(sameStart.Draw((uint)i))) < 3);
    }
}
