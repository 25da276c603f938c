using PhotoMl.Imaging;
using static TorchSharp.torch;

namespace PhotoMl.Data;

/// <summary>Brings the images of a whole data set to another size or number of channels.</summary>
internal static class ImageConversion
{
    // What is worked on at a time: large enough for all processors, small beside any data set.
    private const int BlockBytes = 16 << 20;

    /// <summary>Converts images: images, (N, channels, height, width), uint8.</summary>
    public static Tensor Convert(PixelStore images, int channels, int height, int width)
    {
        var size = new Size(images.Channels, images.Height, images.Width);
        var newSize = new Size(channels, height, width);
        var count = images.Count;
        var step = Math.Clamp(BlockBytes / Math.Max(size.Bytes, newSize.Bytes), 1, Math.Max(1, count));
        var (source, target) = (new byte[step * size.Bytes], new byte[step * newSize.Bytes]);
        var converted = empty([count, channels, height, width], ScalarType.Byte);
        for (var start = 0; start < count; start += step)
        {
            var block = Math.Min(step, count - start);
            using var from = images.Take(start, block);
            using var dense = from.contiguous();
            using var to = converted.narrow(0, start, block);
            dense.bytes.CopyTo(source);
            if (size == newSize)
            {
                source.AsSpan(0, block * size.Bytes).CopyTo(to.bytes);
                continue;
            }

            Parallel.For(0, block, i => Convert(
                source.AsMemory(i * size.Bytes, size.Bytes), size, target.AsSpan(i * newSize.Bytes, newSize.Bytes), newSize));
            target.AsSpan(0, block * newSize.Bytes).CopyTo(to.bytes);
        }

        return converted;
    }

    private static void Convert(ReadOnlyMemory<byte> image, Size size, Span<byte> converted, Size newSize)
    {
        // Color stays color channel by channel; else there is one plane, and a color image gets it three times.
        var planes = size.Channels == 3 && newSize.Channels == 3 ? 3 : 1;
        for (var channel = 0; channel < newSize.Channels; channel++)
        {
            var target = converted.Slice(channel * newSize.Plane, newSize.Plane);
            if (channel < planes)
            {
                var rows = size.Channels > newSize.Channels ? GrayRows(image, size) : ChannelRows(image, size, channel);
                Round(ImageResizer.Resize(rows, size.Width, size.Height, newSize.Width, newSize.Height), target);
            }
            else
            {
                converted[..newSize.Plane].CopyTo(target);
            }
        }
    }

    private static ImageResizer.RowReader ChannelRows(ReadOnlyMemory<byte> image, Size size, int channel) => (y, row) =>
    {
        var pixels = image.Span.Slice((channel * size.Plane) + (y * size.Width), size.Width);
        for (var x = 0; x < row.Length; x++)
        {
            row[x] = pixels[x];
        }
    };

    private static ImageResizer.RowReader GrayRows(ReadOnlyMemory<byte> image, Size size) => (y, row) =>
    {
        var pixels = image.Span[(y * size.Width)..];
        for (var x = 0; x < row.Length; x++)
        {
            row[x] = FloatImage.Luma(pixels[x], pixels[size.Plane + x], pixels[(2 * size.Plane) + x]);
        }
    };

    private static void Round(FloatImage plane, Span<byte> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = FloatImage.Round(plane.Values[i]);
        }
    }

    private readonly record struct Size(int Channels, int Height, int Width)
    {
        public int Plane => Height * Width;

        public int Bytes => Channels * Plane;
    }
}
