namespace PhotoMl.Tests.Kernels;

public sealed class FourierConvTests
{
    // Of the largest number expected; measured are 5e-7.
    private const double Tolerance = 1e-6;
    private const double TorchTolerance = 2e-5; // oneDNN adds up in another order

    public static TheoryData<int, int, int, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, int, int>();
            foreach (var stride in new[] { 1, 2 })
            {
                // Height and width of the big images, channels of the small and of the big images.
                cases.Add(stride, 7 * stride, 7 * stride, 48, 16);
                cases.Add(stride, 4, 4, 16, 32);
                cases.Add(stride, 5, 16, 16, 16);
                cases.Add(stride, 13, 8, 32, 16);
                cases.Add(stride, 1, 3, 16, 16);
                for (var size = 6; size <= 16; size++)
                {
                    cases.Add(stride, size, size, 16, 16);
                }

                cases.Add(stride, stride == 1 ? 16 : 24, 9, 16, 16); // the largest
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Result_and_gradients_are_those_of_torch(int stride, int height, int width, int small, int big) =>
        Check(stride, height, width, small, big, batch: 65, "Fourier", Tolerance);

    [Fact]
    public void A_batch_of_the_GAN_comes_as_close_to_the_exact_result() => Check(1, 7, 7, 256, 128, batch: 65, "Fourier", Tolerance);

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
