namespace PhotoMl.Imaging;

/// <summary>Estimates how light the background is at each place of a picture of light ink on dark background.</summary>
/// <remarks>A morphological opening, the greatest of the least values around, with a window wider than any stroke removes the ink and keeps
/// shadows and the fall of light (J. Serra, "Image Analysis and Mathematical Morphology", 1982). It is done on a small copy, since light
/// varies slowly.</remarks>
internal static class BackgroundEstimate
{
    private const int CoarseSize = 96;

    // Evens out the blocks that the opening leaves; a wider one would wash out a shadow's edge, which would then pass for ink.
    private const int BlurRadius = 2;

    public static FloatImage Of(FloatImage picture)
    {
        var scale = Math.Min(1, (double)CoarseSize / Math.Max(picture.Width, picture.Height));
        var coarse = picture.Resize(Math.Max(1, (int)(picture.Width * scale)), Math.Max(1, (int)(picture.Height * scale)));

        // The window is a third of the longer side: no stroke of a figure is as wide.
        var radius = Math.Max(1, Math.Max(coarse.Width, coarse.Height) / 6);
        var opened = Filter(Filter(coarse, radius, Math.Min), radius, Math.Max);
        return Blur(opened, BlurRadius).Resize(picture.Width, picture.Height);
    }

    private static FloatImage Blur(FloatImage plane, int radius)
    {
        var sum = Filter(plane, radius, (a, b) => a + b);
        for (var y = 0; y < sum.Height; y++)
        {
            for (var x = 0; x < sum.Width; x++)
            {
                sum[x, y] /= Extent(x, radius, sum.Width) * Extent(y, radius, sum.Height);
            }
        }

        return sum;
    }

    private static int Extent(int position, int radius, int size) =>
        Math.Min(size - 1, position + radius) - Math.Max(0, position - radius) + 1;

    /// <summary>Combines all pixels of a square window, rows first and columns then.</summary>
    private static FloatImage Filter(FloatImage image, int radius, Func<float, float, float> combine)
    {
        var rows = new FloatImage(image.Width, image.Height);
        var result = new FloatImage(image.Width, image.Height);
        for (var i = 0; i < rows.Values.Length; i++)
        {
            rows.Values[i] = Combine(image, i, i % image.Width, image.Width, 1);
        }

        for (var i = 0; i < result.Values.Length; i++)
        {
            result.Values[i] = Combine(rows, i, i / image.Width, image.Height, image.Width);
        }

        return result;

        // Along a row or a column: where the pixel is on it, how long it is, and how far apart its pixels are stored.
        float Combine(FloatImage source, int pixel, int position, int length, int step)
        {
            var (from, to) = (Math.Max(0, position - radius), Math.Min(length - 1, position + radius));
            var value = source.Values[pixel + ((from - position) * step)];
            for (var other = from + 1; other <= to; other++)
            {
                value = combine(value, source.Values[pixel + ((other - position) * step)]);
            }

            return value;
        }
    }
}
