namespace PhotoMl.Tests.Kernels;

public sealed class WinogradConvTests
{
    private const double Rounding = 2e-5;
    private const double RoundingOfTileFive = 4e-5; // where the gradient is the same everywhere

    [Theory]
    [InlineData(2, 16, 32, 24, 24, 1, true)] // whole tiles of 4
    [InlineData(1, 16, 32, 24, 24, 1, false)] // one image
    [InlineData(5, 32, 16, 15, 12, 1, true)] // tiles that reach over the edge
    [InlineData(9, 48, 64, 6, 6, 1, true)] // tiles of 3
    [InlineData(33, 16, 16, 3, 3, 1, false)]
    [InlineData(20, 16, 32, 7, 3, 1, false)]
    [InlineData(70, 64, 128, 12, 12, 1, false)] // several chunks of each thread's own images
    [InlineData(40, 128, 160, 12, 12, 1, true)] // several of all threads' images
    [InlineData(15, 64, 64, 5, 5, 0, true)] // the third
    [InlineData(5, 48, 16, 14, 6, 0, false)] // another number of tiles than with padding
    public void The_result_and_its_gradients_are_those_of_torch(
        int batch, int inputs, int outputs, int height, int width, int padding, bool hasBias)
    {
        var layer = new LayerSpec(LayerKind.Conv, inputs, outputs, 3, Padding: padding);
        KernelContract.CheckLayer(layer, "Winograd", batch, height, width, hasBias, Rounding);
    }

    [Theory]
    [InlineData(40, 32, 64, 12, 12, 0, true)] // the digits' second convolution
    [InlineData(9, 16, 32, 10, 10, 1, false)] // the same with padding
    [InlineData(7, 16, 16, 9, 13, 1, true)] // tiles that reach over the edge
    public void Tiles_of_5_round_twice_as_much(int batch, int inputs, int outputs, int height, int width, int padding, bool hasBias)
    {
        var layer = new LayerSpec(LayerKind.Conv, inputs, outputs, 3, Padding: padding);
        var x = zeros(batch, inputs, height, width);
        var input = new LayerInput(layer, x, zeros(layer.WeightShape), null, layer.OutputSize(x));

        Assert.Equal(5, new WinogradLayer(input, ScalarType.Float32).Tile);
        KernelContract.CheckLayer(layer, "Winograd", batch, height, width, hasBias, RoundingOfTileFive);
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
    [InlineData(32, 256, 4, 4, 1, true)] // whole tiles of 2, the same chunk for all threads
    [InlineData(19, 256, 5, 3, 1, true)] // tiles that reach over the edge
    [InlineData(160, 256, 3, 3, 1, true)] // several chunks
    [InlineData(20, 128, 8, 8, 1, true)] // each thread its own images
    [InlineData(20, 64, 12, 12, 1, false)] // tiles of 4
    [InlineData(15, 64, 5, 5, 0, false)] // of 3, one an image
    [InlineData(40, 32, 12, 12, 0, false)] // of 5
    public void In_bfloat16_the_error_is_a_few_times_that_of_one_rounding(
        int batch, int channels, int height, int width, int padding, bool hasPlanesInBFloat16)
    {
        const double Tolerance = 3.0 / 256;
        using var scope = NewDisposeScope();
        var layer = new LayerSpec(LayerKind.Conv, channels, channels + 16, 3, Padding: padding);
        var dtype = hasPlanesInBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        KernelContract.Check(
            p => [WinogradConv.Apply(new LayerInput(layer, p[0], p[1], p[2], layer.OutputSize(p[0])), dtype)],
            p => [nn.functional.conv2d(p[0], p[1], p[2], padding: [padding, padding])],
            [
                TensorAssert.Normal(1, batch, channels, height, width).to(ScalarType.BFloat16),
                TensorAssert.Normal(2, layer.WeightShape),
                TensorAssert.Normal(3, layer.Outputs),
            ],
            gradients: 3,
            Tolerance,
            relative: Tolerance);
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
    public void In_bfloat16_its_planes_are_bfloat16_of_many_channels_and_with_AMX_it_takes_these_alone_where_there_is_padding()
    {
        using var scope = NewDisposeScope();
        var withoutAmx = ProcessorFeatures.HasAmxBFloat16 ? "oneDNN" : "Winograd";
        Assert.Equal(withoutAmx, RouteOf(8, 64, 64, 24, ScalarType.BFloat16));
        Assert.Equal(withoutAmx, RouteOf(8, 240, 256, 24, ScalarType.BFloat16));
        Assert.Equal("Winograd 2x2", RouteOf(8, 256, 256, 24, ScalarType.BFloat16));
        Assert.Equal("Winograd", RouteOf(32, 64, 64, 5, ScalarType.BFloat16, padding: 0));
        Assert.Equal("Winograd", RouteOf(32, 32, 64, 12, ScalarType.BFloat16, padding: 0));
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
