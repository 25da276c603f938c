using PhotoMl.Runtime;

namespace PhotoMl.Tests.Runtime;

public sealed class BetaDistributionTests
{
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(1.0)]
    [InlineData(4.0)]
    [InlineData(100.0)]
    public void Mean_and_variance_are_those_of_the_distribution(double alpha)
    {
        var random = new DeterministicRandom(3);
        var shares = Enumerable.Range(0, 20_000).Select(_ => random.NextBeta(alpha)).ToList();
        var variance = 1 / (4 * ((2 * alpha) + 1)); // a b / ((a + b)^2 (a + b + 1)), a = b

        Assert.All(shares, share => Assert.InRange(share, 0, 1));
        Assert.Equal(0.5, shares.Average(), 0.015);
        Assert.Equal(variance, shares.Average(share => (share - 0.5) * (share - 0.5)), 0.04 * variance);
    }

    [Fact]
    public void Alpha_one_gives_every_share_equally_often()
    {
        var random = new DeterministicRandom(4);
        var tenths = Enumerable.Range(0, 10_000).Select(_ => (int)(10 * random.NextBeta(1))).CountBy(tenth => tenth).ToList();

        Assert.Equal(10, tenths.Count);
        Assert.All(tenths, tenth => Assert.InRange(tenth.Value, 880, 1120));
    }

    [Fact]
    public void The_smallest_alphas_give_numbers_too()
    {
        var random = new DeterministicRandom(5);

        Assert.All(Enumerable.Range(0, 1000).Select(_ => random.NextBeta(1e-9)), share => Assert.InRange(share, 0, 1));
    }
}
