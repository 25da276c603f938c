namespace PhotoMl.Tests.Kernels;

public sealed class PixelPhasesTests
{
    [Theory]
    [InlineData(3, 16, 18, 4, 11, 12)] // as for a 7x7 convolution of stride 2
    [InlineData(1, 9, 8, 1, 6, 5)]
    [InlineData(2, 5, 7, 0, 2, 3)] // the last row and column are cut off
    [InlineData(1, 1, 1, 2, 3, 3)]
    public void They_are_what_padding_and_unshuffling_gives(int channels, int height, int width, int padding, int rows, int columns)
    {
        using var scope = NewDisposeScope();
        long[] pads = [padding, (2 * columns) - width - padding, padding, (2 * rows) - height - padding];
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            KernelContract.Check(
                p => [PixelPhases.Of(p[0], padding, rows, columns)],
                p => [nn.functional.pixel_unshuffle(nn.functional.pad(p[0], pads), 2)],
                [TensorAssert.Normal(1, 3, channels, height, width).to(dtype)],
                gradients: 1,
                tolerance: 0,
                relative: 0);
        }
    }
}
