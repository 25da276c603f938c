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
        var (figure, ground) = isDarkOnLight ? (SKColors.Black, SKColors.White) : (SKColors.White, SKColors.Black);
        return WritePicture(path, Size * Scale, Size * Scale, canvas =>
        {
            canvas.Clear(ground);
            DrawRectangle(canvas, 4 * Scale, TopOf(label) * Scale, 20 * Scale, 3 * Scale, figure);
        });
    }

    /// <summary>Draws a picture and writes it, as a PNG file or as a JPEG of a quality.</summary>
    public static string WritePicture(string path, int width, int height, Action<SKCanvas> draw, int? jpegQuality = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var bitmap = new SKBitmap(width, height);
        using (var canvas = new SKCanvas(bitmap))
        {
            draw(canvas);
        }

        using var data = bitmap.Encode(jpegQuality is null ? SKEncodedImageFormat.Png : SKEncodedImageFormat.Jpeg, jpegQuality ?? 100);
        File.WriteAllBytes(path, data.ToArray());
        return path;
    }

    public static void DrawRectangle(SKCanvas canvas, int left, int top, int width, int height, SKColor color)
    {
        using var paint = new SKPaint { Color = color };
        canvas.DrawRect(left, top, width, height, paint);
    }

    /// <summary>Writes an IDX file of bytes.</summary>
    public static void WriteIdx(string path, byte[] values, params int[] dimensions) =>
        File.WriteAllBytes(
            path, [0, 0, 8, (byte)dimensions.Length, .. dimensions.SelectMany(size => BitConverter.GetBytes(size).Reverse()), .. values]);

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

        WriteIdx(Path.Combine(folder, $"{half}-images-idx3-ubyte"), pixels, count, size, size);
        WriteIdx(Path.Combine(folder, $"{half}-labels-idx1-ubyte"), labels, count);
    }

    private static int TopOf(int label) => 4 + (6 * label);
}
