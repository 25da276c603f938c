namespace PhotoMl.Tests.Kernels;

public sealed class LeakyDropoutTests
{
    private const double Slope = 0.3;

    [Theory]
    [InlineData(1, 16, 1, 1)]
    [InlineData(7, 64, 14, 14)]
    [InlineData(3, 48, 5, 7)]
    [InlineData(2, 20, 3, 5)] // channels the kernel cannot take
    public void Kept_activations_and_gradients_are_those_of_leaky_relu_scaled(int batch, int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        var mask = new DropoutMask(0.3, 9).ToTensor(batch, height, width, channels).permute(0, 3, 1, 2);
        KernelContract.Check(
            p => [LeakyDropout.Apply(p[0], Slope, 0.3, 9)],
            p => [nn.functional.leaky_relu(p[0], Slope) * mask / 0.7],
            [TensorAssert.Normal(1, batch, channels, height, width)],
            gradients: 1,
            tolerance: 1e-6,
            isTaken: channels != 20);
    }

    [Fact]
    public void Dropping_nothing_leaves_the_leaky_relu_of_torch()
    {
        using var scope = NewDisposeScope();
        var values = TensorAssert.Normal(3, 4, 32, 9, 7);
        values[0, .., 0, 0] = tensor(new[] { 0, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1, -1, 1e-30f }).repeat(4);
        var (input, plain) = (values.clone().requires_grad_(), values.clone().requires_grad_());
        var (actual, expected) = (LeakyDropout.Apply(input, Slope, 0, 9), nn.functional.leaky_relu(plain, Slope));
        actual.sum().backward();
        expected.sum().backward();

        TensorAssert.Equal(expected, actual);
        TensorAssert.Equal(plain.grad!, input.grad!);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void The_share_dropped_is_the_rate_and_the_mean_stays(double rate)
    {
        using var scope = NewDisposeScope();
        const int Elements = 64 * 64 * 14 * 14;
        for (var seed = 0; seed < 5; seed++)
        {
            var output = LeakyDropout.Apply(ones(64, 64, 14, 14), Slope, rate, seed);

            var limit = 4 * Math.Sqrt(rate * (1 - rate) / Elements);
            Assert.Equal(rate, output.eq(0).to(ScalarType.Float64).mean().item<double>(), limit);
            Assert.Equal(1, output.mean([0, 1, 2, 3], type: ScalarType.Float64).item<double>(), limit / (1 - rate));
        }
    }

    [Theory]
    [InlineData(1)] // the next channel
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(64)] // the next pixel
    [InlineData(64 * 14)] // the next row
    [InlineData(64 * 14 * 14)] // the next image
    public void What_happens_to_one_element_says_nothing_about_another(int distance)
    {
        using var scope = NewDisposeScope();
        var kept = Kept(11);
        AssertUncorrelated(kept.narrow(0, 0, kept.numel() - distance), kept.narrow(0, distance, kept.numel() - distance));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(0, -1)]
    [InlineData(5, 5 + (1L << 32))]
    [InlineData(long.MinValue, long.MaxValue)]
    public void What_one_seed_drops_says_nothing_about_another(long one, long other)
    {
        using var scope = NewDisposeScope();
        AssertUncorrelated(Kept(one), Kept(other));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_rate_that_is_no_share_is_refused(double rate)
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentOutOfRangeException>(() => LeakyDropout.Apply(ones(1, 16, 2, 2), Slope, rate, 1));
    }

    private static Tensor Kept(long seed) => new DropoutMask(0.5, seed).ToTensor(32, 14, 14, 64).reshape(-1);

    // For independent fair coins the mean of the product of (+1, -1) is 0 with the deviation 1 / sqrt(n).
    private static void AssertUncorrelated(Tensor one, Tensor other)
    {
        var correlation = ((one * 2 - 1) * (other * 2 - 1)).mean().item<float>();
        Assert.InRange(correlation, -4 / Math.Sqrt(one.numel()), 4 / Math.Sqrt(one.numel()));
    }
}
