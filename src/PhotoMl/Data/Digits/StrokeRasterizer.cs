namespace PhotoMl.Data;

/// <summary>Draws strokes of varying width with soft edges.</summary>
internal static class StrokeRasterizer
{
    public static void Draw(IReadOnlyList<InkPoint[]> strokes, double edgeWidth, Span<float> canvas, int size)
    {
        canvas.Clear();
        foreach (var stroke in strokes)
        {
            for (var i = 0; i + 1 < stroke.Length; i++)
            {
                if (stroke[i].Radius > 0 && stroke[i + 1].Radius > 0)
                {
                    DrawSegment(stroke[i], stroke[i + 1], edgeWidth, canvas, size);
                }
            }
        }
    }

    private static void DrawSegment(InkPoint a, InkPoint b, double edgeWidth, Span<float> canvas, int size)
    {
        var reach = Math.Max(a.Radius, b.Radius) + (edgeWidth / 2);
        var left = Math.Max(0, (int)(Math.Min(a.X, b.X) - reach));
        var right = Math.Min(size - 1, (int)(Math.Max(a.X, b.X) + reach));
        var top = Math.Max(0, (int)(Math.Min(a.Y, b.Y) - reach));
        var bottom = Math.Min(size - 1, (int)(Math.Max(a.Y, b.Y) + reach));

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
                var ink = (float)Math.Clamp(0.5 - (outside * perEdge), 0, 1);
                ref var pixel = ref canvas[(row * size) + column];
                pixel = Math.Max(pixel, ink);
            }
        }
    }
}
