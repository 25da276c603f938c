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
            throw new ArgumentException(
                $"Expected {3L * width * height} bytes for {width} x {height} pixels but got {rgb.Length}.", nameof(rgb));
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

    /// <summary>Makes pictures of images whose channels lie one after the other.</summary>
    /// <param name="images">The images, (N, channels, height, width).</param>
    /// <param name="channels">1 for gray, 3 for red, green and blue.</param>
    /// <param name="height">The height of each image in pixels.</param>
    /// <param name="width">The width of each image in pixels.</param>
    /// <exception cref="ArgumentException">The bytes are no whole images, or a number is out of range.</exception>
    internal static DecodedImage[] FromPlanes(ReadOnlySpan<byte> images, int channels, int height, int width)
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

        var plane = height * width;
        var pictures = new DecodedImage[(int)(images.Length / size)];
        for (var i = 0; i < pictures.Length; i++)
        {
            var image = images.Slice(i * (int)size, (int)size);
            var rgb = new byte[3 * plane];
            for (var at = 0; at < rgb.Length; at++)
            {
                rgb[at] = image[(at % channels * plane) + (at / 3)];
            }

            pictures[i] = new DecodedImage(width, height, rgb);
        }

        return pictures;
    }

    /// <summary>Cuts out a rectangle that lies within the picture.</summary>
    internal DecodedImage Crop(int left, int top, int width, int height)
    {
        var rgb = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
        {
            Rgb.AsSpan(3 * (((top + y) * Width) + left), 3 * width).CopyTo(rgb.AsSpan(3 * y * width));
        }

        return new DecodedImage(width, height, rgb);
    }
}
