using PhotoMl.Data;
using PhotoMl.Runtime;
using SkiaSharp;

namespace PhotoMl.Benchmarks;

/// <summary>
/// Pictures of nothing that a model of digits or clothes has learnt: noise, blank frames, letters like no digit, and what the other knows.
/// </summary>
internal static class NoClassPictures
{
    private const int Size = 28;
    private const int LetterSize = 112;
    private const int Count = 200;
    private const int BlankCount = 20;

    // Strokes in a square, as x and y; letters that can be read as a digit, such as B, O, S and Z, are not among them.
    private static readonly Dictionary<string, float[][]> Letters = new()
    {
        ["A"] = [[0.1f, 1, 0.5f, 0, 0.9f, 1], [0.28f, 0.62f, 0.72f, 0.62f]],
        ["E"] = [[0.9f, 0, 0.15f, 0, 0.15f, 1, 0.9f, 1], [0.15f, 0.5f, 0.75f, 0.5f]],
        ["F"] = [[0.9f, 0, 0.15f, 0, 0.15f, 1], [0.15f, 0.5f, 0.75f, 0.5f]],
        ["H"] = [[0.1f, 0, 0.1f, 1], [0.9f, 0, 0.9f, 1], [0.1f, 0.5f, 0.9f, 0.5f]],
        ["K"] = [[0.15f, 0, 0.15f, 1], [0.85f, 0, 0.15f, 0.55f], [0.35f, 0.4f, 0.9f, 1]],
        ["M"] = [[0.05f, 1, 0.1f, 0, 0.5f, 0.6f, 0.9f, 0, 0.95f, 1]],
        ["N"] = [[0.1f, 1, 0.1f, 0, 0.9f, 1, 0.9f, 0]],
        ["R"] = [[0.15f, 1, 0.15f, 0, 0.7f, 0, 0.85f, 0.25f, 0.7f, 0.5f, 0.15f, 0.5f], [0.45f, 0.5f, 0.9f, 1]],
        ["W"] = [[0.05f, 0, 0.25f, 1, 0.5f, 0.35f, 0.75f, 1, 0.95f, 0]],
        ["X"] = [[0.1f, 0, 0.9f, 1], [0.9f, 0, 0.1f, 1]],
    };

    /// <summary>Writes the pictures, a folder a kind.</summary>
    public static void Write(string folder)
    {
        for (var i = 0; i < Count; i++)
        {
            var random = new DeterministicRandom(1, i);
            var (name, strokes) = Letters.ElementAt(i % Letters.Count);
            Save(folder, "letters", $"{name}-{i:D3}", DrawLetter(strokes, random));
            Save(folder, "noise", $"{i:D3}", Fill(Size, () => (byte)random.NextInt32(256)));
        }

        for (var i = 0; i < BlankCount; i++)
        {
            Save(folder, "black", $"{i:D3}", Fill(Size + (8 * i), () => 0));
        }

        WriteTestImages(folder, "mnist");
        WriteTestImages(folder, "fashion-mnist");
    }

    private static void WriteTestImages(string folder, string set)
    {
        try
        {
            using var data = DatasetLoader.Load(set, new DatasetLoadOptions { Splits = DatasetSplits.Test, AllowDownload = false });
            for (var i = 0; i < Count; i++)
            {
                using var image = data.Test.Take([i]);
                var pixels = image.bytes.ToArray();
                var next = 0;
                Save(folder, set, $"{i:D3}", Fill(Size, () => pixels[next++]));
            }
        }
        catch (DatasetNotFoundException exception)
        {
            Console.Error.WriteLine(exception.Message);
        }
    }

    private static SKBitmap Fill(int size, Func<byte> grey)
    {
        var bitmap = new SKBitmap(size, size, SKColorType.Gray8, SKAlphaType.Opaque);
        var pixels = bitmap.GetPixelSpan();
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = grey();
        }

        return bitmap;
    }

    // As a hand would: the corners a little off, the whole slanted and turned, with a pen of any width.
    private static SKBitmap DrawLetter(float[][] strokes, DeterministicRandom random)
    {
        var bitmap = new SKBitmap(LetterSize, LetterSize, SKColorType.Gray8, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint
        {
            Color = SKColors.White,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = (float)random.NextDouble(6, 12),
            StrokeCap = SKStrokeCap.Round,
            StrokeJoin = SKStrokeJoin.Round,
            IsAntialias = true,
        };
        canvas.Clear(SKColors.Black);
        canvas.Translate(LetterSize / 2f, LetterSize / 2f);
        canvas.RotateDegrees((float)random.NextDouble(-8, 8));
        canvas.Skew((float)random.NextDouble(-0.25, 0.1), 0);
        canvas.Scale((float)random.NextDouble(52, 68), (float)random.NextDouble(68, 84));
        paint.StrokeWidth /= 68;
        foreach (var stroke in strokes)
        {
            var points = Enumerable.Range(0, stroke.Length / 2)
                .Select(i => new SKPoint(stroke[2 * i] - 0.5f + Offset(), stroke[(2 * i) + 1] - 0.5f + Offset()))
                .ToArray();
            using var path = new SKPath();
            path.AddPoly(points, close: false);
            canvas.DrawPath(path, paint);
        }

        return bitmap;

        float Offset() => (float)random.NextDouble(-0.05, 0.05);
    }

    private static void Save(string folder, string kind, string name, SKBitmap bitmap)
    {
        using (bitmap)
        using (var data = bitmap.Encode(SKEncodedImageFormat.Png, 100))
        {
            Directory.CreateDirectory(Path.Combine(folder, kind));
            File.WriteAllBytes(Path.Combine(folder, kind, $"{name}.png"), data.ToArray());
        }
    }
}
