using PhotoMl.Kernels;
using static TorchSharp.torch;

namespace PhotoMl.Tests.Kernels;

public sealed class BatchNormLeakyTests
{
    private const double Momentum = 0.1;
    private const double Epsilon = 1e-5;
    private const double Slope = 0.3;
    private const double Rounding = 3e-6;
    private const double BFloat16Rounding = 1.0 / 256;

    public static TheoryData<int, int, int, int, bool, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, int, bool, int>();
            foreach (var training in new[] { true, false })
            {
                foreach (var threads in new[] { 1, 2, 3 })
                {
                    cases.Add(9, 256, 7, 7, training, threads);
                    cases.Add(16, 64, 14, 14, training, threads);
                    cases.Add(3, 48, 5, 9, training, threads);
                    cases.Add(4, 20, 6, 3, training, threads); // channels the kernel cannot take
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_result_its_gradients_and_the_running_statistics_are_those_of_torch(int batch, int channels, int height, int width, bool training, int threads)
    {
        using var scope = NewDisposeScope();
        using var limited = new TorchThreads(threads);
        var input = new Input(batch, channels, height, width);

        AssertClose(Run(input.Exact(), training, Plain), Run(input, training, BatchNormLeaky.Apply));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bfloat16_activations_are_normalised_alike(bool training)
    {
        using var scope = NewDisposeScope();
        var input = new Input(5, 32, 6, 7);
        input = input with { Activations = input.Activations.to(ScalarType.BFloat16), Upstream = input.Upstream.to(ScalarType.BFloat16) };

        var expected = Run(input.Exact(), training, Plain);
        var actual = Run(input, training, BatchNormLeaky.Apply);

        Assert.Equal(ScalarType.BFloat16, actual.Output.dtype);
        Assert.Equal(ScalarType.BFloat16, actual.Activations.dtype);
        TensorAssert.Close(expected.Output, actual.Output, BFloat16Rounding, Rounding);
        TensorAssert.Close(expected.Activations, actual.Activations, BFloat16Rounding, Rounding);
        TensorAssert.Close(expected.Weight, actual.Weight, 0, Rounding);
        TensorAssert.Close(expected.Bias, actual.Bias, 0, Rounding);
        TensorAssert.Close(expected.RunningVariance, actual.RunningVariance, 0, Rounding);
    }

    [Fact]
    public void Fewer_pixels_than_threads_are_enough()
    {
        using var scope = NewDisposeScope();
        using var limited = new TorchThreads(3);
        var input = new Input(2, 16, 1, 1);

        var expected = Run(input.Exact(), training: true, Plain);
        var actual = Run(input, training: true, BatchNormLeaky.Apply);

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
        var actual = Run(input, training: false, BatchNormLeaky.Apply);

        TensorAssert.Equal(input.RunningMean, actual.RunningMean);
        TensorAssert.Equal(input.RunningVariance, actual.RunningVariance);
    }

    [Fact]
    public void Activations_that_want_no_gradient_get_none_and_weights_theirs()
    {
        using var scope = NewDisposeScope();
        var input = new Input(3, 32, 6, 5);
        var expected = Run(input.Exact(), training: true, Plain);
        var (weight, bias) = (input.Weight.requires_grad_(), input.Bias.requires_grad_());

        BatchNormLeaky.Apply(input.Activations, weight, bias, input.RunningMean, input.RunningVariance, true, Momentum, Epsilon, Slope)
            .backward([input.Upstream]);

        Assert.Null(input.Activations.grad);
        TensorAssert.Close(expected.Weight, weight.grad!, 0, Rounding);
        TensorAssert.Close(expected.Bias, bias.grad!, 0, Rounding);
    }

    [Fact]
    public void Weights_that_want_no_gradient_get_none_and_activations_theirs()
    {
        using var scope = NewDisposeScope();
        var input = new Input(3, 32, 6, 5);
        var expected = Run(input.Exact(), training: true, Plain);
        var activations = input.Activations.requires_grad_();

        BatchNormLeaky.Apply(activations, input.Weight, input.Bias, input.RunningMean, input.RunningVariance, true, Momentum, Epsilon, Slope)
            .backward([input.Upstream]);

        Assert.Null(input.Weight.grad);
        Assert.Null(input.Bias.grad);
        TensorAssert.Close(expected.Activations, activations.grad!, 0, Rounding);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Activations_and_gradients_of_any_strides_are_taken(bool training)
    {
        using var scope = NewDisposeScope();
        var input = new Input(3, 32, 8, 6);
        input = input with
        {
            Activations = input.Activations.permute(3, 2, 1, 0).contiguous().permute(3, 2, 1, 0),
            Upstream = ones(1).expand(3, 32, 8, 6), // as the gradient of a sum
        };

        AssertClose(Run(input.Exact(), training, Plain), Run(input, training, BatchNormLeaky.Apply));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_same_threads_give_the_same_bits(int threads)
    {
        using var scope = NewDisposeScope();
        using var limited = new TorchThreads(threads);
        var input = new Input(32, 64, 14, 14);
        var (once, again) = (Run(input, training: true, BatchNormLeaky.Apply), Run(input, training: true, BatchNormLeaky.Apply));

        TensorAssert.Equal(once.Output, again.Output);
        TensorAssert.Equal(once.Activations, again.Activations);
        TensorAssert.Equal(once.Weight, again.Weight);
        TensorAssert.Equal(once.RunningVariance, again.RunningVariance);
    }

    [Fact]
    public void Without_gradients_the_result_is_the_same_and_channels_last()
    {
        using var scope = NewDisposeScope();
        var input = new Input(3, 32, 7, 5);
        var expected = Run(input, training: true, BatchNormLeaky.Apply).Output;
        using var withoutGradients = no_grad();

        var actual = BatchNormLeaky.Apply(
            input.Activations, input.Weight, input.Bias, input.RunningMean, input.RunningVariance, true, Momentum, Epsilon, Slope);

        TensorAssert.Equal(expected, actual);
        Assert.True(actual.permute(0, 2, 3, 1).is_contiguous());
    }

    [Fact]
    public void A_single_pixel_is_refused_as_torch_does_where_it_has_no_variance()
    {
        using var scope = NewDisposeScope();
        var input = new Input(1, 16, 1, 1);

        var expected = Record.Exception(() => Run(input, training: true, Plain));
        var actual = Record.Exception(() => Run(input, training: true, BatchNormLeaky.Apply));

        Assert.Equal(expected?.GetType(), actual?.GetType());
    }

    [Theory]
    [InlineData(16)]
    [InlineData(20)]
    public void Normalising_back_and_forth_leaves_no_tensor_behind(int channels)
    {
        TensorAssert.NoneIsLeftBehind(() =>
        {
            using var scope = NewDisposeScope();
            var input = new Input(2, channels, 6, 6);
            Run(input, training: true, BatchNormLeaky.Apply);
            Run(input, training: false, BatchNormLeaky.Apply);
        });
    }

    private static void AssertClose(Result expected, Result actual)
    {
        TensorAssert.Close(expected.Output, actual.Output, 0, Rounding);
        TensorAssert.Close(expected.Activations, actual.Activations, 0, Rounding);
        TensorAssert.Close(expected.Weight, actual.Weight, 0, Rounding);
        TensorAssert.Close(expected.Bias, actual.Bias, 0, Rounding);
        TensorAssert.Close(expected.RunningMean, actual.RunningMean, 0, Rounding);
        TensorAssert.Close(expected.RunningVariance, actual.RunningVariance, 0, Rounding);
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
