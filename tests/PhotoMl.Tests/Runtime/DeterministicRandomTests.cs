namespace PhotoMl.Tests.Runtime;

public sealed class DeterministicRandomTests
{
    [Fact]
    public void The_numbers_are_those_of_the_reference_SplitMix64()
    {
        // A seed that cancels the first increment leaves the generator in state 0, whose first outputs are published.
        var random = new DeterministicRandom(unchecked(-(long)0x9E3779B97F4A7C15));

        ulong[] published = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC];
        Assert.Equal(published, published.Select(_ => random.NextUInt64()));
    }

    [Fact]
    public void Equal_paths_give_equal_streams_and_different_ones_different_streams()
    {
        long[][] paths = [[1], [2], [1, 0], [1, 1], [1, 0, 1], [1, 1, 0], [0], [-1], [1, 2, 3], [1, 3, 2]];
        var firsts = paths.Select(path => new DeterministicRandom(path[0], path.AsSpan(1)).NextUInt64()).ToList();

        Assert.Equal(firsts.Count, firsts.Distinct().Count());
        Assert.Equal(firsts, paths.Select(path => new DeterministicRandom(path[0], path.AsSpan(1)).NextUInt64()));
    }

    [Fact]
    public void Neighbouring_seeds_are_not_correlated()
    {
        var firsts = Enumerable.Range(0, 10_001).Select(seed => new DeterministicRandom(seed).NextDouble() - 0.5).ToList();
        var covariance = firsts.Zip(firsts.Skip(1), (one, next) => one * next).Average() * 12;

        Assert.InRange(covariance, -0.05, 0.05);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(97)]
    public void Every_number_below_a_limit_is_equally_likely(int limit)
    {
        var random = new DeterministicRandom(3);
        var counts = new int[limit];
        for (var i = 0; i < 1000 * limit; i++)
        {
            counts[random.NextInt32(limit)]++;
        }

        // The mean of chi-square is limit - 1, its deviation sqrt(2 (limit - 1)): six of them are never seen by chance.
        var chiSquare = counts.Sum(count => (count - 1000.0) * (count - 1000.0) / 1000);
        Assert.InRange(chiSquare, 0, limit - 1 + (6 * Math.Sqrt(2.0 * (limit - 1))));
    }

    [Fact]
    public void A_limit_below_one_is_refused_and_a_limit_of_one_gives_zero()
    {
        var random = new DeterministicRandom(1);

        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt32(0));
        Assert.Equal(0, random.NextInt32(1));
        Assert.InRange(random.NextInt32(int.MaxValue), 0, int.MaxValue - 1);
    }

    [Fact]
    public void Uniform_and_normal_numbers_have_their_mean_and_deviation()
    {
        var random = new DeterministicRandom(4);
        var uniform = Enumerable.Range(0, 50_000).Select(_ => random.NextDouble(-2, 4)).ToList();
        var normal = Enumerable.Range(0, 50_000).Select(_ => random.NextGaussian()).ToList();

        Assert.All(uniform, value => Assert.InRange(value, -2, 4));
        Assert.InRange(uniform.Average(), 0.95, 1.05);
        Assert.InRange(normal.Average(), -0.02, 0.02);
        Assert.InRange(normal.Average(value => value * value), 0.97, 1.03);
        Assert.InRange(normal.Count(value => Math.Abs(value) < 1.959964) / 50_000.0, 0.945, 0.955);
        Assert.All(normal, value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Shuffling_keeps_every_value_and_every_order_is_equally_likely()
    {
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), new DeterministicRandom(5).Permutation(1000).Order());
        Assert.Empty(new DeterministicRandom(5).Permutation(0));

        var counts = new Dictionary<string, int>();
        for (var seed = 0; seed < 6000; seed++)
        {
            var order = string.Concat(new DeterministicRandom(seed).Permutation(3));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void A_seed_for_another_generator_is_never_negative()
    {
        var random = new DeterministicRandom(6);

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(random.NextSeed(), 0, long.MaxValue));
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(1.0)]
    [InlineData(4.0)]
    [InlineData(100.0)]
    public void Mean_and_variance_are_those_of_the_beta_distribution(double alpha)
    {
        var random = new DeterministicRandom(3);
        var shares = Enumerable.Range(0, 20_000).Select(_ => random.NextBeta(alpha)).ToList();
        var variance = 1 / (4 * ((2 * alpha) + 1)); // a b / ((a + b)^2 (a + b + 1)), a = b

        Assert.All(shares, share => Assert.InRange(share, 0, 1));
        Assert.Equal(0.5, shares.Average(), 0.015);
        Assert.Equal(variance, shares.Average(share => (share - 0.5) * (share - 0.5)), 0.04 * variance);
    }

    [Fact]
    public void The_beta_distribution_of_alpha_one_gives_every_share_equally_often()
    {
        var random = new DeterministicRandom(4);
        var tenths = Enumerable.Range(0, 10_000).Select(_ => (int)(10 * random.NextBeta(1))).CountBy(tenth => tenth).ToList();

        Assert.Equal(10, tenths.Count);
        Assert.All(tenths, tenth => Assert.InRange(tenth.Value, 880, 1120));
    }

    [Fact]
    public void The_beta_distribution_of_the_smallest_alphas_gives_numbers_too()
    {
        var random = new DeterministicRandom(5);

        Assert.All(Enumerable.Range(0, 1000).Select(_ => random.NextBeta(1e-9)), share => Assert.InRange(share, 0, 1));
    }
}
