namespace PhotoMl.Data;

/// <summary>Draws the strokes of a digit with soft edges, placed in the image as MNIST does.</summary>
/// <remarks>MNIST scales a digit into a box of 20x20 pixels with its aspect ratio kept, and puts its center of mass into the center of
/// 28x28 pixels (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits").</remarks>
internal static class DigitRenderer
{
    public const int ImageSize = 28;
    public const int ImageArea = ImageSize * ImageSize;
    private const int BoxSize = 20;
    private const int BoxArea = BoxSize * BoxSize;

    public static void Draw(IReadOnlyList<InkPoint[]> strokes, DigitStyle style, Span<byte> image)
    {
        Span<float> box = stackalloc float[BoxArea];
        box.Clear();
        FitIntoBox(strokes, style.EdgeWidth);
        foreach (var stroke in strokes)
        {
            for (var i = 1; i < stroke.Length; i++)
            {
                DrawSegment(stroke[i - 1], stroke[i], style.EdgeWidth, box);
            }
        }

        CenterByMass(box, style.Contrast, image);
    }

    private static void FitIntoBox(IReadOnlyList<InkPoint[]> strokes, double edgeWidth)
    {
        var points = strokes.SelectMany(stroke => stroke).ToList();
        var (left, right) = (points.Min(point => point.X - point.Radius), points.Max(point => point.X + point.Radius));
        var (top, bottom) = (points.Min(point => point.Y - point.Radius), points.Max(point => point.Y + point.Radius));
        var scale = (BoxSize - edgeWidth) / Math.Max(right - left, bottom - top);
        var (middleX, middleY) = ((left + right) / 2, (top + bottom) / 2);
        foreach (var stroke in strokes)
        {
            foreach (ref var point in stroke.AsSpan())
            {
                var (x, y) = (((point.X - middleX) * scale) + (BoxSize / 2), ((point.Y - middleY) * scale) + (BoxSize / 2));
                point = new InkPoint(x, y, point.Radius * scale);
            }
        }
    }

    private static void DrawSegment(InkPoint a, InkPoint b, double edgeWidth, Span<float> box)
    {
        var reach = Math.Max(a.Radius, b.Radius) + (edgeWidth / 2);
        var (left, right) = (Math.Max(0, (int)(Math.Min(a.X, b.X) - reach)), Math.Min(BoxSize - 1, (int)(Math.Max(a.X, b.X) + reach)));
        var (top, bottom) = (Math.Max(0, (int)(Math.Min(a.Y, b.Y) - reach)), Math.Min(BoxSize - 1, (int)(Math.Max(a.Y, b.Y) + reach)));
        var (dx, dy, widening) = (b.X - a.X, b.Y - a.Y, b.Radius - a.Radius);
        var perLength = 1 / Math.Max(1e-9, (dx * dx) + (dy * dy));
        var perEdge = 1 / edgeWidth;
        for (var row = top; row <= bottom; row++)
        {
            for (var column = left; column <= right; column++)
            {
                var (px, py) = (column + 0.5 - a.X, row + 0.5 - a.Y);
                var along = Math.Clamp(((px * dx) + (py * dy)) * perLength, 0, 1);
                var (ex, ey) = (px - (along * dx), py - (along * dy));
                var outside = Math.Sqrt((ex * ex) + (ey * ey)) - a.Radius - (along * widening);
                ref var pixel = ref box[(row * BoxSize) + column];
                pixel = Math.Max(pixel, (float)Math.Clamp(0.5 - (outside * perEdge), 0, 1));
            }
        }
    }

    // By whole pixels, so that the center of mass is nearest to the image's center.
    private static void CenterByMass(ReadOnlySpan<float> box, double contrast, Span<byte> image)
    {
        Span<byte> gray = stackalloc byte[BoxArea];
        var (mass, sumX, sumY) = (0.0, 0.0, 0.0);
        for (var i = 0; i < BoxArea; i++)
        {
            gray[i] = (byte)Math.Round(255 * Math.Min(1, box[i] * contrast));
            mass += gray[i];
            sumX += gray[i] * ((i % BoxSize) + 0.5);
            sumY += gray[i] * ((i / BoxSize) + 0.5);
        }

        var (shiftX, shiftY) = (Shift(sumX / mass), Shift(sumY / mass));
        for (var row = 0; row < BoxSize; row++)
        {
            gray.Slice(row * BoxSize, BoxSize).CopyTo(image[(((row + shiftY) * ImageSize) + shiftX)..]);
        }

        // A center of mass near the box's edge must not push ink out of the image.
        static int Shift(double center) => Math.Clamp((int)Math.Round((ImageSize / 2.0) - center), 0, ImageSize - BoxSize);
    }
}

/// <summary>A point of a stroke: where the middle of the pen is, and how wide its mark.</summary>
internal readonly record struct InkPoint(double X, double Y, double Radius);
