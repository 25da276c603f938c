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
        var (width, height) = (picture.Width, picture.Height);
        var background = BackgroundEstimate.Of(picture);
        float[] differences = [.. picture.Values.Zip(background.Values, (value, ground) => Math.Max(0, value - ground))];
        var contrast = new FloatImage(width, height, differences);
        var threshold = OtsuThreshold(contrast.Values);
        var (backgroundLevel, backgroundNoise) = MedianAndDeviation(contrast.Values.Where(value => value <= threshold));
        var (inkLevel, _) = MedianAndDeviation(contrast.Values.Where(value => value > threshold));
        if (inkLevel - backgroundLevel < Math.Max(MinimumContrast, 6 * backgroundNoise))
        {
            return null;
        }

        var least = Math.Max(LeastShareOfPeak * Quantile(contrast.Values, 0.999), backgroundLevel + (5 * backgroundNoise));
        var limit = Math.Max(threshold, least);
        EraseSpecks(contrast, limit);
        var ink = Enumerable.Range(0, contrast.Values.Length).Where(i => contrast.Values[i] > limit).ToArray(); // at least the brightest
        var full = Quantile(ink.Select(i => contrast.Values[i]), 0.75);
        var none = Math.Min(backgroundLevel + (2 * backgroundNoise), full - 1);
        var (left, top) = (ink.Min(i => i % width), ink[0] / width);
        var cut = contrast.Crop(left, top, ink.Max(i => i % width) - left + 1, (ink[^1] / width) - top + 1);
        var stretched = Array.ConvertAll(cut.Values, value => Math.Clamp(255 * (value - none) / (full - none), 0, 255));

        // The mean width of strokes: twice the area over the length of the outline.
        var outline = ink.Sum(i => IsOutside(i % width, (i / width) - 1) + IsOutside(i % width, (i / width) + 1)
            + IsOutside((i % width) - 1, i / width) + IsOutside((i % width) + 1, i / width));
        var placement = new PicturePlacement(-left, -top, width, height);
        return new Ink(new FloatImage(cut.Width, cut.Height, stretched), 2.0 * ink.Length / outline, placement);

        int IsOutside(int x, int y) => x < 0 || y < 0 || x >= width || y >= height || contrast[x, y] <= limit ? 1 : 0;
    }

    /// <summary>Erases the connected pieces of ink, diagonal neighbors included, that are small beside the largest.</summary>
    private static void EraseSpecks(FloatImage contrast, float threshold)
    {
        var (values, width, height) = (contrast.Values, contrast.Width, contrast.Height);
        var pieces = new List<List<int>>();
        var isFound = new bool[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] > threshold && !isFound[i])
            {
                isFound[i] = true;
                pieces.Add(Grow([i]));
            }
        }

        var least = SpeckShare * pieces.Select(piece => piece.Count).DefaultIfEmpty().Max();
        foreach (var pixel in pieces.Where(piece => piece.Count < least).SelectMany(piece => piece))
        {
            values[pixel] = 0;
        }

        List<int> Grow(List<int> piece)
        {
            for (var at = 0; at < piece.Count; at++) // which grows meanwhile
            {
                var (x, y) = (piece[at] % width, piece[at] / width);
                for (var nextY = Math.Max(0, y - 1); nextY <= Math.Min(height - 1, y + 1); nextY++)
                {
                    for (var nextX = Math.Max(0, x - 1); nextX <= Math.Min(width - 1, x + 1); nextX++)
                    {
                        var next = (nextY * width) + nextX;
                        if (values[next] > threshold && !isFound[next])
                        {
                            isFound[next] = true;
                            piece.Add(next);
                        }
                    }
                }
            }

            return piece;
        }
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
            var difference = (sumBelow / countBelow) - ((total - sumBelow) / countAbove);
            var between = countBelow * countAbove * difference * difference;
            if (between > best) // NaN, where a class is empty, is not
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
        var sorted = values.DefaultIfEmpty().Order().ToArray();
        var median = sorted[sorted.Length / 2];
        var deviations = Array.ConvertAll(sorted, value => Math.Abs(value - median));
        Array.Sort(deviations);
        return (median, 1.4826f * deviations[deviations.Length / 2]);
    }
}

/// <summary>A figure cut out of a picture, and where the whole picture lies in its pixels.</summary>
internal sealed record Ink(FloatImage Pixels, double StrokeWidth, PicturePlacement Placement);
