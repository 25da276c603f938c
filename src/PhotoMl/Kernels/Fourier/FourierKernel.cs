using System.Runtime.CompilerServices;

namespace PhotoMl.Kernels;

/// <summary>Transforms images to the planes of <see cref="FourierPlanes"/> and back.</summary>
/// <remarks>The memory on the stack is at most 2 * 64 bytes times the area of the spectrum: 41 KB for 18 x 18.</remarks>
internal static unsafe class FourierKernel
{
    [SkipLocalsInit]
    public static void ToPlanes(FourierView view, int start, int end)
    {
        var (pixels, planes, channels, vertical, horizontal, isResult) = view;
        var (height, width, rows) = (vertical.Length, horizontal.Length, vertical.Pixels);
        var lines = stackalloc float[width * rows * ChannelMatrix.Channels]; // (width, rows, 16)
        var spectrum = stackalloc float[height * width * ChannelMatrix.Channels]; // (height, width, 16)
        for (var image = start; image < end; image++)
        {
            for (var channel = 0; channel < channels; channel += ChannelMatrix.Channels)
            {
                var from = pixels.Image(image, channel);
                var line = lines;
                for (var y = 0; y < rows; y++, from += pixels.RowStride, line += ChannelMatrix.Channels)
                {
                    ChannelMatrix.Multiply(
                        horizontal.Matrix, width, horizontal.Pixels, from, pixels.PixelStride, line, rows * ChannelMatrix.Channels);
                }

                for (var kx = 0; kx < width; kx++)
                {
                    ChannelMatrix.Multiply(
                        vertical.Matrix, height, rows, lines + (kx * rows * ChannelMatrix.Channels), ChannelMatrix.Channels,
                        spectrum + (kx * ChannelMatrix.Channels), width * ChannelMatrix.Channels);
                }

                FourierPlanes.Write(spectrum, height, width, planes.Image(image, channel), planes.PlaneStride, isResult);
            }
        }
    }

    /// <summary>From planes to pixels: the adjoint of <see cref="ToPlanes"/>.</summary>
    [SkipLocalsInit]
    public static void ToPixels(FourierView view, int start, int end)
    {
        var (pixels, planes, channels, vertical, horizontal, isResult) = view;
        var (height, width, rows) = (vertical.Length, horizontal.Length, vertical.Pixels);
        var lines = stackalloc float[width * rows * ChannelMatrix.Channels]; // (width, rows, 16)
        var spectrum = stackalloc float[height * width * ChannelMatrix.Channels]; // (height, width, 16)
        for (var image = start; image < end; image++)
        {
            for (var channel = 0; channel < channels; channel += ChannelMatrix.Channels)
            {
                FourierPlanes.Read(planes.Image(image, channel), planes.PlaneStride, spectrum, height, width, isResult);
                for (var kx = 0; kx < width; kx++)
                {
                    ChannelMatrix.Multiply(
                        vertical.Transposed, rows, height, spectrum + (kx * ChannelMatrix.Channels), width * ChannelMatrix.Channels,
                        lines + (kx * rows * ChannelMatrix.Channels), ChannelMatrix.Channels);
                }

                var to = pixels.Image(image, channel);
                var line = lines;
                for (var y = 0; y < rows; y++, to += pixels.RowStride, line += ChannelMatrix.Channels)
                {
                    ChannelMatrix.Multiply(
                        horizontal.Transposed, horizontal.Pixels, width, line, rows * ChannelMatrix.Channels, to, pixels.PixelStride);
                }
            }
        }
    }
}

/// <summary>Where the transform of a batch of images, or of one phase of them, reads and writes.</summary>
internal sealed record FourierView(
    PixelGrid Pixels, PlaneGrid Planes, int Channels, FourierAxis Vertical, FourierAxis Horizontal, bool IsResult);
