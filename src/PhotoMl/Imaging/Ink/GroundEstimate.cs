namespace PhotoMl.Imaging;

/// <summary>Estimates how light the ground is at each place of a picture of light ink on dark ground.</summary>
/// <remarks>
/// A morphological opening, the greatest of the least values around, with a window wider than any stroke removes the ink and keeps
/// shadows and the fall of light (J. Serra, "Image Analysis and Mathematical Morphology", 1982). It is done on a small copy, since light varies slowly.
/// </remarks>
internal static class GroundEstimate
{
    private const int CoarseSize = 96;

    // Evens out the blocks that the opening leaves; a wider one would wash out a shadow's edge, which would then pass for ink.
    private const int BlurRadius = 2;

    /// <summary>Estimates the ground.</summary>
    /// <returns>The ground, of the picture's size.</returns>
    public static PixelPlane Of(PixelPlane picture)
    {
        var scale = Math.Min(1, (double)CoarseSize / Math.Max(picture.Width, picture.Height));
        var coarse = picture.Resize(Math.Max(1, (int)(picture.Width * scale)), Math.Max(1, (int)(picture.Height * scale)));

        // The window is a third of the longer side: no stroke of a figure is as wide.
        var radius = Math.Max(1, Math.Max(coarse.Width, coarse.Height) / 6);
        var opened = Filter(Filter(coarse, radius, Math.Min), radius, Math.Max);
        return Blur(opened, BlurRadius).Resize(picture.Width, picture.Height);
    }

    private static PixelPlane Blur(PixelPlane plane, int radius)
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

    private static int Extent(int position, int radius, int size) => Math.Min(size - 1, position + radius) - Math.Max(0, position - radius) + 1;

    /// <summary>Combines all pixels of a square window, rows first and columns then.</summary>
    private static PixelPlane Filter(PixelPlane plane, int radius, Func<float, float, float> combine)
    {
        var rows = new PixelPlane(plane.Width, plane.Height);
        var result = new PixelPlane(plane.Width, plane.Height);
        for (var y = 0; y < plane.Height; y++)
        {
            for (var x = 0; x < plane.Width; x++)
            {
                var from = Math.Max(0, x - radius);
                var value = plane[from, y];
                for (var i = from + 1; i <= Math.Min(plane.Width - 1, x + radius); i++)
                {
                    value = combine(value, plane[i, y]);
                }

                rows[x, y] = value;
            }
        }

        for (var y = 0; y < plane.Height; y++)
        {
            for (var x = 0; x < plane.Width; x++)
            {
                var from = Math.Max(0, y - radius);
                var value = rows[x, from];
                for (var i = from + 1; i <= Math.Min(plane.Height - 1, y + radius); i++)
                {
                    value = combine(value, rows[x, i]);
                }

                result[x, y] = value;
            }
        }

        return result;
    }
}
