namespace PhotoMl.Imaging;

/// <summary>A picture as it is meant to be seen: upright, in sRGB, without transparency.</summary>
public sealed class DecodedImage
{
    /// <summary>Takes over the pixels of a picture.</summary>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <param name="rgb">The pixels row by row, red, green and blue of each side by side: (height, width, 3), sRGB, 0 to 255.</param>
    /// <exception cref="ArgumentException">The number of bytes does not fit the size.</exception>
    public DecodedImage(int width, int height, byte[] rgb)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(rgb);
        if (rgb.Length != 3L * width * height)
        {
            throw new ArgumentException($"Expected {3L * width * height} bytes for {width} x {height} pixels but got {rgb.Length}.", nameof(rgb));
        }

        Width = width;
        Height = height;
        Rgb = rgb;
        (FullWidth, FullHeight) = (width, height);
    }

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>The height in pixels.</summary>
    public int Height { get; }

    /// <summary>The width of the whole picture; more than <see cref="Width"/> where the file was decoded to a smaller size.</summary>
    public int FullWidth { get; internal init; }

    /// <summary>The height of the whole picture.</summary>
    public int FullHeight { get; internal init; }

    /// <summary>The pixels, (height, width, 3), sRGB, 0 to 255.</summary>
    public byte[] Rgb { get; }
}
