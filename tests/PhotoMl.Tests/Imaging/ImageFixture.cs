namespace PhotoMl.Tests.Imaging;

/// <summary>A folder that is gone after the test, and pictures to put into it.</summary>
public sealed class ImageFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Handwritten digits as MNIST has them: gray, cut out and centered, light on dark.</summary>
    public static ImagePreprocessing Digits { get; } = new() { Fit = ImageFit.CenterOfMass, Foreground = ImageForeground.Light };

    /// <summary>Things as Fashion-MNIST has them: gray, the whole picture, light on dark.</summary>
    public static ImagePreprocessing Fashion { get; } = new() { Fit = ImageFit.Pad, Foreground = ImageForeground.Light };

    public string Folder => _folder.Path;

    public string PathOf(string name) => _folder.File(name);

    public string Write(string name, byte[] content) => _folder.Write(name, content);

    public void Dispose() => _folder.Dispose();

    /// <summary>Encodes pixels, (height, width, 4), not premultiplied.</summary>
    public static byte[] Encode(
        SKEncodedImageFormat format, int width, int height, byte[] rgba, int quality = 100, SKColorSpace? colors = null)
    {
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul, colors);
        using var image = SKImage.FromPixelCopy(info, rgba);
        using var data = image.Encode(format, quality);
        return data.ToArray();
    }

    public static byte[] EncodeGrey(SKEncodedImageFormat format, int width, int height, Func<int, int, byte> pixel, int quality = 100) =>
        Encode(format, width, height, [.. Grey(width, height, pixel).Rgb.Chunk(3).SelectMany(rgb => (byte[])[.. rgb, 255])], quality);

    internal static DecodedImage Grey(int width, int height, Func<int, int, byte> pixel)
    {
        var rgb = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            rgb.AsSpan(3 * i, 3).Fill(pixel(i % width, i / width));
        }

        return new DecodedImage(width, height, rgb);
    }

    /// <summary>Draws the strokes of a 5, on a background that the caller paints.</summary>
    internal static DecodedImage DrawFive(int width, int height, SKRect place, float pen, SKColor ink, Action<SKCanvas> paintBackground)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        paintBackground(canvas);
        using var paint = new SKPaint
        {
            Color = ink,
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = pen,
            StrokeCap = SKStrokeCap.Round,
            StrokeJoin = SKStrokeJoin.Round,
        };
        using var path = new SKPath();
        path.MoveTo(place.Right, place.Top);
        path.LineTo(place.Left, place.Top);
        path.LineTo(place.Left, place.MidY);
        var beyond = place.Right + (place.Width / 3);
        path.CubicTo(beyond, place.MidY - (place.Height / 10), beyond, place.Bottom, place.Left, place.Bottom);
        canvas.DrawPath(path, paint);
        canvas.Flush();
        return new DecodedImage(width, height, [.. bitmap.GetPixelSpan().ToArray().Where((_, i) => i % 4 < 3)]);
    }
}
