namespace PhotoMl.Tests.Kernels;

public sealed class ConvReluPoolTests
{
    private const double BFloat16Rounding = 1.0 / 256; // half a step of 8 significant bits

    [Theory]
    [InlineData(1, 1, 28, 28, 32)]
    [InlineData(32, 1, 28, 28, 32)]
    [InlineData(7, 3, 13, 20, 16)]
    [InlineData(1, 3, 20, 13, 48)]
    [InlineData(2, 1, 5, 4, 16)]
    [InlineData(2, 1, 8, 10, 20)] // channels the kernel cannot take
    public void Activations_and_gradients_are_those_of_torch(int batch, int channels, int height, int width, int outputs)
    {
        using var scope = NewDisposeScope();
        var input = new Input(batch, channels, height, width, outputs);
        foreach (var type in outputs == 20 ? [ScalarType.Float32] : new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            KernelContract.Check(
                p => [ConvReluPool.Apply(input.Images, p[0], p[1], type)],
                p => [Plain(input.Images, p[0], p[1])],
                [input.Weight, input.Bias],
                gradients: 2,
                tolerance: 2e-6,
                isTaken: outputs != 20);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_pixel_that_is_no_number_shows_where_it_does_in_torch(float pixel)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var input = new Input(2, 1, 9, 9, 16);
        input.Images[1, 0, 4, 4] = pixel;

        var expected = Plain(input.Images, input.Weight, input.Bias);
        foreach (var (dtype, rounding) in new[] { (ScalarType.Float32, 0), (ScalarType.BFloat16, BFloat16Rounding) })
        {
            TensorAssert.Close(expected, ConvReluPool.Apply(input.Images, input.Weight, input.Bias, dtype), rounding, 2e-6);
        }
    }

    [Fact]
    public void Where_every_activation_is_negative_nothing_passes_in_either_direction()
    {
        using var scope = NewDisposeScope();
        var input = new Input(2, 1, 8, 8, 16);
        input.Bias.fill_(-1000);

        var actual = Run(input, input.Upstream, (x, w, b) => ConvReluPool.Apply(x, w, b, ScalarType.Float32));

        Assert.Equal(0, actual.Pooled.abs().max().item<float>());
        Assert.Equal(0, actual.Weight.abs().max().item<float>());
        Assert.Equal(0, actual.Bias.abs().max().item<float>());
    }

    [Fact]
    public void Of_equal_activations_the_first_counts()
    {
        using var scope = NewDisposeScope();

        // A bias alone makes every window a tie. The first winner sees pixel (0, 0) under its first tap, the last would see (1, 1).
        var images = arange(16, ScalarType.Float32).reshape(1, 1, 4, 4);
        var (weight, bias) = (zeros(16, 1, 3, 3).requires_grad_(), ones(16).requires_grad_());
        ConvReluPool.Apply(images, weight, bias, ScalarType.Float32).sum().backward();

        Assert.Equal([0, 1, 2, 4, 5, 6, 8, 9, 10], weight.grad![15].contiguous().data<float>().ToArray());
        Assert.Equal(1, bias.grad![15].item<float>());
    }

    [Fact]
    public void Images_that_want_a_gradient_get_the_right_one()
    {
        using var scope = NewDisposeScope();
        var input = new Input(3, 1, 8, 10, 32);
        var expected = input.Images.clone().requires_grad_();
        Plain(expected, input.Weight, input.Bias).to(ScalarType.Float32).backward([input.Upstream]);

        var actual = input.Images.clone().requires_grad_();
        ConvReluPool.Apply(actual, input.Weight, input.Bias, ScalarType.Float32).backward([input.Upstream]);

        TensorAssert.Close(expected.grad!, actual.grad!, 0, 2e-6);
    }

    [Fact]
    public void Images_of_any_strides_are_convolved_alike()
    {
        using var scope = NewDisposeScope();
        var input = new Input(3, 3, 9, 8, 16);
        var turned = input.Images.permute(3, 2, 1, 0).contiguous().permute(3, 2, 1, 0);

        var expected = Run(input, input.Upstream, (x, w, b) => ConvReluPool.Apply(x, w, b, ScalarType.Float32));
        var actual = Run(input with { Images = turned }, input.Upstream, (x, w, b) => ConvReluPool.Apply(x, w, b, ScalarType.Float32));

        TensorAssert.Equal(expected.Pooled, actual.Pooled);
        TensorAssert.Equal(expected.Weight, actual.Weight);
    }

    private static (Tensor Pooled, Tensor Weight, Tensor Bias) Run(Input input, Tensor upstream, Func<Tensor, Tensor, Tensor, Tensor> network)
    {
        var (weight, bias) = (input.Weight.clone().requires_grad_(), input.Bias.clone().requires_grad_());
        var pooled = network(input.Images, weight, bias);
        pooled.backward([upstream]);
        return (pooled.detach(), weight.grad!, bias.grad!);
    }

    // In float64, whose rounding is none to the kernel's.
    private static Tensor Plain(Tensor images, Tensor weight, Tensor bias)
    {
        var convolved = nn.functional.conv2d(images.to(ScalarType.Float64), weight.to(ScalarType.Float64), bias.to(ScalarType.Float64));
        return nn.functional.max_pool2d(nn.functional.relu(convolved), 2);
    }

    private sealed record Input(int Batch, int Channels, int Height, int Width, int Outputs)
    {
        public Tensor Images { get; init; } = TensorAssert.Normal(1, Batch, Channels, Height, Width);

        public Tensor Weight { get; } = TensorAssert.Normal(2, Outputs, Channels, 3, 3);

        public Tensor Bias { get; } = TensorAssert.Normal(3, Outputs);

        public Tensor Upstream { get; } = TensorAssert.Normal(4, Batch, Outputs, (Height - 2) / 2, (Width - 2) / 2);
    }
}
