namespace PhotoMl.Tests.Kernels;

public sealed class WinogradConvTests
{
    private const double Rounding = 2e-5;

    [Theory]
    [InlineData(2, 16, 32, 24, 24, 1, true)] // whole tiles of 4
    [InlineData(5, 32, 16, 13, 10, 1, true)] // tiles that reach over the edge
    [InlineData(9, 48, 64, 6, 6, 1, true)] // tiles of 3
    [InlineData(33, 16, 16, 3, 3, 1, true)]
    [InlineData(20, 16, 32, 7, 3, 1, true)]
    [InlineData(70, 64, 128, 12, 12, 1, true)] // several chunks
    [InlineData(1, 16, 16, 2, 2, 1, false)] // too few pixels
    [InlineData(3, 20, 16, 12, 12, 1, false)] // channels the kernel cannot take
    [InlineData(40, 32, 64, 13, 13, 0, true)] // the digits' second convolution, in several chunks
    [InlineData(15, 64, 64, 5, 5, 0, true)] // the third
    [InlineData(5, 48, 16, 12, 6, 0, true)] // another number of tiles than with padding
    [InlineData(9, 16, 32, 18, 3, 0, false)] // results of one column
    public void The_result_and_its_gradients_are_those_of_torch(
        int batch, int inputs, int outputs, int height, int width, int padding, bool isTaken)
    {
        var layer = new LayerSpec(LayerKind.Conv, inputs, outputs, 3, Padding: padding);
        KernelContract.CheckLayer(layer, isTaken ? "Winograd" : "oneDNN", batch, height, width, hasBias: batch == 5, Rounding);
    }

    [Theory]
    [InlineData(32, 4, 4)] // whole tiles of 2
    [InlineData(19, 5, 3)] // tiles that reach over the edge
    [InlineData(160, 3, 3)] // several chunks
    public void In_bfloat16_the_error_is_a_few_times_that_of_one_rounding(int batch, int height, int width)
    {
        using var scope = NewDisposeScope();
        CheckBFloat16(new LayerSpec(LayerKind.Conv, 256, 272, 3, Padding: 1), batch, height, width);
    }

    [Theory]
    [InlineData(40, 64, 80, 13)] // only gradients by tiles
    [InlineData(15, 64, 64, 5)] // one tile an image
    public void Without_padding_bfloat16_has_planes_in_float32(int batch, int inputs, int outputs, int size)
    {
        using var scope = NewDisposeScope();
        CheckBFloat16(new LayerSpec(LayerKind.Conv, inputs, outputs, 3), batch, size, size);
    }

    [Fact]
    public void The_kernel_takes_the_layers_of_photos_and_leaves_what_would_not_pay()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("Winograd", RouteOf(8, 64, 24));
        Assert.Equal("Winograd", RouteOf(32, 512, 3));
        Assert.Equal("oneDNN", RouteOf(1, 512, 3));
        Assert.Equal("oneDNN", RouteOf(256, 512, 1));
        Assert.Equal("oneDNN", RouteOf(8, 48, 24, ScalarType.BFloat16));
        Assert.Equal("Winograd", RouteOf(16, 256, 3, ScalarType.BFloat16));
        Assert.Equal("oneDNN", RouteOf(8, 64, 24, kernel: 5));
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

    private static void CheckBFloat16(LayerSpec layer, int batch, int height, int width)
    {
        var x = TensorAssert.Normal(1, batch, layer.Inputs, height, width).to(ScalarType.BFloat16);
        Assert.Equal("Winograd", LayerRoute.Find(new LayerInput(layer, x, zeros(layer.WeightShape), null, layer.OutputSize(x))).Name);
        KernelContract.Check(
            p => [layer.Apply(p[0], p[1], p[2])],
            p => [nn.functional.conv2d(p[0], p[1], p[2], padding: [layer.Padding, layer.Padding])],
            [x, TensorAssert.Normal(2, layer.WeightShape), TensorAssert.Normal(3, layer.Outputs)],
            gradients: 3,
            tolerance: 3.0 / 256,
            relative: 3.0 / 256);
    }

    private static string RouteOf(int images, int channels, int size, ScalarType dtype = ScalarType.Float32, int kernel = 3)
    {
        var layer = new LayerSpec(LayerKind.Conv, channels, channels, kernel, Padding: kernel / 2);
        var x = zeros([images, channels, size, size], dtype);
        return LayerRoute.Find(new LayerInput(layer, x, zeros(layer.WeightShape), null, layer.OutputSize(x))).Name;
    }

    private static Tensor Convolve(Tensor x, Tensor weight) =>
        new LayerSpec(LayerKind.Conv, (int)weight.shape[1], (int)weight.shape[0], Kernel: 3, Padding: 1).Apply(x, weight);
}
