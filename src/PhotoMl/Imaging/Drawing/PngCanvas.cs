using SkiaSharp;

namespace PhotoMl.Imaging;

/// <summary>A picture in the making that becomes a PNG file, grey or in colour.</summary>
internal sealed class PngCanvas
{
    private readonly SKImageInfo _info;
    private readonly byte[] _pixels;

    /// <summary>Makes a picture of one shade.</summary>
    public PngCanvas(int width, int height, bool isGrey, byte ground)
    {
        _info = new SKImageInfo(width, height, isGrey ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
        _pixels = new byte[_info.BytesSize];
        _pixels.AsSpan().Fill(ground);
    }

    /// <summary>Sets a pixel; of a grey picture it is the shade that counts.</summary>
    public void Set(int x, int y, byte red, byte green, byte blue)
    {
        var at = (y * _info.RowBytes) + (x * _info.BytesPerPixel);
        _pixels[at] = red;
        if (_info.BytesPerPixel > 1)
        {
            (_pixels[at + 1], _pixels[at + 2]) = (green, blue);
        }
    }

    /// <summary>Draws a picture at its own size.</summary>
    public void Draw(DecodedImage picture, int left, int top)
    {
        for (var i = 0; i < picture.Width * picture.Height; i++)
        {
            Set(left + (i % picture.Width), top + (i / picture.Width), picture.Rgb[3 * i], picture.Rgb[(3 * i) + 1], picture.Rgb[(3 * i) + 2]);
        }
    }

    /// <summary>Encodes the picture; a grey one takes 8 bits a pixel, and no value is changed.</summary>
    public unsafe byte[] EncodePng()
    {
        fixed (byte* pixels = _pixels)
        {
            using var pixmap = new SKPixmap(_info, (nint)pixels);
            using var png = pixmap.Encode(SKPngEncoderOptions.Default)
                ?? throw new InvalidOperationException($"Expected {_info.Width} x {_info.Height} pixels to become a PNG file, but the encoder failed.");
            return png.ToArray();
        }
    }
}
