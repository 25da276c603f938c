using PhotoMl.Kernels;
using static TorchSharp.torch;

namespace PhotoMl.Tests.Kernels;

public sealed class SmallTransposedConvTests
{
    private const double Rounding = 3e-6;

    public static TheoryData<int, int, int, int, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, int, int, int>();
            foreach (var threads in new[] { 1, 2, 3 })
            {
                cases.Add(7, 64, 28, 28, 1, threads);
                cases.Add(2, 16, 64, 63, 3, threads);
                cases.Add(5, 32, 9, 8, 4, threads);
                cases.Add(1, 20, 13, 27, 2, threads);
                cases.Add(3, 16, 1, 2, 1, threads);
                cases.Add(2, 16, 8, 9, 5, threads); // more channels, or pixels, than the kernel takes
                cases.Add(1, 16, 8, 65, 1, threads);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_images_and_their_gradients_are_those_of_torch(int batch, int channels, int height, int width, int outputs, int threads)
    {
        using var scope = NewDisposeScope();
        using var limited = new TorchThreads(threads);
        var input = new Input(batch, channels, height, width, outputs);

        AssertClose(Run(input.Exact(), Plain), Run(input, Small));
    }

    [Fact]
    public void Bfloat16_activations_are_taken_as_torch_does()
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var input = new Input(2, 32, 28, 27, 1);
        var activations = input.Activations.to(ScalarType.BFloat16);

        var actual = Convolve(activations, input.Weight, input.Bias, 28, 27);

        Assert.Equal(ScalarType.BFloat16, actual.dtype);
        TensorAssert.Close(Plain(input, activations.to(ScalarType.Float32), input.Weight, input.Bias), actual, 1.0 / 256, 1.0 / 256);
    }

    [Fact]
    public void The_images_are_contiguous()
    {
        using var scope = NewDisposeScope();
        var input = new Input(2, 32, 28, 28, 3);

        Assert.True(Small(input, input.Activations, input.Weight, input.Bias).is_contiguous());
    }

    [Theory]
    [InlineData(12, 13)]
    [InlineData(15, 14)]
    public void A_size_that_no_padding_gives_is_refused(int height, int width)
    {
        using var scope = NewDisposeScope();
        var input = new Input(2, 32, 14, 14, 1);

        Assert.Throws<ArgumentException>(() => SmallTransposedConv.Apply(input.Activations, input.Weight, input.Bias, height, width));
    }

