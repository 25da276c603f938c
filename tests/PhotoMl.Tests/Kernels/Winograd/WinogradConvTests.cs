using PhotoMl.Kernels;
using static TorchSharp.torch;

namespace PhotoMl.Tests.Kernels;

public sealed class WinogradConvTests
{
    private const double Rounding = 2e-5;

    public static TheoryData<int, int, int, int, int, int, bool> Cases => new()
    {
        { 2, 16, 32, 24, 24, 2, true }, // whole tiles of 4
        { 5, 32, 16, 13, 10, 2, true }, // tiles that reach over the edge
        { 9, 48, 64, 6, 6, 3, true }, // tiles of 3
        { 33, 16, 16, 3, 3, 1, true },
        { 20, 16, 32, 7, 3, 2, true },
        { 70, 64, 128, 12, 12, 2, true }, // several chunks
        { 1, 16, 16, 2, 2, 2, false }, // too few pixels
        { 3, 20, 16, 12, 12, 2, false }, // channels the kernel cannot take
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_result_and_its_gradients_are_those_of_torch(int batch, int inputs, int outputs, int height, int width, int threads, bool isTaken)
    {
        using var scope = NewDisposeScope();
        using var limited = new TorchThreads(threads);
        var x = TensorAssert.Normal(1, batch, inputs, height, width);
        var weight = TensorAssert.Normal(2, outputs, inputs, 3, 3);
        var upstream = TensorAssert.Normal(3, batch, outputs, height, width);
        Assert.Equal(isTaken, WinogradLayer.Suits(x, weight));
        var (expected, actual) = (Run(x, weight, upstream, Plain), Run(x, weight, upstream, Convolve));

        TensorAssert.Close(expected.Output, actual.Output, 0, Rounding);
        TensorAssert.Close(expected.Input, actual.Input, 0, Rounding);
        TensorAssert.Close(expected.Weight, actual.Weight, 0, Rounding);
        using var withoutGradients = no_grad();
        TensorAssert.Equal(actual.Output, Convolve(x, weight));
    }

    [Fact]
    public void The_kernel_takes_the_layers_of_photos_and_leaves_what_would_not_pay()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("Winograd", RouteOf(8, 64, 24));
        Assert.Equal("Winograd", RouteOf(32, 512, 3));
        Assert.Equal("oneDNN", RouteOf(1, 512, 3));
        Assert.Equal("oneDNN", RouteOf(256, 512, 1));
        Assert.Equal("oneDNN", RouteOf(8, 64, 24, ScalarType.BFloat16));
        Assert.Equal("oneDNN", RouteOf(8, 64, 24, kernel: 5));
    }

    private static string RouteOf(int images, int channels, int size, ScalarType dtype = ScalarType.Float32, int kernel = 3)
    {
        var layer = new LayerSpec(LayerKind.Conv, channels, channels, kernel, Padding: kernel / 2);
        return LayerRoute.Find(new LayerInput(layer, zeros([images, channels, size, size], dtype), zeros(layer.WeightShape), null, (size, size))).Name;
    }

    [Fact]
    public void A_picture_of_ones_counts_the_taps_that_lie_inside()
    {
        using var scope = NewDisposeScope();
        var result = Convolve(ones(8, 16, 5, 5), ones(16, 16, 3, 3));

        // Sixteen channels of four taps in the corner, six at the edge, nine inside.
        Assert.Equal(16 * 4, result[0, 0, 0, 0].item<float>(), 3);
        Assert.Equal(16 * 6, result[7, 15, 0, 2].item<float>(), 3);
        Assert.Equal(16 * 9, result[3, 9, 3, 1].item<float>(), 3);
        Assert.Equal(16 * 4, result[5, 2, 4, 4].item<float>(), 3);
    }

    [Fact]
    public void Gradients_that_nobody_wants_are_not_computed_and_no_tensor_is_left_behind()
    {
        using var scope = NewDisposeScope();
        var x = TensorAssert.Normal(1, 8, 16, 8, 8);
        var weight = TensorAssert.Normal(2, 16, 16, 3, 3).requires_grad_(true);
        TensorAssert.NoneIsLeftBehind(() =>
        {
            using var inner = NewDisposeScope();
            Convolve(x, weight).sum().backward();
            weight.grad = null;
        });
        Convolve(x, weight).sum().backward();

        Assert.Null(x.grad);
        Assert.NotNull(weight.grad);
    }

    private static Tensor Plain(Tensor x, Tensor weight) => nn.functional.conv2d(x, weight, null, [1, 1], [1, 1]);

    private static (Tensor Output, Tensor Input, Tensor Weight) Run(Tensor x, Tensor weight, Tensor upstream, Func<Tensor, Tensor, Tensor> function)
    {
        var input = x.detach().clone().requires_grad_(true);
        var weights = weight.detach().clone().requires_grad_(true);
        var output = function(input, weights);
        output.backward([upstream]);
        return (output.detach(), input.grad!, weights.grad!);
    }

    private static Tensor Convolve(Tensor x, Tensor weight) =>
        new LayerSpec(LayerKind.Conv, (int)weight.shape[1], (int)weight.shape[0], Kernel: 3, Padding: 1).Apply(x, weight);
}
