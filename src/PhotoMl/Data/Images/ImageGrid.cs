using SkiaSharp;

namespace PhotoMl.Data;

/// <summary>Writes many small images into one picture, to be looked at.</summary>
public static class ImageGrid
{
    private const int Gap = 1;

    /// <summary>Writes a PNG file.</summary>
    /// <param name="path">The file; it is replaced where it exists.</param>
    /// <param name="images">The images, (N, channels, height, width), 0 black to 255 white.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <param name="height">The height of each image in pixels.</param>
    /// <param name="width">The width of each image in pixels.</param>
    /// <param name="columns">How many images stand side by side, at least 1.</param>
    /// <param name="scale">How many pixels a side each pixel is drawn as, at least 1.</param>
    public static void WritePng(string path, ReadOnlySpan<byte> images, int channels, int height, int width, int columns, int scale = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), $"Expected 1 or 3 channels but got {channels}.");
        }

        var size = channels * height * width;
        if (images.IsEmpty || images.Length % size != 0)
        {
            throw new ArgumentException($"Expected a multiple of {size} bytes but got {images.Length}.", nameof(images));
        }

        var count = images.Length / size;
        var rows = (count + columns - 1) / columns;
        var info = new SKImageInfo(Extent(Math.Min(columns, count), width, scale), Extent(rows, height, scale), SKColorType.Rgba8888, SKAlphaType.Opaque);
        var rgba = new byte[info.BytesSize];
        rgba.AsSpan().Fill(128);
        for (var i = 0; i < count; i++)
        {
            var corner = ((i / columns * ((height * scale) + Gap)) * info.Width) + (i % columns * ((width * scale) + Gap));
            Draw(images.Slice(i * size, size), channels, height, width, scale, rgba, corner, info.Width);
        }

        using var picture = SKImage.FromPixelCopy(info, rgba);
        using var png = picture.Encode(SKEncodedImageFormat.Png, quality: 100);
        File.WriteAllBytes(path, png.AsSpan());
    }

    private static int Extent(int count, int size, int scale) => (count * size * scale) + ((count - 1) * Gap);

    private static void Draw(ReadOnlySpan<byte> image, int channels, int height, int width, int scale, byte[] rgba, int corner, int stride)
    {
        for (var y = 0; y < height * scale; y++)
        {
            for (var x = 0; x < width * scale; x++)
            {
                var source = (y / scale * width) + (x / scale);
                var target = rgba.AsSpan(4 * (corner + (y * stride) + x), 4);
                for (var channel = 0; channel < 3; channel++)
                {
                    target[channel] = image[(channel % channels * height * width) + source];
                }

                target[3] = 255;
            }
        }
    }
}
