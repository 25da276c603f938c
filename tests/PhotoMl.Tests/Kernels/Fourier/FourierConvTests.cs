namespace PhotoMl.Tests.Kernels;

public sealed class FourierConvTests
{
    // Of the largest number expected; measured are 5e-7.
    private const double Tolerance = 1e-6;
    private const double TorchTolerance = 2e-5; // oneDNN adds up in another order

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
        Check(stride, height, width, small, big, batch: stride == 1 ? 25 : 65, "Fourier", Tolerance);

    [Fact]
    public void A_batch_of_the_GAN_comes_as_close_to_the_exact_result() => Check(1, 7, 7, 256, 128, batch: 24, "Fourier", Tolerance);

    [Theory]
    [InlineData(20, 16, 8, 64)] // channels
    [InlineData(16, 20, 8, 64)]
    [InlineData(16, 16, 8, 63)] // few images
    [InlineData(16, 16, 26, 64)] // large images
    public void What_the_kernel_cannot_take_is_left_to_torch(int small, int big, int size, int batch) =>
        Check(2, size, size, small, big, batch, "oneDNN", TorchTolerance);

    private static void Check(int stride, int height, int width, int small, int big, int batch, string route, double tolerance)
    {
        var (smallHeight, smallWidth) = ((height + stride - 1) / stride, (width + stride - 1) / stride);
        var conv = new LayerSpec(LayerKind.Conv, big, small, 5, stride, 2);
        var transposed = new LayerSpec(LayerKind.TransposedConv, small, big, 5, stride, 2);
        KernelContract.CheckLayer(conv, route, batch, height, width, hasBias: false, tolerance);
        KernelContract.CheckLayer(transposed, route, batch, smallHeight, smallWidth, hasBias: false, tolerance, (height, width));
    }
}
