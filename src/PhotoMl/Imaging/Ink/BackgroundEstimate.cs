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

        // The mean of a window is its sum by its size, which at the border is less.
        var ones = new FloatImage(coarse.Width, coarse.Height, [.. coarse.Values.Select(_ => 1f)]);
        var (sums, sizes) = (Filter(opened, BlurRadius, (a, b) => a + b).Values, Filter(ones, BlurRadius, (a, b) => a + b).Values);
        var blurred = new FloatImage(coarse.Width, coarse.Height, [.. sums.Zip(sizes, (sum, size) => sum / size)]);
        return blurred.Resize(picture.Width, picture.Height);
    }

    /// <summary>Combines all pixels of a square window, rows first and columns then.</summary>
    private static FloatImage Filter(FloatImage image, int radius, Func<float, float, float> combine)
    {
        var (width, height) = (image.Width, image.Height);
        float[] rows = [.. image.Values.Select((_, i) => Combine(image.Values, i, i % width, width, 1))];
        return new FloatImage(width, height, [.. rows.Select((_, i) => Combine(rows, i, i / width, height, width))]);

        // Along a row or a column: where the pixel is on it, how long it is, and how far apart its pixels are stored.
        float Combine(float[] source, int pixel, int position, int length, int step)
        {
            var (from, to) = (Math.Max(0, position - radius), Math.Min(length - 1, position + radius));
            var value = source[pixel + ((from - position) * step)];
            for (var other = from + 1; other <= to; other++)
            {
                value = combine(value, source[pixel + ((other - position) * step)]);
            }

            return value;
        }
    }
}
