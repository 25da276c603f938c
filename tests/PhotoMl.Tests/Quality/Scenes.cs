using SkiaSharp;

namespace PhotoMl.Tests.Quality;

/// <summary>Pictures that differ as photos do: blots of light drawn from a number.</summary>
internal static class Scenes
{
    /// <summary>The grey at a place; both coordinates in [0, 1).</summary>
    public static Func<double, double, double> Of(int number)
    {
        var random = new DeterministicRandom(number, 5);
        var blots = Enumerable.Range(0, 12).Select(_ => (X: random.NextDouble(), Y: random.NextDouble(), Size: random.NextDouble(0.05, 0.2), Light: random.NextDouble(-150, 150))).ToArray();
        return (x, y) => Math.Clamp(128 + blots.Sum(blot => blot.Light * Math.Exp(-(Math.Pow(x - blot.X, 2) + Math.Pow(y - blot.Y, 2)) / (blot.Size * blot.Size))), 0, 255);
    }

    public static byte[] Png(int number, int width = 160, int height = 120, Func<double, double>? change = null) =>
        ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, width, height, Pixel(number, width, height, change));

    public static byte[] Jpeg(int number, int quality, int width = 160, int height = 120)
    {
        var pixel = Pixel(number, width, height, change: null);
        var rgba = new byte[4 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            rgba.AsSpan(4 * i, 3).Fill(pixel(i % width, i / width));
            rgba[(4 * i) + 3] = 255;
        }

        return ImageFixture.Encode(SKEncodedImageFormat.Jpeg, width, height, rgba, quality);
    }

    public static DecodedImage Picture(int number, int width = 160, int height = 120) => ImageFixture.Grey(width, height, Pixel(number, width, height, change: null));

    private static Func<int, int, byte> Pixel(int number, int width, int height, Func<double, double>? change)
    {
        var scene = Of(number);
        return (x, y) => (byte)Math.Clamp((change ?? (grey => grey))(scene((x + 0.5) / width, (y + 0.5) / height)), 0, 255);
    }
}
