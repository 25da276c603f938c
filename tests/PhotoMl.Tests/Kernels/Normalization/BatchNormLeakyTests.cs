namespace PhotoMl.Tests.Kernels;

public sealed class BatchNormLeakyTests
{
    private const double Momentum = 0.1;
    private const double Epsilon = 1e-5;
    private const double Slope = 0.3;
    private const double Rounding = 3e-6;

    [Theory]
    [InlineData(2, 256, 7, 7)]
    [InlineData(3, 64, 14, 14)]
    [InlineData(3, 48, 5, 9)]
    [InlineData(40, 12_544, 1, 1)] // the generator's first layer, in several chunks
    [InlineData(4, 20, 6, 3)] // channels the kernel cannot take
    [InlineData(3, 16_400, 1, 1)] // more than it takes
    public void The_result_its_gradients_and_the_running_statistics_are_those_of_torch(int batch, int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        foreach (var (training, slope) in new[] { (true, Slope), (false, Slope), (true, 0), (false, 1) })
        {
            Check(Inputs(batch, channels, height, width), training, slope, 10 * Rounding);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bfloat16_activations_are_normalised_alike(bool training)
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(5, 32, 6, 7);
        inputs[0] = inputs[0].to(ScalarType.BFloat16);
        Check(inputs, training, Slope, 4e-3);
        Check(inputs, training, slope: 0, 4e-3);
    }

    [Fact]
    public void Fewer_pixels_than_threads_are_enough()
    {
        using var scope = NewDisposeScope();
        using var limited = new TorchThreads(3);
        var actual = Inputs(2, 16, 1, 1);
        Tensor[] expected = [.. actual.Select(input => input.to(ScalarType.Float64))];
        actual[2].requires_grad_();
        expected[2].requires_grad_();
        var (kernel, plain) = (Kernel(actual, true, Slope), Plain(expected, true, Slope));
        kernel.sum().backward();
        plain.sum().backward();

        // Two pixels that are almost alike are taken off each other: what is left has fewer digits.
        TensorAssert.Close(plain, kernel, 0, 1e-4);
        TensorAssert.Close(expected[2].grad!, actual[2].grad!, 0, Rounding);
        TensorAssert.Close(expected[3], actual[3], 0, Rounding);
        TensorAssert.Close(expected[4], actual[4], 0, Rounding);
    }

    [Fact]
    public void A_mean_far_from_zero_costs_no_digits_of_the_variance()
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var activations = (TensorAssert.Normal(1, 64, 16, 14, 14) * 0.1) + 1000;
        var (mean, variance) = (zeros(16), zeros(16));

        BatchNormLeaky.Apply(activations, ones(16), zeros(16), mean, variance, new NormSettings(true, 1, Epsilon, Slope));

        var exact = activations.to(ScalarType.Float64);
        TensorAssert.Close(exact.mean([0, 2, 3]), mean, 1e-7, 0);
        TensorAssert.Close(exact.var([0L, 2, 3], unbiased: true), variance, 1e-4, 0);
    }

    [Fact]
    public void A_single_pixel_is_refused_as_torch_does_where_it_has_no_variance()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(1, 16, 1, 1);
        var expected = Record.Exception(() => Plain(inputs, true, Slope));

        Assert.Equal(expected?.GetType(), Record.Exception(() => Kernel(inputs, true, Slope))?.GetType());
    }

    [Fact]
    public void Two_pixels_and_what_is_added_give_what_is_computed_by_hand()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1, 16, 1, 2);
        x[0, 0] = tensor(new[] { 1f, 5f }, [1, 2]); // mean 3, variance 4, unbiased 8: normalised to -1 and 1
        var addend = zeros(1, 16, 1, 2);
        addend[0, 0] = tensor(new[] { 0.5f, -0.25f }, [1, 2]);
        var (mean, variance) = (zeros(16), ones(16));
        var settings = new NormSettings(Training: true, Momentum: 0.5, Epsilon: 0, Slope: 0);
        var result = BatchNormLeaky.Apply(x, full(16, 2f), full(16, 1f), mean, variance, settings, addend);

        // 2 * -1 + 1 + 0.5 is below zero; 2 * 1 + 1 - 0.25.
        Assert.Equal([0, 2.75f], result[0, 0].data<float>().ToArray());
        Assert.Equal((1.5f, 4.5f), (mean[0].item<float>(), variance[0].item<float>()));
    }

    // Without and with something added.
    private static void Check(Tensor[] inputs, bool training, double slope, double tolerance)
    {
        var isTaken = inputs[1].shape[0] is var channels && channels % 16 == 0 && channels <= 16_384;
        KernelContract.Check(
            p => [Kernel(p, training, slope), p[3], p[4]], p => [Plain(p, training, slope), p[3], p[4]], inputs,
            gradients: 3, tolerance, isTaken: isTaken);

        // The first four have gradients.
        var addend = TensorAssert.Normal(7, inputs[0].shape).to(inputs[0].dtype);
        KernelContract.Check(
            p => [Kernel([p[0], p[1], p[2], p[4], p[5]], training, slope, p[3]), p[4], p[5]],
            p => [Plain([p[0], p[1], p[2], p[4], p[5]], training, slope, p[3]), p[4], p[5]],
            [inputs[0], inputs[1], inputs[2], addend, inputs[3], inputs[4]],
            gradients: 4, tolerance, relative: 1.0 / 64, isTaken: isTaken);
    }

    private static Tensor Kernel(Tensor[] p, bool training, double slope, Tensor? addend = null) =>
        BatchNormLeaky.Apply(p[0], p[1], p[2], p[3], p[4], new NormSettings(training, Momentum, Epsilon, slope), addend);

    private static Tensor Plain(Tensor[] p, bool training, double slope, Tensor? addend = null)
    {
        var normalized = nn.functional.batch_norm(p[0], p[3], p[4], p[1], p[2], training, Momentum, Epsilon);
        return nn.functional.leaky_relu(addend is null ? normalized : normalized + addend, slope);
    }

    // Activations, weight, bias, running mean and running variance, neither zero nor one, so that mean and variance matter.
    private static Tensor[] Inputs(int batch, int channels, int height, int width) =>
    [
        (TensorAssert.Normal(1, batch, channels, height, width) * 2) + 0.7,
        TensorAssert.Normal(2, channels),
        TensorAssert.Normal(3, channels),
        TensorAssert.Normal(4, channels),
        TensorAssert.Normal(5, channels).abs() + 0.1,
    ];
}
