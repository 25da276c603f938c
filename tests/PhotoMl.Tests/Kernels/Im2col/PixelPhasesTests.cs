namespace PhotoMl.Tests.Kernels;

public sealed class PixelPhasesTests
{
    [Theory]
    [InlineData(3, 16, 18, 4)]
    [InlineData(1, 9, 8, 1)]
    [InlineData(2, 5, 7, 0)]
    public void They_are_what_padding_and_unshuffling_gives_bit_by_bit(int channels, int height, int width, int padding)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = ((height + (2 * padding) + 1) / 2, (width + (2 * padding) + 1) / 2);
        var images = TensorAssert.Normal(1, 3, channels, height, width);
        Tensor expected = images.clone().requires_grad_(), actual = images.clone().requires_grad_();
        long[] pads = [padding, (2 * columns) - width - padding, padding, (2 * rows) - height - padding];
        var unshuffled = nn.functional.pixel_unshuffle(nn.functional.pad(expected, pads), 2);
        var upstream = TensorAssert.Normal(2, unshuffled.shape);
        unshuffled.backward([upstream]);

        var phases = PixelPhases.Of(actual, padding, rows, columns);
        phases.backward([upstream]);

        TensorAssert.Equal(unshuffled, phases);
        TensorAssert.Equal(expected.grad!, actual.grad!);
    }
}