    [Fact]
    public void Without_a_bias_nothing_is_added()
    {
        using var scope = NewDisposeScope();
        var input = new Input(2, 16, 12, 11, 3);
        var expected = Run(input.Exact(), (same, activations, weight, bias) => Plain(same, activations, weight, null) + (0 * bias!.sum()));
        var (activations, weight) = (input.Activations.requires_grad_(), input.Weight.requires_grad_());

        var output = Small(input, activations, weight, null);
        output.backward([input.Upstream]);

        TensorAssert.Close(expected.Output, output.detach(), 0, Rounding);
        TensorAssert.Close(expected.Activations, activations.grad!, 0, Rounding);
        TensorAssert.Close(expected.Weight, weight.grad!, 0, Rounding);
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public void Only_the_gradients_wanted_are_made(bool ofActivations, bool ofWeight, bool ofBias)
    {
        using var scope = NewDisposeScope();
        var input = new Input(3, 16, 12, 11, 3);
        var expected = Run(input.Exact(), Plain);
        var (activations, weight, bias) = (input.Activations.requires_grad_(ofActivations), input.Weight.requires_grad_(ofWeight), input.Bias.requires_grad_(ofBias));

        Small(input, activations, weight, bias).backward([input.Upstream]);

        AssertGradient(ofActivations, expected.Activations, activations.grad);
        AssertGradient(ofWeight, expected.Weight, weight.grad);
        AssertGradient(ofBias, expected.Bias, bias.grad);
    }

    [Fact]
    public void Activations_and_gradients_of_any_strides_are_taken()
    {
        using var scope = NewDisposeScope();
        var input = new Input(3, 16, 9, 8, 3);
        var turned = input with { Activations = input.Activations.permute(3, 2, 1, 0).contiguous().permute(3, 2, 1, 0), Upstream = ones(1).expand(input.Upstream.shape) };

        AssertClose(Run(turned.Exact(), Plain), Run(turned, Small));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void An_activation_that_is_no_number_shows_where_it_does_in_torch(float activation)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var input = new Input(2, 16, 24, 24, 2);
        input.Activations[1, 0, 5, 6] = activation;

        TensorAssert.Close(Plain(input, input.Activations, input.Weight, input.Bias), Small(input, input.Activations, input.Weight, input.Bias), 0, Rounding);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_same_threads_give_the_same_bits(int threads)
    {
        using var scope = NewDisposeScope();
        using var limited = new TorchThreads(threads);
        var input = new Input(32, 64, 28, 28, 1);
        var (once, again) = (Run(input, Small), Run(input, Small));

        TensorAssert.Equal(once.Output, again.Output);
        TensorAssert.Equal(once.Activations, again.Activations);
        TensorAssert.Equal(once.Weight, again.Weight);
        TensorAssert.Equal(once.Bias, again.Bias);
    }

    [Fact]
    public void Without_gradients_the_result_is_the_same()
    {
        using var scope = NewDisposeScope();
        var input = new Input(3, 32, 28, 28, 1);
        var expected = Run(input, Small).Output;
        using var withoutGradients = no_grad();

        TensorAssert.Equal(expected, Small(input, input.Activations, input.Weight, input.Bias));
    }

    [Fact]
    public void Making_images_back_and_forth_leaves_no_tensor_behind()
    {
        TensorAssert.NoneIsLeftBehind(Repeat);

        static void Repeat()
        {
            using var scope = NewDisposeScope();
            Run(new Input(2, 16, 8, 8, 1), Small);
        }
    }

    private static void AssertGradient(bool wanted, Tensor expected, Tensor? actual)
    {
        Assert.Equal(wanted, actual is not null);
        if (wanted)
        {
            TensorAssert.Close(expected, actual!, 0, Rounding);
        }
    }

    private static void AssertClose(Result expected, Result actual)
    {
        TensorAssert.Close(expected.Output, actual.Output, 0, Rounding);
        TensorAssert.Close(expected.Activations, actual.Activations, 0, Rounding);
        TensorAssert.Close(expected.Weight, actual.Weight, 0, Rounding);
        TensorAssert.Close(expected.Bias, actual.Bias, 0, Rounding);
    }

    private static Result Run(Input input, Func<Input, Tensor, Tensor, Tensor?, Tensor> layer)
    {
        var activations = input.Activations.detach().requires_grad_();
        var (weight, bias) = (input.Weight.detach().requires_grad_(), input.Bias.detach().requires_grad_());
        var output = layer(input, activations, weight, bias);
        output.backward([input.Upstream]);
        return new Result(output.detach(), activations.grad!, weight.grad!, bias.grad!);
    }

    private static Tensor Small(Input input, Tensor activations, Tensor weight, Tensor? bias) =>
        Convolve(activations, weight, bias, input.Height, input.Width);

    private static Tensor Plain(Input input, Tensor activations, Tensor weight, Tensor? bias) =>
        nn.functional.conv_transpose2d(activations, weight, bias, [2L, 2], [2L, 2], [1L - (input.Height % 2), 1L - (input.Width % 2)]);

    private sealed record Result(Tensor Output, Tensor Activations, Tensor Weight, Tensor Bias);

    private sealed record Input(int Batch, int Channels, int Height, int Width, int Outputs)
    {
        public Tensor Activations { get; init; } = TensorAssert.Normal(1, Batch, Channels, (Height + 1) / 2, (Width + 1) / 2);

        public Tensor Weight { get; init; } = TensorAssert.Normal(2, Channels, Outputs, 5, 5);

        public Tensor Bias { get; init; } = TensorAssert.Normal(3, Outputs);

        public Tensor Upstream { get; init; } = TensorAssert.Normal(4, Batch, Outputs, Height, Width);

        // Torch's own float32 sums may be further from the truth than the kernel's.
        public Input Exact() => this with
        {
            Activations = Activations.to(ScalarType.Float64),
            Weight = Weight.to(ScalarType.Float64),
            Bias = Bias.to(ScalarType.Float64),
            Upstream = Upstream.to(ScalarType.Float64),
        };
    }

    private static Tensor Convolve(Tensor activations, Tensor weight, Tensor? bias, long height, long width) =>
        new LayerSpec(LayerKind.TransposedConv, (int)weight.shape[0], (int)weight.shape[1], (int)weight.shape[2], Stride: 2, Padding: 2)
            .Apply(activations, weight, bias, (height, width));
}
