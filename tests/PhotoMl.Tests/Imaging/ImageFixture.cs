using PhotoMl.Imaging;
using SkiaSharp;

namespace PhotoMl.Tests.Imaging;

/// <summary>A folder that is gone after the test, and pictures to put into it.</summary>
public sealed class ImageFixture : IDisposable
{
    /// <summary>Handwritten digits as MNIST has them: gray, cut out and centered, light on dark.</summary>
    public static ImagePreprocessing Digits { get; } = new() { Fit = ImageFit.CenterOfMass, Foreground = ImageForeground.Light };

    /// <summary>Things as Fashion-MNIST has them: gray, the whole picture, light on dark.</summary>
    public static ImagePreprocessing Fashion { get; } = new() { Fit = ImageFit.Pad, Foreground = ImageForeground.Light };

    public string Folder { get; } = Directory.CreateTempSubdirectory("photoml-images-").FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, byte[] content)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Encodes pixels, (height, width, 4), not premultiplied.</summary>
    public static byte[] Encode(SKEncodedImageFormat format, int width, int height, byte[] rgba, int quality = 100)
    {
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        using var image = SKImage.FromPixelCopy(info, rgba);
        using var data = image.Encode(format, quality);
        return data.ToArray();
    }

    public static byte[] EncodeGrey(SKEncodedImageFormat format, int width, int height, Func<int, int, byte> pixel)
    {
        var rgba = new byte[4 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            rgba.AsSpan(4 * i, 3).Fill(pixel(i % width, i / width));
            rgba[(4 * i) + 3] = 255;
        }

        return Encode(format, width, height, rgba);
    }

    internal static DecodedImage Grey(int width, int height, Func<int, int, byte> pixel)
    {
        var rgb = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            rgb.AsSpan(3 * i, 3).Fill(pixel(i % width, i / width));
        }

        return new DecodedImage(width, height, rgb);
    }

    /// <summary>Draws the strokes of a 5, on a ground that the caller paints.</summary>
    internal static DecodedImage DrawFive(
        int width, int height, SKRect place, float pen, SKColor ink, Action<SKCanvas> paintGround)
    {
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var bitmap = new SKBitmap(info);
        using var canvas = new SKCanvas(bitmap);
        paintGround(canvas);
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
        path.CubicTo(place.Right + (place.Width / 3), place.MidY - (place.Height / 10), place.Right + (place.Width / 3), place.Bottom, place.Left, place.Bottom);
        canvas.DrawPath(path, paint);
        canvas.Flush();

        var rgba = bitmap.GetPixelSpan();
        var rgb = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            rgba.Slice(4 * i, 3).CopyTo(rgb.AsSpan(3 * i));
        }

        return new DecodedImage(width, height, rgb);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
