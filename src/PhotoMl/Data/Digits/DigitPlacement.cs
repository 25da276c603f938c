namespace PhotoMl.Data;

/// <summary>Places a digit in its image as MNIST does.</summary>
/// <remarks>MNIST scales a digit into a box of 20x20 pixels with its aspect ratio kept, and puts its center of mass into the center of
/// 28x28 pixels (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits").</remarks>
internal static class DigitPlacement
{
    public const int ImageSize = 28;
    public const int ImageArea = ImageSize * ImageSize;
    public const int BoxSize = 20;
    public const int BoxArea = BoxSize * BoxSize;

    public static void FitIntoBox(IReadOnlyList<InkPoint[]> strokes, double edgeWidth)
    {
        var (left, right, top, bottom) = (double.MaxValue, double.MinValue, double.MaxValue, double.MinValue);
        foreach (var stroke in strokes)
        {
            foreach (var (x, y, radius) in stroke)
            {
                left = Math.Min(left, x - radius);
                right = Math.Max(right, x + radius);
                top = Math.Min(top, y - radius);
                bottom = Math.Max(bottom, y + radius);
            }
        }

        var scale = (BoxSize - edgeWidth) / Math.Max(right - left, bottom - top);
        var (middleX, middleY) = ((left + right) / 2, (top + bottom) / 2);
        foreach (var stroke in strokes)
        {
            for (var i = 0; i < stroke.Length; i++)
            {
                var (x, y, radius) = stroke[i];
                stroke[i] = new InkPoint(((x - middleX) * scale) + (BoxSize / 2), ((y - middleY) * scale) + (BoxSize / 2), radius * scale);
            }
        }
    }

    /// <summary>Copies the box into an image, by whole pixels, so that its center of mass is nearest to the image's center.</summary>
    public static void CentreByMass(ReadOnlySpan<float> box, double contrast, Span<byte> image)
    {
        Span<byte> grey = stackalloc byte[BoxArea];
        var (mass, sumX, sumY) = (0.0, 0.0, 0.0);
        for (var i = 0; i < BoxArea; i++)
        {
            grey[i] = (byte)Math.Round(255 * Math.Min(1, box[i] * contrast));
            mass += grey[i];
            sumX += grey[i] * ((i % BoxSize) + 0.5);
            sumY += grey[i] * ((i / BoxSize) + 0.5);
        }

        var shiftX = Shift(sumX / mass);
        var shiftY = Shift(sumY / mass);
        for (var row = 0; row < BoxSize; row++)
        {
            grey.Slice(row * BoxSize, BoxSize).CopyTo(image[(((row + shiftY) * ImageSize) + shiftX)..]);
        }
    }

    // A center of mass near the box's edge must not push ink out of the image.
    private static int Shift(double centre) => Math.Clamp((int)Math.Round((ImageSize / 2.0) - centre), 0, ImageSize - BoxSize);
}
