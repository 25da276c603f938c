using System.Buffers;

namespace PhotoMl.Imaging;

/// <summary>A picture as it is meant to be seen: upright, in sRGB, without transparency.</summary>
/// <remarks>Where many are decoded, each leaves its memory to the next: arrays as large as a photo's cost a full collection every few
/// photos.</remarks>
internal sealed class DecodedImage(int width, int height, byte[] rgb) : IDisposable
{
    // Larger ones are rare, and an array of the pool may be twice as large as asked for.
    private const int MostPooledBytes = 16 << 20;

    private byte[]? _rgb = rgb;
    private bool _isPooled;

    public int Width { get; } = width;
    public int Height { get; } = height;

    /// <summary>The size of the whole picture, which is larger where the file was decoded to fewer pixels.</summary>
    public (int Width, int Height) FullSize { get; init; } = (width, height);

    /// <summary>The pixels, (height, width, 3), sRGB, 0 to 255.</summary>
    public Span<byte> Pixels => (_rgb ?? throw new ObjectDisposedException(nameof(DecodedImage))).AsSpan(0, 3 * Width * Height);

    /// <summary>Makes a picture of any content, in memory of the pool where it is not too large.</summary>
    public static DecodedImage Create(int width, int height, (int Width, int Height) fullSize)
    {
        var bytes = 3 * width * height;
        var isPooled = bytes <= MostPooledBytes;
        var pixels = isPooled ? ArrayPool<byte>.Shared.Rent(bytes) : GC.AllocateUninitializedArray<byte>(bytes);
        return new DecodedImage(width, height, pixels) { FullSize = fullSize, _isPooled = isPooled };
    }

    /// <summary>Makes pictures of images, (N, 1 or 3, height, width), uint8.</summary>
    public static DecodedImage[] FromTensor(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (height, width) = ((int)images.shape[2], (int)images.shape[3]);
        var pixels = images.expand(-1, 3, -1, -1).permute(0, 2, 3, 1).contiguous().bytes.ToArray(); // (N, height, width, 3)
        return [.. pixels.Chunk(3 * height * width).Select(rgb => new DecodedImage(width, height, rgb))];
    }

    public DecodedImage Crop(int left, int top, int width, int height)
    {
        var rgb = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
        {
            Pixels.Slice(3 * (((top + y) * Width) + left), 3 * width).CopyTo(rgb.AsSpan(3 * y * width));
        }

        return new DecodedImage(width, height, rgb);
    }

    /// <summary>Resizes for display: to so many pixels on the longer side, or enlarged, as near below as whole factors allow.</summary>
    public DecodedImage FitDisplay(int side)
    {
        var factor = side / Math.Max(Width, Height);
        if (factor == 0)
        {
            var (width, height) = FloatImage.FitInside(Width, Height, side, side);
            return new DecodedImage(width, height, ImageResizer.Resize(this, 3, width, height).Round());
        }

        var rgb = new byte[Pixels.Length * factor * factor];
        for (var i = 0; i < rgb.Length / 3; i++)
        {
            var (x, y) = (i % (Width * factor), i / (Width * factor));
            Pixels.Slice(3 * ((y / factor * Width) + (x / factor)), 3).CopyTo(rgb.AsSpan(3 * i));
        }

        return new DecodedImage(Width * factor, Height * factor, rgb);
    }

    /// <summary>Makes a picture that need not be disposed of one that had to be.</summary>
    public DecodedImage Detach()
    {
        if (!_isPooled)
        {
            return this;
        }

        using (this)
        {
            return new DecodedImage(Width, Height, Pixels.ToArray()) { FullSize = FullSize };
        }
    }

    /// <summary>Gives its memory back, where it is the pool's.</summary>
    public void Dispose()
    {
        if (_isPooled && _rgb is { } pixels)
        {
            _rgb = null;
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }
}
