namespace PhotoMl.Imaging;

/// <summary>Where each image lies in a picture of many that <see cref="ImageGrid"/> makes.</summary>
/// <remarks>Images stand row by row, from the left, with a line of one pixel between neighbours.</remarks>
public sealed record ImageGridLayout
{
    /// <summary>The largest width and height of a grid in pixels: 32,768.</summary>
    public const int MaximumSide = 1 << 15;

    private const int Gap = 1;

    /// <summary>Lays out a grid.</summary>
    /// <param name="count">How many images there are, at least 1.</param>
    /// <param name="columns">How many stand side by side, at least 1.</param>
    /// <param name="height">The height of each image in pixels, at least 1.</param>
    /// <param name="width">The width of each image in pixels, at least 1.</param>
    /// <param name="scale">How many pixels a side each pixel is drawn as, at least 1.</param>
    /// <exception cref="ArgumentException">
    /// A number is below 1, or the grid would be larger than <see cref="MaximumSide"/> a side or than <see cref="ImageFile.MaximumPixels"/> together,
    /// which <see cref="ImageFile"/> would not read back.
    /// </exception>
    public ImageGridLayout(int count, int columns, int height, int width, int scale = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        (Count, Columns, Height, Width, Scale) = (count, columns, height, width, scale);
        Rows = ((count - 1) / columns) + 1;

        var pixelWidth = Extent(Math.Min(columns, count), width, scale);
        var pixelHeight = Extent(Rows, height, scale);
        CheckSize(pixelWidth, pixelHeight);
        (PixelWidth, PixelHeight) = ((int)pixelWidth, (int)pixelHeight);
    }

    /// <summary>How many images there are.</summary>
    public int Count { get; }

    /// <summary>How many images stand side by side in a full row.</summary>
    public int Columns { get; }

    /// <summary>The height of each image in pixels, before it is scaled.</summary>
    public int Height { get; }

    /// <summary>The width of each image in pixels, before it is scaled.</summary>
    public int Width { get; }

    /// <summary>How many pixels a side each pixel is drawn as.</summary>
    public int Scale { get; }

    /// <summary>How many rows there are; the last may not be full.</summary>
    public int Rows { get; }

    /// <summary>The width of the whole picture in pixels.</summary>
    public int PixelWidth { get; }

    /// <summary>The height of the whole picture in pixels.</summary>
    public int PixelHeight { get; }

    /// <summary>Computes where an image lies; it takes <see cref="Width"/> x <see cref="Scale"/> by <see cref="Height"/> x <see cref="Scale"/> pixels from there.</summary>
    /// <param name="index">Which image, from 0.</param>
    /// <returns>The place of its first pixel, counted in pixels from the picture's left and top.</returns>
    public (int Left, int Top) CornerOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return (index % Columns * ((Width * Scale) + Gap), index / Columns * ((Height * Scale) + Gap));
    }

    /// <summary>Refuses a picture that is too large to be read back.</summary>
    internal static void CheckSize(Int128 width, Int128 height)
    {
        if (width > MaximumSide || height > MaximumSide || width * height > ImageFile.MaximumPixels)
        {
            throw new ArgumentException(
                $"Expected a picture of at most {MaximumSide} pixels a side and {ImageFile.MaximumPixels / 1_000_000} megapixels, but got {width} x {height} pixels.");
        }
    }

    // Three numbers of 31 bits do not fit 64.
    private static Int128 Extent(int count, int size, int scale) => ((Int128)count * size * scale) + ((count - 1) * (Int128)Gap);
}
