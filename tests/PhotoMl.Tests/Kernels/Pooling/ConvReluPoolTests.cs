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
        var (images, weight, bias) = Inputs(batch, channels, height, width, outputs);
        foreach (var type in outputs == 20 ? [ScalarType.Float32] : new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            KernelContract.Check(
                p => [ConvReluPool.Apply(images, p[0], p[1], type)],
                p => [Plain(images, p[0], p[1])],
                [weight, bias],
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
        var (images, weight, bias) = Inputs(2, 1, 9, 9, 16);
        images[1, 0, 4, 4] = pixel;

        var expected = Plain(images, weight, bias);
        foreach (var (dtype, rounding) in new[] { (ScalarType.Float32, 0), (ScalarType.BFloat16, BFloat16Rounding) })
        {
            TensorAssert.Close(expected, ConvReluPool.Apply(images, weight, bias, dtype), rounding, 2e-6);
        }

        // The gradient by the bias is the same whichever of several NaN wins.
        Tensor own = bias.clone().requires_grad_(), others = bias.clone().requires_grad_();
        ConvReluPool.Apply(images, weight, own, ScalarType.Float32).sum().backward();
        Plain(images, weight, others).sum().backward();
        TensorAssert.Close(others.grad!, own.grad!, 0, 2e-6);
    }

    [Fact]
    public void Where_every_activation_is_negative_nothing_passes_in_either_direction()
    {
        using var scope = NewDisposeScope();
        var (images, weight, bias) = Inputs(2, 1, 8, 8, 16);
        bias.fill_(-1000);

        var pooled = ConvReluPool.Apply(images, weight.requires_grad_(), bias.requires_grad_(), ScalarType.Float32);
        pooled.sum().backward();

        Assert.All([pooled, weight.grad!, bias.grad!], tensor => Assert.Equal(0, tensor.abs().max().item<float>()));
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
    public void Images_that_need_a_gradient_get_the_right_one()
    {
        using var scope = NewDisposeScope();
        var (images, weight, bias) = Inputs(3, 1, 8, 10, 32);
        var (expected, actual) = (images.clone().requires_grad_(), images.clone().requires_grad_());
        var upstream = TensorAssert.Normal(4, 3, 32, 3, 4);
        Plain(expected, weight, bias).to(ScalarType.Float32).backward([upstream]);
        ConvReluPool.Apply(actual, weight, bias, ScalarType.Float32).backward([upstream]);

        TensorAssert.Close(expected.grad!, actual.grad!, 0, 2e-6);
    }

    [Fact]
    public void Images_of_any_strides_are_convolved_alike()
    {
        using var scope = NewDisposeScope();
        var (images, weight, bias) = Inputs(3, 3, 9, 8, 16);
        var results = new[] { images, KernelContract.Stored(images, 3, 2, 1, 0) }.Select(stored =>
        {
            var own = weight.clone().requires_grad_();
            var pooled = ConvReluPool.Apply(stored, own, bias, ScalarType.Float32);
            pooled.sum().backward();
            return (Pooled: pooled, Gradient: own.grad!);
        }).ToList();

        TensorAssert.Equal(results[0].Pooled, results[1].Pooled);
        TensorAssert.Equal(results[0].Gradient, results[1].Gradient);
    }

    // In float64, whose rounding is none to the kernel's.
    private static Tensor Plain(Tensor images, Tensor weight, Tensor bias)
    {
        var convolved = nn.functional.conv2d(images.to(ScalarType.Float64), weight.to(ScalarType.Float64), bias.to(ScalarType.Float64));
        return nn.functional.max_pool2d(nn.functional.relu(convolved), 2);
    }

    private static (Tensor Images, Tensor Weight, Tensor Bias) Inputs(int batch, int channels, int height, int width, int outputs) =>
    (
        TensorAssert.Normal(1, batch, channels, height, width),
        TensorAssert.Normal(2, outputs, channels, 3, 3),
        TensorAssert.Normal(3, outputs)
    );
}
