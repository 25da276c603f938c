namespace PhotoMl.Tests.Quality;

/// <summary>Pictures that differ as photos do: blots of light drawn from a number.</summary>
internal static class Scenes
{
    public static byte[] Png(int number, int width = 160, int height = 120, Func<double, double>? change = null) =>
        ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, width, height, Pixel(number, width, height, change));

    public static byte[] Jpeg(int number, int quality, int width = 160, int height = 120) =>
        ImageFixture.EncodeGrey(SKEncodedImageFormat.Jpeg, width, height, Pixel(number, width, height), quality);

    public static DecodedImage Picture(int number, int width = 160, int height = 120) =>
        ImageFixture.Grey(width, height, Pixel(number, width, height));

    private static Func<int, int, byte> Pixel(int number, int width, int height, Func<double, double>? change = null)
    {
        var random = new DeterministicRandom(number, 5);
        (double X, double Y, double Size, double Light)[] blots = [.. Enumerable.Range(0, 12)
            .Select(_ => (random.NextDouble(), random.NextDouble(), random.NextDouble(0.05, 0.2), random.NextDouble(-150, 150)))];
        return (x, y) =>
        {
            var grey = Math.Clamp(128 + blots.Sum(blot => Light(blot, (x + 0.5) / width, (y + 0.5) / height)), 0, 255);
            return (byte)Math.Clamp(change?.Invoke(grey) ?? grey, 0, 255);
        };

        static double Light((double X, double Y, double Size, double Light) blot, double x, double y) =>
            blot.Light * Math.Exp(-(Math.Pow(x - blot.X, 2) + Math.Pow(y - blot.Y, 2)) / (blot.Size * blot.Size));
    }
}
