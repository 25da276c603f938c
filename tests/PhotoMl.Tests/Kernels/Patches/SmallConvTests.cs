using PhotoMl.Kernels;
using static TorchSharp.torch;

namespace PhotoMl.Tests.Kernels;

public sealed class SmallConvTests
{
    private const double Rounding = 3e-6;

    public static TheoryData<int, int, int, int, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, int, int, int>();
            foreach (var threads in new[] { 1, 2, 3 })
            {
                cases.Add(7, 1, 28, 28, 64, threads);
                cases.Add(2, 3, 64, 63, 16, threads);
                cases.Add(5, 4, 9, 8, 32, threads);
                cases.Add(1, 2, 13, 27, 48, threads);
                cases.Add(3, 1, 1, 2, 16, threads);
                cases.Add(2, 5, 8, 9, 16, threads); // more channels, or pixels, than the kernel takes
                cases.Add(1, 1, 8, 65, 16, threads);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_convolution_and_its_gradients_are_those_of_torch(int batch, int channels, int height, int width, int outputs, int threads)
    {
        using var scope = NewDisposeScope();
        using var limited = new TorchThreads(threads);
        var input = new Input(batch, channels, height, width, outputs);

        AssertClose(Run(input.Exact(), Plain), Run(input, Convolve));
    }

    [Fact]
    public void Bfloat16_images_are_convolved_as_torch_does()
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var input = new Input(2, 1, 28, 28, 16);
        var images = input.Images.to(ScalarType.BFloat16);

        var actual = Convolve(images, input.Weight, input.Bias);

        Assert.Equal(ScalarType.BFloat16, actual.dtype);
        TensorAssert.Close(Plain(images.to(ScalarType.Float32), input.Weight, input.Bias), actual, 1.0 / 256, 1.0 / 256);
    }

    [Fact]
    public void The_result_is_channels_last()
    {
        using var scope = NewDisposeScope();
        var input = new Input(2, 1, 28, 28, 16);

        Assert.Equal([14 * 14 * 16, 1, 14 * 16, 16], Convolve(input.Images, input.Weight, input.Bias).stride());
    }

    [Fact]
    public void Without_a_bias_nothing_is_added()
    {
        using var scope = NewDisposeScope();
        var input = new Input(2, 3, 12, 11, 16);
        var expected = Run(input.Exact(), (images, weight, bias) => Plain(images, weight, null) + (0 * bias!.sum()));
        var (images, weight) = (input.Images.requires_grad_(), input.Weight.requires_grad_());

        var output = Convolve(images, weight, null);
        output.backward([input.Upstream]);

        TensorAssert.Close(expected.Output, output.detach(), 0, Rounding);
        TensorAssert.Close(expected.Images, images.grad!, 0, Rounding);
        TensorAssert.Close(expected.Weight, weight.grad!, 0, Rounding);
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public void Only_the_gradients_wanted_are_made(bool ofImages, bool ofWeight, bool ofBias)
    {
        using var scope = NewDisposeScope();
        var input = new Input(3, 3, 12, 11, 16);
        var expected = Run(input.Exact(), Plain);
        var (images, weight, bias) = (input.Images.requires_grad_(ofImages), input.Weight.requires_grad_(ofWeight), input.Bias.requires_grad_(ofBias));

        Convolve(images, weight, bias).backward([input.Upstream]);

        AssertGradient(ofImages, expected.Images, images.grad);
        AssertGradient(ofWeight, expected.Weight, weight.grad);
        AssertGradient(ofBias, expected.Bias, bias.grad);
    }

    [Fact]
    public void Images_and_gradients_of_any_strides_are_taken()
    {
        using var scope = NewDisposeScope();
        var input = new Input(3, 3, 9, 8, 16);
        var turned = input with { Images = input.Images.permute(3, 2, 1, 0).contiguous().permute(3, 2, 1, 0), Upstream = ones(1).expand(input.Upstream.shape) };

        AssertClose(Run(turned.Exact(), Plain), Run(turned, Convolve));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_pixel_that_is_no_number_shows_where_it_does_in_torch(float pixel)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var input = new Input(2, 2, 12, 12, 16);
        input.Images[1, 0, 5, 6] = pixel;

        TensorAssert.Close(Plain(input.Images, input.Weight, input.Bias), Convolve(input.Images, input.Weight, input.Bias), 0, Rounding);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_same_threads_give_the_same_bits(int threads)
    {
        using var scope = NewDisposeScope();
        using var limited = new TorchThreads(threads);
        var input = new Input(32, 1, 28, 28, 64);
        var (once, again) = (Run(input, Convolve), Run(input, Convolve));

        TensorAssert.Equal(once.Output, again.Output);
        TensorAssert.Equal(once.Images, again.Images);
        TensorAssert.Equal(once.Weight, again.Weight);
        TensorAssert.Equal(once.Bias, again.Bias);
    }

    [Fact]
    public void Without_gradients_the_result_is_the_same()
    {
        using var scope = NewDisposeScope();
        var input = new Input(3, 1, 28, 28, 32);
        var expected = Run(input, Convolve).Output;
        using var withoutGradients = no_grad();

        TensorAssert.Equal(expected, Convolve(input.Images, input.Weight, input.Bias));
    }

    [Fact]
    public void Convolving_back_and_forth_leaves_no_tensor_behind()
    {
        TensorAssert.NoneIsLeftBehind(Repeat);

        static void Repeat()
        {
            using var scope = NewDisposeScope();
            Run(new Input(2, 1, 8, 8, 16), Convolve);
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
        TensorAssert.Close(expected.Images, actual.Images, 0, Rounding);
        TensorAssert.Close(expected.Weight, actual.Weight, 0, Rounding);
        TensorAssert.Close(expected.Bias, actual.Bias, 0, Rounding);
    }

    private static Result Run(Input input, Func<Tensor, Tensor, Tensor?, Tensor> layer)
    {
        var images = input.Images.detach().requires_grad_();
        var (weight, bias) = (input.Weight.detach().requires_grad_(), input.Bias.detach().requires_grad_());
        var output = layer(images, weight, bias);
        output.backward([input.Upstream]);
        return new Result(output.detach(), images.grad!, weight.grad!, bias.grad!);
    }

    private static Tensor Plain(Tensor images, Tensor weight, Tensor? bias) => nn.functional.conv2d(images, weight, bias, [2L, 2], [2L, 2]);

    private sealed record Result(Tensor Output, Tensor Images, Tensor Weight, Tensor Bias);

    private sealed record Input(int Batch, int Channels, int Height, int Width, int Outputs)
    {
        public Tensor Images { get; init; } = TensorAssert.Normal(1, Batch, Channels, Height, Width);

        public Tensor Weight { get; init; } = TensorAssert.Normal(2, Outputs, Channels, 5, 5);

        public Tensor Bias { get; init; } = TensorAssert.Normal(3, Outputs);

        public Tensor Upstream { get; init; } = TensorAssert.Normal(4, Batch, Outputs, (Height + 1) / 2, (Width + 1) / 2);

        // Torch's own float32 sums may be further from the truth than the kernel's.
        public Input Exact() => this with
        {
            Images = Images.to(ScalarType.Float64),
            Weight = Weight.to(ScalarType.Float64),
            Bias = Bias.to(ScalarType.Float64),
            Upstream = Upstream.to(ScalarType.Float64),
        };
    }

    private static Tensor Convolve(Tensor images, Tensor weight, Tensor? bias) =>
        new LayerSpec(LayerKind.Conv, (int)weight.shape[1], (int)weight.shape[0], (int)weight.shape[2], Stride: 2, Padding: 2).Apply(images, weight, bias);
}
