using SkiaSharp;

namespace PhotoMl.Imaging;

/// <summary>A picture in the making that becomes a PNG file, gray or in color.</summary>
internal sealed class PngCanvas
{
    private readonly SKImageInfo _info;
    private readonly byte[] _pixels;

    public PngCanvas(int width, int height, bool isGray, byte background)
    {
        _info = new SKImageInfo(width, height, isGray ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
        _pixels = new byte[_info.BytesSize];
        _pixels.AsSpan().Fill(background);
    }

    public static byte[] EncodePng(DecodedImage picture)
    {
        var canvas = new PngCanvas(picture.Width, picture.Height, isGray: false, background: 0);
        canvas.Draw(picture, 0, 0);
        return canvas.EncodePng();
    }

    /// <summary>Fills a square with a color of three bytes, of which a gray picture takes the first.</summary>
    public void Fill(int left, int top, int side, ReadOnlySpan<byte> rgb)
    {
        var color = rgb[..Math.Min(rgb.Length, _info.BytesPerPixel)];
        for (var y = top; y < top + side; y++)
        {
            for (var x = left; x < left + side; x++)
            {
                color.CopyTo(_pixels.AsSpan((y * _info.RowBytes) + (x * _info.BytesPerPixel)));
            }
        }
    }

    public void Draw(DecodedImage picture, int left, int top, int scale = 1)
    {
        for (var i = 0; i < picture.Width * picture.Height; i++)
        {
            Fill(left + (i % picture.Width * scale), top + (i / picture.Width * scale), scale, picture.Pixels.Slice(3 * i, 3));
        }
    }

    /// <summary>Encodes the picture; a gray one takes 8 bits a pixel, and no value is changed.</summary>
    public unsafe byte[] EncodePng()
    {
        fixed (byte* pixels = _pixels)
        {
            using var pixmap = new SKPixmap(_info, (nint)pixels);
            using var png = pixmap.Encode(SKPngEncoderOptions.Default);
            return png?.ToArray()
                ?? throw new InvalidOperationException($"Expected {_info.Width} x {_info.Height} pixels to encode but the encoder failed.");
        }
    }
}
