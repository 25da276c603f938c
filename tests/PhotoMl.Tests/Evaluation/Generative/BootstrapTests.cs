namespace PhotoMl.Tests.Evaluation;

public sealed class BootstrapTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void A_resample_holds_as_many_images_as_the_set_some_more_than_once()
    {
        var draws = Bootstrap.Draw(1000, 20, new DeterministicRandom(1));

        Assert.Equal([20, 1000], draws.shape);
        TensorAssert.Equal(ones(20) * 1000, draws.sum(1));
        Assert.InRange(draws.eq(0).to(ScalarType.Float64).mean().item<double>(), 0.368 - 0.02, 0.368 + 0.02); // 1/e are not drawn
    }

    [Fact]
    public void Means_and_medians_are_those_of_the_images_the_resample_holds()
    {
        // Resamples of (5, 1, 3, 20): themselves; 5, 5, 5, 20; 1, 1, 3, 3.
        var draws = tensor(new double[,] { { 1, 1, 1, 1 }, { 3, 0, 0, 1 }, { 0, 2, 2, 0 } });

        Assert.Equal([29 / 4.0, 35 / 4.0, 2], Bootstrap.Means(draws, [5, 1, 3, 20]).data<double>().ToArray());
        Assert.Equal([4, 5, 2], Bootstrap.Medians(draws, [5, 1, 3, 20]).data<double>().ToArray());

        // 7, 7, 2 of an odd number.
        Assert.Equal([7], Bootstrap.Medians(tensor(new double[,] { { 2, 1, 0 } }), [7, 2, 9]).data<double>().ToArray());
    }

    [Fact]
    public void The_interval_has_the_percentiles_of_the_resamples_moved_to_the_value_and_stays_in_range()
    {
        var resampled = arange(0, 201, dtype: ScalarType.Float64); // percentiles 5 and 195, mean 100

        Assert.Equal((5.0, 195.0), Bootstrap.Interval(100, resampled, 0, 1000));
        Assert.Equal((15.0, 205.0), Bootstrap.Interval(110, resampled, 0, 1000));
        Assert.Equal((0.0, 120.0), Bootstrap.Interval(50, resampled, 0, 120));
    }

    [Fact]
    public void The_interval_of_a_share_is_about_that_of_the_normal_distribution()
    {
        // 300 of 1000: 0.3 +- 1.96 sqrt(0.3 * 0.7 / 1000) = 0.2716 to 0.3284.
        var draws = Bootstrap.Draw(1000, 1000, new DeterministicRandom(3));
        var means = Bootstrap.Means(draws, Enumerable.Range(0, 1000).Select(i => i < 300 ? 1.0 : 0));
        var (low, high) = Bootstrap.Interval(0.3, means, 0, 1);

        Assert.InRange(low, 0.2716 - 0.004, 0.2716 + 0.004);
        Assert.InRange(high, 0.3284 - 0.004, 0.3284 + 0.004);
    }

    public void Dispose() => _scope.Dispose();
}
