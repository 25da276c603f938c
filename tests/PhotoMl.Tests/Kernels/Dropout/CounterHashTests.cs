using System.Numerics;
using System.Runtime.Intrinsics;

namespace PhotoMl.Tests.Kernels;

public sealed class CounterHashTests
{
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
                for (var changed = Draw(hash, counter) ^ Draw(hash, counter ^ (1u << bit)); changed != 0; changed &= changed - 1)
                {
                    flips[BitOperations.TrailingZeroCount(changed)]++;
                }
            }

            // Flipping bits 0 to 13 visits each pair twice, which doubles the variance; 6 sigma for 1024 comparisons.
            Assert.All(flips, count => Assert.InRange(count, (Counters / 2) - (6 * 64 * 1.5), (Counters / 2) + (6 * 64 * 1.5)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(24)]
    public void Draws_fill_their_range_evenly(int shift)
    {
        const int Counters = 1 << 18;
        var hash = CounterHash.FromSeed(shift);
        var counts = new int[256];
        for (uint counter = 0; counter < Counters; counter++)
        {
            counts[(Draw(hash, counter) >> shift) % 256]++;
        }

        // Chi-squared of 255 degrees of freedom: mean 255, deviation 22.6.
        var chiSquared = counts.Sum(count => Math.Pow(count - (Counters / 256.0), 2) / (Counters / 256.0));
        Assert.InRange(chiSquared, 255 - (5 * 22.6), 255 + (5 * 22.6));
    }

    [Fact]
    public void Another_seed_draws_neither_the_same_nor_the_same_in_another_order()
    {
        uint[] counters = [.. Enumerable.Range(0, 1 << 12).Select(i => (uint)i)];
        var (one, other) = (CounterHash.FromSeed(3), CounterHash.FromSeed(4));
        var drawn = counters.Select(counter => Draw(one, counter)).ToHashSet();

        // Keys that differ in what is added to the counter only would draw the same numbers in another order.
        var sameStart = one with { Second = other.Second };
        Assert.Equal(counters.Length, drawn.Count);
        Assert.True(counters.Count(counter => drawn.Contains(Draw(other, counter))) < 3);
        Assert.True(counters.Count(counter => drawn.Contains(Draw(sameStart, counter))) < 3);
    }

    private static uint Draw(CounterHash hash, uint counter) => hash.Draw(Vector512.Create(counter))[0];
}
