namespace PhotoMl.Imaging;

/// <summary>Finds the figure in a picture of light ink on dark background, photographed paper included.</summary>
/// <remarks>The background is estimated and subtracted (<see cref="BackgroundEstimate"/>), which evens out the light. Ink and background
/// are then told apart by Otsu's threshold (N. Otsu, "A Threshold Selection Method from Gray-Level Histograms", 1979), specks are dropped,
/// and gray values are stretched so that the background becomes 0 and ink 255; the soft edges of strokes stay soft.</remarks>
internal static class InkFinder
{
    /// <summary>The longer side that a larger picture is reduced to first: noise is averaged away, a pen stroke is not.</summary>
    public const int WorkingSize = 640;

    // Below this difference of ink and background, on 0 to 255, a picture is blank.
    private const float MinimumContrast = 16;

    // A connected piece smaller than this share of the largest is a speck; the bar of a 5 has a tenth of its body.
    private const double SpeckShare = 0.02;

    // The soft edge of a shadow may cover more of the picture than a fine pen, and then Otsu's threshold lies below both; but it is much
    // fainter.
    private const float LeastShareOfPeak = 0.4f;

    public static Ink? Find(FloatImage picture)
    {
        var contrast = SubtractBackground(picture);
        var threshold = OtsuThreshold(contrast.Values);
        var (backgroundLevel, backgroundNoise) = MedianAndDeviation(contrast.Values.Where(value => value <= threshold));
        var (inkLevel, _) = MedianAndDeviation(contrast.Values.Where(value => value > threshold));
        if (inkLevel - backgroundLevel < Math.Max(MinimumContrast, 6 * backgroundNoise))
        {
            return null;
        }

        var least = Math.Max(LeastShareOfPeak * Quantile(contrast.Values, 0.999), backgroundLevel + (5 * backgroundNoise));
        var pieces = InkPieces.Find(contrast, Math.Max(threshold, least));
        pieces.DropSmallerThan(SpeckShare);
        if (pieces.Bounds is not { } bounds)
        {
            return null;
        }

        var full = Quantile(pieces.KeptValues(), 0.75);
        var none = Math.Min(backgroundLevel + (2 * backgroundNoise), full - 1);
        var pixels = contrast.Crop(bounds.Left, bounds.Top, bounds.Width, bounds.Height);
        for (var i = 0; i < pixels.Values.Length; i++)
        {
            var (x, y) = (bounds.Left + (i % bounds.Width), bounds.Top + (i / bounds.Width));
            pixels.Values[i] = pieces.IsDropped(x, y) ? 0 : Math.Clamp(255 * (pixels.Values[i] - none) / (full - none), 0, 255);
        }

        return new Ink(pixels, pieces.StrokeWidth(), bounds.Left, bounds.Top);
    }

    private static FloatImage SubtractBackground(FloatImage picture)
    {
        var background = BackgroundEstimate.Of(picture);
        var contrast = new FloatImage(picture.Width, picture.Height);
        for (var i = 0; i < contrast.Values.Length; i++)
        {
            contrast.Values[i] = Math.Max(0, picture.Values[i] - background.Values[i]);
        }

        return contrast;
    }

    /// <summary>The value that splits the pixels into two classes with the greatest variance between them.</summary>
    private static float OtsuThreshold(float[] values)
    {
        var histogram = new int[256];
        foreach (var value in values)
        {
            histogram[(int)Math.Min(value, 255)]++;
        }

        var total = histogram.Select((count, value) => (double)count * value).Sum();
        var (best, threshold) = (0.0, 0);
        var (countBelow, sumBelow) = (0.0, 0.0);
        for (var value = 0; value < 255; value++)
        {
            countBelow += histogram[value];
            sumBelow += (double)histogram[value] * value;
            var countAbove = values.Length - countBelow;
            if (countBelow == 0 || countAbove == 0)
            {
                continue;
            }

            var difference = (sumBelow / countBelow) - ((total - sumBelow) / countAbove);
            var between = countBelow * countAbove * difference * difference;
            if (between > best)
            {
                (best, threshold) = (between, value);
            }
        }

        return threshold + 1;
    }

    private static float Quantile(IEnumerable<float> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)(share * (sorted.Length - 1))];
    }

    /// <summary>The median and the standard deviation that the median absolute deviation stands for; outliers move neither.</summary>
    private static (float Median, float Deviation) MedianAndDeviation(IEnumerable<float> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
        {
            return (0, 0);
        }

        var median = sorted[sorted.Length / 2];
        var deviations = Array.ConvertAll(sorted, value => Math.Abs(value - median));
        Array.Sort(deviations);
        return (median, 1.4826f * deviations[deviations.Length / 2]);
    }
}

/// <summary>A figure cut out of a picture.</summary>
internal sealed record Ink(FloatImage Pixels, double StrokeWidth, int Left = 0, int Top = 0);
