using PhotoMl.IO;

namespace PhotoMl.Imaging;

/// <summary>Makes one picture of many small images, to be looked at.</summary>
/// <remarks>The images stand as <see cref="ImageGridLayout"/> says, on grey, 128. <see cref="ImageFile.Decode(string)"/> reads back the very same bytes.</remarks>
public static class ImageGrid
{
    private const byte Ground = 128;

    /// <summary>Writes a PNG file, whole or not at all.</summary>
    /// <param name="path">The file; it is replaced where it exists, and its folder must exist.</param>
    /// <param name="images">The images, (N, channels, height, width), 0 black to 255 white.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <param name="height">The height of each image in pixels.</param>
    /// <param name="width">The width of each image in pixels.</param>
    /// <param name="columns">How many images stand side by side, at least 1.</param>
    /// <param name="scale">How many pixels a side each pixel is drawn as, at least 1.</param>
    /// <exception cref="ArgumentException">The bytes are no whole images, a number is out of range, or the grid would be too large for <see cref="ImageGridLayout"/>.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void WritePng(string path, ReadOnlySpan<byte> images, int channels, int height, int width, int columns, int scale = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var png = EncodePng(images, channels, height, width, columns, scale);
        AtomicFile.Write(path, stream => stream.Write(png));
    }

    /// <summary>Makes the content of a PNG file, of 8 bits a pixel where the images are grey.</summary>
    /// <param name="images">The images, (N, channels, height, width), 0 black to 255 white.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue.</param>
    /// <param name="height">The height of each image in pixels.</param>
    /// <param name="width">The width of each image in pixels.</param>
    /// <param name="columns">How many images stand side by side, at least 1.</param>
    /// <param name="scale">How many pixels a side each pixel is drawn as, at least 1.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="ArgumentException">The bytes are no whole images, a number is out of range, or the grid would be too large for <see cref="ImageGridLayout"/>.</exception>
    public static byte[] EncodePng(ReadOnlySpan<byte> images, int channels, int height, int width, int columns, int scale = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), $"Expected 1 or 3 channels but got {channels}.");
        }

        var size = (Int128)channels * height * width;
        if (images.IsEmpty || images.Length % size != 0)
        {
            throw new ArgumentException($"Expected a multiple of {size} bytes but got {images.Length}.", nameof(images));
        }

        var layout = new ImageGridLayout((int)(images.Length / size), columns, height, width, scale);
        var canvas = new PngCanvas(layout.PixelWidth, layout.PixelHeight, channels == 1, Ground);
        for (var i = 0; i < layout.Count; i++)
        {
            Draw(images.Slice(i * (int)size, (int)size), layout, i, canvas);
        }

        return canvas.EncodePng();
    }

    private static void Draw(ReadOnlySpan<byte> image, ImageGridLayout layout, int index, PngCanvas canvas)
    {
        var (left, top) = layout.CornerOf(index);
        var plane = layout.Height * layout.Width;
        var (green, blue) = image.Length == plane ? (0, 0) : (plane, 2 * plane);
        for (var y = 0; y < layout.Height * layout.Scale; y++)
        {
            for (var x = 0; x < layout.Width * layout.Scale; x++)
            {
                var source = (y / layout.Scale * layout.Width) + (x / layout.Scale);
                canvas.Set(left + x, top + y, image[source], image[green + source], image[blue + source]);
            }
        }
    }
}
