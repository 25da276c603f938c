namespace PhotoMl.Imaging;

/// <summary>A picture as it is meant to be seen: upright, in sRGB, without transparency.</summary>
internal sealed class DecodedImage
{
    public DecodedImage(int width, int height, byte[] rgb)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
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

    public int Width { get; }
    public int Height { get; }

    /// <summary>The width of the whole picture; more than <see cref="Width"/> where the file was decoded to a smaller size.</summary>
    public int FullWidth { get; internal init; }

    public int FullHeight { get; internal init; }

    /// <summary>The pixels, (height, width, 3), sRGB, 0 to 255.</summary>
    public byte[] Rgb { get; }

    /// <summary>Makes pictures of images whose channels lie one after the other.</summary>
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
