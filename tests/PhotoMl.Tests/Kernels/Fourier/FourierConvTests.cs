namespace PhotoMl.Tests.Kernels;

public sealed class FourierConvTests
{
    // Of the largest number expected; measured are 5e-7.
    private const double Tolerance = 1e-6;

    // Height and width of the big images, which are all sizes up to 16 and the largest, and channels of the small and of the big images.
    [Theory]
    [InlineData(1, 7, 7, 48, 16)]
    [InlineData(1, 4, 5, 16, 32)]
    [InlineData(1, 16, 6, 16, 16)]
    [InlineData(1, 13, 8, 32, 16)]
    [InlineData(1, 1, 3, 16, 16)]
    [InlineData(1, 11, 2, 16, 16)]
    [InlineData(1, 9, 14, 16, 16)]
    [InlineData(1, 15, 10, 16, 16)]
    [InlineData(1, 12, 12, 16, 16)]
    [InlineData(2, 14, 14, 48, 16)]
    [InlineData(2, 4, 5, 16, 32)]
    [InlineData(2, 24, 9, 16, 16)]
    [InlineData(2, 13, 8, 32, 16)]
    [InlineData(2, 1, 3, 16, 16)]
    [InlineData(2, 6, 11, 16, 16)]
    [InlineData(2, 7, 10, 16, 16)]
    [InlineData(2, 12, 2, 16, 16)]
    [InlineData(2, 15, 16, 16, 16)]
    public void Result_and_gradients_are_those_of_torch(int stride, int height, int width, int small, int big) =>
        Check(stride, height, width, small, big, batch: stride == 1 ? 25 : 65);

    [Fact]
    public void As_many_channels_as_the_GAN_has_come_as_close_to_the_exact_result() => Check(1, 7, 7, 256, 16, batch: 24);

    [Theory]
    [InlineData(20, 16, 8, 64)] // channels
    [InlineData(16, 20, 8, 64)]
    [InlineData(16, 16, 8, 63)] // few images
    [InlineData(16, 16, 26, 64)] // large images
    public void What_the_kernel_cannot_take_is_left_to_torch(int small, int big, int size, int batch)
    {
        using var scope = NewDisposeScope();
        Assert.All(Layers(stride: 2, small, big), layer =>
        {
            var (input, output) = layer.Kind == LayerKind.Conv ? (size, size / 2) : (size / 2, size);
            var x = zeros(batch, layer.Inputs, input, input);
            Assert.Equal("oneDNN", LayerRoute.Find(new LayerInput(layer, x, zeros(layer.WeightShape), null, (output, output))).Name);
        });
    }

    private static void Check(int stride, int height, int width, int small, int big, int batch)
    {
        var (smallHeight, smallWidth) = ((height + stride - 1) / stride, (width + stride - 1) / stride);
        var layers = Layers(stride, small, big);
        KernelContract.CheckLayer(layers[0], "Fourier", batch, height, width, hasBias: false, Tolerance);
        KernelContract.CheckLayer(layers[1], "Fourier", batch, smallHeight, smallWidth, hasBias: false, Tolerance, (height, width));
    }

    private static LayerSpec[] Layers(int stride, int small, int big) =>
        [new(LayerKind.Conv, big, small, 5, stride, 2), new(LayerKind.TransposedConv, small, big, 5, stride, 2)];
}
