namespace PhotoMl.Tests.Kernels;

public sealed class WinogradConvTests
{
    private const double Rounding = 2e-5;

    [Theory]
    [InlineData(2, 16, 32, 24, 24, 1, true)] // whole tiles of 4
    [InlineData(1, 16, 32, 24, 24, 1, false)] // one image
    [InlineData(5, 32, 16, 13, 10, 1, true)] // tiles that reach over the edge
    [InlineData(9, 48, 64, 6, 6, 1, true)] // tiles of 3
    [InlineData(33, 16, 16, 3, 3, 1, false)]
    [InlineData(20, 16, 32, 7, 3, 1, false)]
    [InlineData(70, 64, 128, 12, 12, 1, false)] // several chunks of each thread's own images
    [InlineData(40, 128, 160, 12, 12, 1, true)] // several of all threads' images
    [InlineData(40, 32, 64, 13, 13, 0, true)] // the digits' second convolution
    [InlineData(15, 64, 64, 5, 5, 0, true)] // the third
    [InlineData(5, 48, 16, 12, 6, 0, false)] // another number of tiles than with padding
    public void The_result_and_its_gradients_are_those_of_torch(
        int batch, int inputs, int outputs, int height, int width, int padding, bool hasBias)
    {
        var layer = new LayerSpec(LayerKind.Conv, inputs, outputs, 3, Padding: padding);
        KernelContract.CheckLayer(layer, "Winograd", batch, height, width, hasBias, Rounding);
    }

    [Theory]
    [InlineData(1, 16, 2, 2, 1)] // too few pixels
    [InlineData(3, 20, 12, 12, 1)] // channels the kernel cannot take
    [InlineData(9, 16, 18, 3, 0)] // results of one column
    public void Other_layers_are_oneDNNs(int batch, int channels, int height, int width, int padding)
    {
        var layer = new LayerSpec(LayerKind.Conv, channels, 16, 3, Padding: padding);
        KernelContract.CheckLayer(layer, "oneDNN", batch, height, width, hasBias: false, Rounding);
    }

    [Theory]
    [InlineData(32, 256, 4, 4, 1)] // whole tiles of 2, the same chunk for all threads
    [InlineData(19, 256, 5, 3, 1)] // tiles that reach over the edge
    [InlineData(160, 256, 3, 3, 1)] // several chunks
    [InlineData(20, 128, 8, 8, 1)] // each thread its own images
    [InlineData(15, 64, 5, 5, 0)] // planes in float32, one tile an image
    [InlineData(15, 64, 8, 8, 0)] // several
    public void In_bfloat16_the_error_is_a_few_times_that_of_one_rounding(int batch, int channels, int height, int width, int padding)
    {
        using var scope = NewDisposeScope();
        CheckBFloat16(new LayerSpec(LayerKind.Conv, channels, channels + 16, 3, Padding: padding), batch, height, width, false);
    }

    [Fact]
    public void With_a_direct_forward_pass_only_gradients_are_by_tiles()
    {
        using var scope = NewDisposeScope();
        var layer = new LayerSpec(LayerKind.Conv, 32, 64, 3);
        CheckBFloat16(layer, 40, 13, 13, hasDirectForward: true);
        var x = TensorAssert.Normal(1, 8, 32, 13, 13).to(ScalarType.BFloat16);
        var input = new LayerInput(layer, x, TensorAssert.Normal(2, layer.WeightShape), TensorAssert.Normal(3, 64), layer.OutputSize(x));
        TensorAssert.Equal(LayerRoutes.Torch.Run(input), WinogradConv.Apply(input, hasDirectForward: true));
    }

    [Fact]
    public void The_kernel_takes_the_layers_that_it_computes_faster()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("Winograd", RouteOf(8, 64, 64, 24));
        Assert.Equal("Winograd", RouteOf(32, 512, 512, 3));
        Assert.Equal("oneDNN", RouteOf(1, 512, 512, 3));
        Assert.Equal("oneDNN", RouteOf(256, 512, 512, 1));
        Assert.Equal("oneDNN", RouteOf(8, 64, 64, 24, kernel: 5));
        Assert.Equal("Winograd", RouteOf(32, 32, 64, 13, padding: 0));
        Assert.Equal("Winograd", RouteOf(32, 64, 64, 5, padding: 0));
    }

    [Fact]
    public void In_bfloat16_it_takes_fewer_of_them_and_the_fewest_with_AMX()
    {
        using var scope = NewDisposeScope();
        var withoutAmx = ProcessorFeatures.HasAmxBFloat16 ? "oneDNN" : "Winograd";
        Assert.Equal("oneDNN", RouteOf(8, 112, 128, 24, ScalarType.BFloat16));
        Assert.Equal(withoutAmx, RouteOf(8, 128, 128, 24, ScalarType.BFloat16));
        Assert.Equal(withoutAmx, RouteOf(8, 240, 256, 24, ScalarType.BFloat16));
        Assert.Equal("Winograd", RouteOf(8, 256, 256, 24, ScalarType.BFloat16));
        Assert.Equal("Winograd", RouteOf(32, 64, 64, 5, ScalarType.BFloat16, padding: 0));
        Assert.Equal(
            ProcessorFeatures.HasAmxBFloat16 ? "oneDNN" : "Winograd bwd",
            RouteOf(32, 32, 64, 13, ScalarType.BFloat16, padding: 0));
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

    private static void CheckBFloat16(LayerSpec layer, int batch, int height, int width, bool hasDirectForward) => KernelContract.Check(
        p => [WinogradConv.Apply(new LayerInput(layer, p[0], p[1], p[2], layer.OutputSize(p[0])), hasDirectForward)],
        p => [nn.functional.conv2d(p[0], p[1], p[2], padding: [layer.Padding, layer.Padding])],
        [
            TensorAssert.Normal(1, batch, layer.Inputs, height, width).to(ScalarType.BFloat16),
            TensorAssert.Normal(2, layer.WeightShape),
            TensorAssert.Normal(3, layer.Outputs),
        ],
        gradients: 3,
        tolerance: 3.0 / 256,
        relative: 3.0 / 256);

    private static string RouteOf(
        int images, int inputs, int outputs, int size, ScalarType dtype = ScalarType.Float32, int kernel = 3, int? padding = null)
    {
        var layer = new LayerSpec(LayerKind.Conv, inputs, outputs, kernel, Padding: padding ?? kernel / 2);
        var x = zeros([images, inputs, size, size], dtype);
        return LayerRoute.Find(new LayerInput(layer, x, zeros(layer.WeightShape), null, layer.OutputSize(x))).Name;
    }

    private static Tensor Convolve(Tensor x, Tensor weight) =>
        new LayerSpec(LayerKind.Conv, (int)weight.shape[1], (int)weight.shape[0], Kernel: 3, Padding: 1).Apply(x, weight);
}
