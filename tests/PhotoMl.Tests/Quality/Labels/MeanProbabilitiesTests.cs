namespace PhotoMl.Tests.Quality;

public sealed class MeanProbabilitiesTests
{
    [Fact]
    public void The_mean_of_several_networks_is_geometric_and_sums_to_one()
    {
        var mean = new MeanProbabilities(images: 4, classes: 2);
        mean.Add(0, [0.5f, 0.5f]);
        mean.Add(0, [0.9f, 0.1f]);
        mean.Add(1, [1, 0]);
        mean.Add(1, [0.5f, 0.5f]);
        mean.Add(2, [0.2f, 0.8f]);
        var rows = mean.Compute();

        // sqrt(0.5 * 0.9) and sqrt(0.5 * 0.1) are as 3 to 1; what one network excludes the other cannot make likely.
        Assert.Equal([0.75f, 0.25f], rows[0].Select(p => (float)Math.Round(p, 5)));
        Assert.InRange(rows[1][1], 0, 1.1e-6f); // sqrt(1e-12)
        Assert.Equal([0.2f, 0.8f], rows[2].Select(p => (float)Math.Round(p, 5)));
        Assert.Equal([0.5f, 0.5f], rows[3]); // which no network predicted
    }
}
