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

    public void Set(int x, int y, byte red, byte green, byte blue)
    {
        var at = (y * _info.RowBytes) + (x * _info.BytesPerPixel);
        _pixels[at] = red;
        if (_info.BytesPerPixel > 1)
        {
            (_pixels[at + 1], _pixels[at + 2]) = (green, blue);
        }
    }

    public void Draw(DecodedImage picture, int left, int top, int scale = 1)
    {
        for (var y = 0; y < picture.Height * scale; y++)
        {
            for (var x = 0; x < picture.Width * scale; x++)
            {
                var at = 3 * ((y / scale * picture.Width) + (x / scale));
                Set(left + x, top + y, picture.Rgb[at], picture.Rgb[at + 1], picture.Rgb[at + 2]);
            }
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
