namespace PhotoMl.Tests.Kernels;

public sealed class BatchNormLeakyTests
{
    private const double Momentum = 0.1;
    private const double Epsilon = 1e-5;
    private const double Slope = 0.3;
    private const double Rounding = 3e-6;
    [Theory]
    [InlineData(9, 256, 7, 7)]
    [InlineData(32, 64, 14, 14)]
    [InlineData(3, 48, 5, 9)]
    [InlineData(4, 20, 6, 3)] // channels the kernel cannot take
    public void The_result_its_gradients_and_the_running_statistics_are_those_of_torch(int batch, int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        foreach (var (training, slope) in new[] { (true, Slope), (false, Slope), (true, 0), (false, 1) })
        {
            Check(new Input(batch, channels, height, width), training, slope, 10 * Rounding);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bfloat16_activations_are_normalised_alike(bool training)
    {
        using var scope = NewDisposeScope();
        var input = new Input(5, 32, 6, 7).ToBFloat16();
        Check(input, training, Slope, 4e-3);
        Check(input, training, slope: 0, 4e-3);
    }

    [Fact]
    public void Fewer_pixels_than_threads_are_enough()
    {
        using var scope = NewDisposeScope();
        using var limited = new TorchThreads(3);
        var input = new Input(2, 16, 1, 1);

        var expected = Run(input.Exact(), training: true, Plain);
        var actual = Run(input, training: true, Kernel);

        // Two pixels that are almost alike are taken off each other: what is left has fewer digits.
        TensorAssert.Close(expected.Output, actual.Output, 0, 1e-4);
        TensorAssert.Close(expected.Bias, actual.Bias, 0, Rounding);
        TensorAssert.Close(expected.RunningMean, actual.RunningMean, 0, Rounding);
        TensorAssert.Close(expected.RunningVariance, actual.RunningVariance, 0, Rounding);
    }

    [Fact]
    public void Hand_computed_numbers_come_out()
    {
        using var scope = NewDisposeScope();

        // Mean 2, biased variance 4 and unbiased 16 / 3 over (0, 4, 0, 4): normalised to (-1, 1, -1, 1).
        var activations = tensor(new float[] { 0, 4, 0, 4 }, [4, 1, 1, 1]).expand(4, 16, 1, 1);
        var (mean, variance) = (zeros(16), ones(16));
        using var withoutGradients = no_grad();

        var output = BatchNormLeaky.Apply(activations, full(16, 3f), full(16, 1f), mean, variance, true, 0.25, 0, 0.5);

        Assert.Equal([-1, 4, -1, 4], output[.., 15, 0, 0].contiguous().data<float>().ToArray()); // -1 = 0.5 * (3 * -1 + 1)
        Assert.Equal(0.5f, mean[15].item<float>());
        Assert.Equal(0.75 + (0.25 * 16 / 3), variance[15].item<float>(), 1e-6);
    }

    [Fact]
    public void A_mean_far_from_zero_costs_no_digits_of_the_variance()
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var activations = (TensorAssert.Normal(1, 64, 16, 14, 14) * 0.1) + 1000;
        var (mean, variance) = (zeros(16), zeros(16));

        BatchNormLeaky.Apply(activations, ones(16), zeros(16), mean, variance, true, 1, Epsilon, Slope);

        var exact = activations.to(ScalarType.Float64);
        TensorAssert.Close(exact.mean([0, 2, 3]), mean, 1e-7, 0);
        TensorAssert.Close(exact.var([0L, 2, 3], unbiased: true), variance, 1e-4, 0);
    }

    [Fact]
    public void Not_training_leaves_the_running_statistics_alone()
    {
        using var scope = NewDisposeScope();
        var input = new Input(3, 16, 4, 5);
        var actual = Run(input, training: false, Kernel);

        TensorAssert.Equal(input.RunningMean, actual.RunningMean);
        TensorAssert.Equal(input.RunningVariance, actual.RunningVariance);
    }

    [Fact]
    public void A_single_pixel_is_refused_as_torch_does_where_it_has_no_variance()
    {
        using var scope = NewDisposeScope();
        var input = new Input(1, 16, 1, 1);

        var expected = Record.Exception(() => Run(input, training: true, Plain));
        var actual = Record.Exception(() => Run(input, training: true, Kernel));

        Assert.Equal(expected?.GetType(), actual?.GetType());
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
        var result = BatchNormLeaky.Apply(x, full(16, 2f), full(16, 1f), mean, variance, training: true, 0.5, epsilon: 0, slope: 0, addend);

        // 2 * -1 + 1 + 0.5 is below zero; 2 * 1 + 1 - 0.25.
        Assert.Equal([0, 2.75f], result[0, 0].data<float>().ToArray());
        Assert.Equal((1.5f, 4.5f), (mean[0].item<float>(), variance[0].item<float>()));
    }

    // Without and with something added.
    private static void Check(Input input, bool training, double slope, double tolerance)
    {
        Tensor[] tensors = [input.Activations, input.Weight, input.Bias, input.RunningMean, input.RunningVariance];
        var addend = TensorAssert.Normal(7, input.Activations.shape).to(input.Activations.dtype);
        Tensor[] sum = [input.Activations, input.Weight, input.Bias, addend, input.RunningMean, input.RunningVariance];
        var isTaken = input.Channels % 16 == 0;
        KernelContract.Check(
            p => [BatchNormLeaky.Apply(p[0], p[1], p[2], p[3], p[4], training, Momentum, Epsilon, slope), p[3], p[4]],
            p => [Plain(p[0], p[1], p[2], p[3], p[4], training, Momentum, Epsilon, slope), p[3], p[4]],
            tensors,
            gradients: 3,
            tolerance,
            isTaken: isTaken);
        KernelContract.Check(
            p => [BatchNormLeaky.Apply(p[0], p[1], p[2], p[4], p[5], training, Momentum, Epsilon, slope, p[3]), p[4], p[5]],
            p => [nn.functional.leaky_relu(Plain(p[0], p[1], p[2], p[4], p[5], training, Momentum, Epsilon, 1) + p[3], slope), p[4], p[5]],
            sum,
            gradients: 4,
            tolerance,
            relative: 1.0 / 64,
            isTaken: isTaken);
    }

    private static Result Run(Input input, bool training, Layer layer)
    {
        var activations = input.Activations.detach().requires_grad_();
        var (weight, bias) = (input.Weight.clone().requires_grad_(), input.Bias.clone().requires_grad_());
        var (mean, variance) = (input.RunningMean.clone(), input.RunningVariance.clone());
        var output = layer(activations, weight, bias, mean, variance, training, Momentum, Epsilon, Slope);
        output.backward([input.Upstream]);
        return new Result(output.detach(), activations.grad!, weight.grad!, bias.grad!, mean, variance);
    }

    private static Tensor Kernel(
        Tensor activations, Tensor weight, Tensor bias, Tensor mean, Tensor variance, bool training, double momentum, double epsilon, double slope) =>
        BatchNormLeaky.Apply(activations, weight, bias, mean, variance, training, momentum, epsilon, slope);

    private static Tensor Plain(
        Tensor activations, Tensor weight, Tensor bias, Tensor mean, Tensor variance, bool training, double momentum, double epsilon, double slope) =>
        nn.functional.leaky_relu(nn.functional.batch_norm(activations, mean, variance, weight, bias, training, momentum, epsilon), slope);

    private delegate Tensor Layer(
        Tensor activations, Tensor weight, Tensor bias, Tensor mean, Tensor variance, bool training, double momentum, double epsilon, double slope);

    private sealed record Result(Tensor Output, Tensor Activations, Tensor Weight, Tensor Bias, Tensor RunningMean, Tensor RunningVariance);

    private sealed record Input(int Batch, int Channels, int Height, int Width)
    {
        // Neither zero nor one, so that mean and variance matter.
        public Tensor Activations { get; init; } = (TensorAssert.Normal(1, Batch, Channels, Height, Width) * 2) + 0.7;

        public Tensor Weight { get; init; } = TensorAssert.Normal(2, Channels);

        public Tensor Bias { get; init; } = TensorAssert.Normal(3, Channels);

        public Tensor RunningMean { get; init; } = TensorAssert.Normal(4, Channels);

        public Tensor RunningVariance { get; init; } = TensorAssert.Normal(5, Channels).abs() + 0.1;

        public Tensor Upstream { get; init; } = TensorAssert.Normal(6, Batch, Channels, Height, Width);

        public Input ToBFloat16() => this with { Activations = Activations.to(ScalarType.BFloat16) };

        // Torch's own float32 sums may be further from the truth than the kernel's.
        public Input Exact() => this with
        {
            Activations = Activations.to(ScalarType.Float64),
            Weight = Weight.to(ScalarType.Float64),
            Bias = Bias.to(ScalarType.Float64),
            RunningMean = RunningMean.to(ScalarType.Float64),
            RunningVariance = RunningVariance.to(ScalarType.Float64),
            Upstream = Upstream.to(ScalarType.Float64),
        };
    }
}
