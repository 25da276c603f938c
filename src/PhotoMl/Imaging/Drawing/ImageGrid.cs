using PhotoMl.IO;

namespace PhotoMl.Imaging;

/// <summary>Makes one picture of many small images of one size, row by row, with a line of one pixel between neighbors.</summary>
/// <remarks><see cref="ImageFile.Decode(string, int, int)"/> reads back the very same bytes.</remarks>
public static class ImageGrid
{
    private const int Gap = 1;
    private const byte Background = 128;

    /// <summary>Writes a PNG file, whole or not at all.</summary>
    /// <param name="path">The file; it is replaced where it exists, and its folder must exist.</param>
    /// <param name="images">The images, (N, channels, height, width), 0 black to 255 white.</param>
    /// <param name="channels">1 for gray, 3 for red, green and blue.</param>
    /// <param name="height">The height of each image in pixels.</param>
    /// <param name="width">The width of each image in pixels.</param>
    /// <param name="columns">How many images stand side by side, at least 1.</param>
    /// <param name="scale">How many pixels a side each pixel is drawn as, at least 1.</param>
    /// <exception cref="ArgumentException">The bytes are no whole images, a number is out of range, or the grid is too large; see <see
    /// cref="SizeOf"/>.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void WritePng(string path, ReadOnlySpan<byte> images, int channels, int height, int width, int columns, int scale = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var png = EncodePng(images, channels, height, width, columns, scale);
        AtomicFile.Write(path, stream => stream.Write(png));
    }

    /// <summary>Makes the content of a PNG file, of 8 bits a pixel where the images are gray.</summary>
    /// <param name="images">The images, (N, channels, height, width), 0 black to 255 white.</param>
    /// <param name="channels">1 for gray, 3 for red, green and blue.</param>
    /// <param name="height">The height of each image in pixels.</param>
    /// <param name="width">The width of each image in pixels.</param>
    /// <param name="columns">How many images stand side by side, at least 1.</param>
    /// <param name="scale">How many pixels a side each pixel is drawn as, at least 1.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="ArgumentException">The bytes are no whole images, a number is out of range, or the grid is too large; see <see
    /// cref="SizeOf"/>.</exception>
    public static byte[] EncodePng(ReadOnlySpan<byte> images, int channels, int height, int width, int columns, int scale = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        var rows = DecodedImage.FromPlanes(images, channels, height, width).Chunk(columns).Select(row => new SheetRow("", row)).ToList();
        return new Sheet { Margin = 0, Gap = Gap, Scale = scale, IsGray = channels == 1, Background = Background }.EncodePng(rows);
    }

    /// <summary>Computes the size of a grid before its images are made.</summary>
    /// <param name="count">How many images there are, at least 1.</param>
    /// <param name="columns">How many stand side by side, at least 1.</param>
    /// <param name="height">The height of each image in pixels, at least 1.</param>
    /// <param name="width">The width of each image in pixels, at least 1.</param>
    /// <param name="scale">How many pixels a side each pixel is drawn as, at least 1.</param>
    /// <returns>The width and height of the whole picture in pixels.</returns>
    /// <exception cref="ArgumentException">
    /// A number is below 1, or the grid would be larger than 32,768 pixels a side or than <see cref="ImageFile.MaximumPixels"/> together,
    /// which <see cref="ImageFile"/> would not read back.
    /// </exception>
    public static (int Width, int Height) SizeOf(int count, int columns, int height, int width, int scale = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        var (pixelWidth, pixelHeight) = (Extent(Math.Min(columns, count), width), Extent(((count - 1) / columns) + 1, height));
        Sheet.CheckSize(pixelWidth, pixelHeight);
        return ((int)pixelWidth, (int)pixelHeight);

        double Extent(int tiles, int size) => (tiles * (((double)size * scale) + Gap)) - Gap;
    }

    /// <summary>Cuts an image out of a grid.</summary>
    internal static DecodedImage Tile(DecodedImage grid, int index, int columns, int height, int width) =>
        grid.Crop(index % columns * (width + Gap), index / columns * (height + Gap), width, height);
}
