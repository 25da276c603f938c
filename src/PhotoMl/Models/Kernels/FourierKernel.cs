using System.Runtime.CompilerServices;

namespace PhotoMl.Models.Kernels;

/// <summary>Transforms images to the planes of <see cref="FourierPlanes"/> and back.</summary>
internal static unsafe class FourierKernel
{
    /// <summary>The longest spectrum, which bounds the memory on the stack.</summary>
    public const int LongestSpectrum = 24;

    /// <summary>From pixels to planes.</summary>
    /// <param name="pixels">The pixels, read.</param>
    /// <param name="planes">The planes, written.</param>
    /// <param name="channels">The number of channels, a multiple of 16.</param>
    /// <param name="vertical">The transform along the height.</param>
    /// <param name="horizontal">The transform along the width.</param>
    /// <param name="isResult">Whether as a result, otherwise as an operand.</param>
    /// <param name="start">The first image.</param>
    /// <param name="end">The image after the last.</param>
    [SkipLocalsInit]
    public static void Expand(
        PixelGrid pixels, PlaneGrid planes, int channels, FourierAxis vertical, FourierAxis horizontal, bool isResult, int start, int end)
    {
        var (height, width) = (vertical.Length, horizontal.Length);
        var down = vertical.Matrix;
        var across = horizontal.Matrix;
        var lines = stackalloc float[width * vertical.Pixels * ChannelMatrix.Channels]; // (width, rows, 16)
        var spectrum = stackalloc float[height * width * ChannelMatrix.Channels]; // (height, width, 16)
        for (var image = start; image < end; image++)
        {
            for (var channel = 0; channel < channels; channel += ChannelMatrix.Channels)
            {
                var from = pixels.Image(image, channel);
                for (var y = 0; y < vertical.Pixels; y++)
                {
                    ChannelMatrix.Multiply(
                        across, width, horizontal.Pixels, from + (y * pixels.RowStride), pixels.PixelStride,
                        lines + (y * ChannelMatrix.Channels), vertical.Pixels * ChannelMatrix.Channels);
                }

                for (var kx = 0; kx < width; kx++)
                {
                    ChannelMatrix.Multiply(
                        down, height, vertical.Pixels, lines + (kx * vertical.Pixels * ChannelMatrix.Channels), ChannelMatrix.Channels,
                        spectrum + (kx * ChannelMatrix.Channels), width * ChannelMatrix.Channels);
                }

                FourierPlanes.Spread(spectrum, height, width, planes.Image(image, channel), planes.PlaneStride, isResult);
            }
        }
    }

    /// <summary>From planes to pixels: the adjoint of <see cref="Expand"/>.</summary>
    /// <param name="planes">The planes, read.</param>
    /// <param name="pixels">The pixels, written.</param>
    /// <param name="channels">The number of channels, a multiple of 16.</param>
    /// <param name="vertical">The transform along the height.</param>
    /// <param name="horizontal">The transform along the width.</param>
    /// <param name="isResult">Whether as a result, otherwise as an operand.</param>
    /// <param name="start">The first image.</param>
    /// <param name="end">The image after the last.</param>
    [SkipLocalsInit]
    public static void Collapse(
        PlaneGrid planes, PixelGrid pixels, int channels, FourierAxis vertical, FourierAxis horizontal, bool isResult, int start, int end)
    {
        var (height, width) = (vertical.Length, horizontal.Length);
        var up = vertical.Transposed;
        var across = horizontal.Transposed;
        var lines = stackalloc float[width * vertical.Pixels * ChannelMatrix.Channels]; // (width, rows, 16)
        var spectrum = stackalloc float[height * width * ChannelMatrix.Channels]; // (height, width, 16)
        for (var image = start; image < end; image++)
        {
            for (var channel = 0; channel < channels; channel += ChannelMatrix.Channels)
            {
                FourierPlanes.Gather(planes.Image(image, channel), planes.PlaneStride, spectrum, height, width, isResult);
                for (var kx = 0; kx < width; kx++)
                {
                    ChannelMatrix.Multiply(
                        up, vertical.Pixels, height, spectrum + (kx * ChannelMatrix.Channels), width * ChannelMatrix.Channels,
                        lines + (kx * vertical.Pixels * ChannelMatrix.Channels), ChannelMatrix.Channels);
                }

                var to = pixels.Image(image, channel);
                for (var y = 0; y < vertical.Pixels; y++)
                {
                    ChannelMatrix.Multiply(
                        across, horizontal.Pixels, width, lines + (y * ChannelMatrix.Channels), vertical.Pixels * ChannelMatrix.Channels,
                        to + (y * pixels.RowStride), pixels.PixelStride);
                }
            }
        }
    }
}
