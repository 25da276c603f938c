using PhotoMl.Data;
using SkiaSharp;

namespace PhotoMl.Cli.Tests;

/// <summary>Images that anybody can tell apart: a light bar on dark ground whose row is the class.</summary>
internal static class Bars
{
    public const int Size = 28;
    public const int Classes = 4;

    /// <summary>Writes a folder of the four IDX files.</summary>
    public static string WriteSet(string folder, int train = 400, int test = 80, int size = Size, int classes = Classes)
    {
        Directory.CreateDirectory(folder);
        Write(folder, "train", train, size, classes, seed: 1);
        Write(folder, "t10k", test, size, classes, seed: 2);
        return folder;
    }

    /// <summary>Writes one image as a PNG file of ten times the size.</summary>
    public static string WritePng(string path, int label, bool isDarkOnLight = false)
    {
        const int Scale = 10;
        using var bitmap = new SKBitmap(Size * Scale, Size * Scale);
        var (figure, ground) = isDarkOnLight ? (SKColors.Black, SKColors.White) : (SKColors.White, SKColors.Black);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(ground);
            using var paint = new SKPaint { Color = figure };
            canvas.DrawRect(4 * Scale, TopOf(label) * Scale, 20 * Scale, 3 * Scale, paint);
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        File.WriteAllBytes(path, png.ToArray());
        return path;
    }

    private static void Write(string folder, string half, int count, int size, int classes, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[count * size * size];
        var labels = new byte[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = (byte)(i % classes);
            for (var y = TopOf(labels[i]); y < Math.Min(TopOf(labels[i]) + 3, size); y++)
            {
                pixels.AsSpan((((i * size) + y) * size) + 4, size - 8).Fill((byte)random.Next(128, 256));
            }
        }

        IdxFile.WriteImages(Path.Combine(folder, $"{half}-images-idx3-ubyte"), new IdxImages(count, size, size, pixels));
        IdxFile.WriteLabels(Path.Combine(folder, $"{half}-labels-idx1-ubyte"), labels);
    }

    private static int TopOf(int label) => 4 + (6 * label);
}
