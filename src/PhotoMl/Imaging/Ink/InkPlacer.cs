namespace PhotoMl.Imaging;

/// <summary>Puts a figure into a frame as MNIST was made.</summary>
/// <remarks>MNIST's digits were "size normalized to fit in a 20x20 pixel box while preserving their aspect ratio", which leaves gray edges,
/// and "centered in a 28x28 image by computing the center of mass of the pixels" (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of
/// handwritten digits").</remarks>
internal static class InkPlacer
{
    // MNIST's strokes are two to three pixels wide in 28: a thinner pen is thickened, or its strokes would all but vanish.
    private const double MinimumStrokeShare = 1.9 / 28;
    private const double ThickenedStrokeShare = 2.3 / 28;

    // In MNIST the pixel with index 14 is the middle, half a pixel beyond the frame's: its centers of mass lie at (14.51, 14.49) from the
    // corner on average.
    private const double MiddleOffset = 0.5;

    // Thickening is done this much finer than the frame.
    private const int Detail = 4;

    /// <summary>Makes the frame, and says where the picture lies in it; without ink there is background only, and the picture lies
    /// nowhere.</summary>
    public static (FloatImage Frame, PicturePlacement Placement) Place(Ink? found, int width, int height)
    {
        if (found is null)
        {
            return (new FloatImage(width, height), default);
        }

        var frame = Math.Min(width, height);
        var box = Math.Max(1, (int)Math.Round(frame * 20.0 / 28));
        var ink = Thicken(found, frame, box);
        var figure = FitBox(ink.Pixels, box);
        var (massX, massY) = CenterOfMass(figure);
        var left = Math.Clamp((int)Math.Round((width / 2.0) + MiddleOffset - massX), 0, width - figure.Width);
        var top = Math.Clamp((int)Math.Round((height / 2.0) + MiddleOffset - massY), 0, height - figure.Height);
        return (figure.Crop(-left, -top, width, height), ink.Placement.Resize(ink.Pixels, figure).Move(left, top));
    }

    private static Ink Thicken(Ink ink, int frame, int box)
    {
        var stroke = ink.StrokeWidth * box / Math.Max(ink.Pixels.Width, ink.Pixels.Height);
        if (stroke >= MinimumStrokeShare * frame)
        {
            return ink;
        }

        var fine = FitBox(ink.Pixels, Detail * box);
        var radius = Detail * ((ThickenedStrokeShare * frame) - stroke) / 2;
        var reach = (int)Math.Ceiling(radius);
        return ink with { Pixels = Widen(fine, radius, reach), Placement = ink.Placement.Resize(ink.Pixels, fine).Move(reach, reach) };
    }

    /// <summary>Gives each pixel the greatest value within a distance; the plane grows by its reach on every side.</summary>
    private static FloatImage Widen(FloatImage plane, double radius, int reach)
    {
        var wide = new FloatImage(plane.Width + (2 * reach), plane.Height + (2 * reach));
        for (var dy = -reach; dy <= reach; dy++)
        {
            for (var dx = -reach; dx <= reach; dx++)
            {
                for (var i = 0; i < plane.Values.Length && (dx * dx) + (dy * dy) <= radius * radius; i++)
                {
                    var (x, y) = ((i % plane.Width) + reach + dx, (i / plane.Width) + reach + dy);
                    wide[x, y] = Math.Max(wide[x, y], plane.Values[i]);
                }
            }
        }

        return wide;
    }

    /// <summary>Resizes to fit a box, and stretches values so that the inside of strokes is full ink: a quarter of the pixels that are more
    /// ink than not reach 255.</summary>
    private static FloatImage FitBox(FloatImage image, int box)
    {
        var (width, height) = FloatImage.FitInside(image.Width, image.Height, box, box, enlarge: true);
        var values = image.Resize(width, height).Values;
        var peak = values.Max();
        var ink = values.Where(value => 2 * value >= peak).Order().ToArray();
        var full = ink[ink.Length * 3 / 4];
        return new FloatImage(width, height, Array.ConvertAll(values, value => Math.Min(255, 255 * value / full)));
    }

    /// <summary>The center of mass, counted from the corner of the plane: the middle of its first pixel is at 0.5.</summary>
    private static (double X, double Y) CenterOfMass(FloatImage plane)
    {
        var mass = plane.Values.Sum(value => (double)value);
        var sumX = plane.Values.Select((value, i) => value * ((i % plane.Width) + 0.5)).Sum();
        var sumY = plane.Values.Select((value, i) => value * ((i / plane.Width) + 0.5)).Sum();
        return (sumX / mass, sumY / mass);
    }
}
