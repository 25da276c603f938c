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

    public static (FloatImage Frame, PicturePlacement Box) Place(Ink? ink, int width, int height)
    {
        if (ink is null)
        {
            return (new FloatImage(width, height), new PicturePlacement(0, 0, 0, 0));
        }

        var frame = Math.Min(width, height);
        var box = Math.Max(1, (int)Math.Round(frame * 20.0 / 28));
        var (thick, within) = Thicken(ink, frame, box);
        var figure = StretchToFullInk(FitBox(thick, box));
        var (massX, massY) = CenterOfMass(figure);
        var left = Math.Clamp((int)Math.Round((width / 2.0) + MiddleOffset - massX), 0, width - figure.Width);
        var top = Math.Clamp((int)Math.Round((height / 2.0) + MiddleOffset - massY), 0, height - figure.Height);
        return (figure.Crop(-left, -top, width, height), within.Resize(thick, figure).Move(left, top));
    }

    private static (FloatImage Ink, PicturePlacement Within) Thicken(Ink ink, int frame, int box)
    {
        var stroke = ink.StrokeWidth * box / Math.Max(ink.Pixels.Width, ink.Pixels.Height);
        if (stroke >= MinimumStrokeShare * frame)
        {
            return (ink.Pixels, new PicturePlacement(0, 0, ink.Pixels.Width, ink.Pixels.Height));
        }

        var fine = StretchToFullInk(FitBox(ink.Pixels, Detail * box));
        var radius = Detail * ((ThickenedStrokeShare * frame) - stroke) / 2;
        var reach = (int)Math.Ceiling(radius);
        return (Widen(fine, radius, reach), new PicturePlacement(reach, reach, fine.Width, fine.Height));
    }

    /// <summary>Gives each pixel the greatest value within a distance; the plane grows by its reach on every side.</summary>
    private static FloatImage Widen(FloatImage plane, double radius, int reach)
    {
        var wide = new FloatImage(plane.Width + (2 * reach), plane.Height + (2 * reach));
        for (var dy = -reach; dy <= reach; dy++)
        {
            for (var dx = -reach; dx <= reach; dx++)
            {
                if ((dx * dx) + (dy * dy) > radius * radius)
                {
                    continue;
                }

                for (var y = 0; y < plane.Height; y++)
                {
                    for (var x = 0; x < plane.Width; x++)
                    {
                        wide[x + reach + dx, y + reach + dy] = Math.Max(wide[x + reach + dx, y + reach + dy], plane[x, y]);
                    }
                }
            }
        }

        return wide;
    }

    private static FloatImage FitBox(FloatImage image, int box)
    {
        var (width, height) = FloatImage.FitInside(image.Width, image.Height, box, box, enlarge: true);
        return image.Resize(width, height);
    }

    /// <summary>Stretches values so that the inside of strokes is full ink: a quarter of the pixels that are more ink than not reach
    /// 255.</summary>
    private static FloatImage StretchToFullInk(FloatImage plane)
    {
        var peak = plane.Values.Max();
        if (peak <= 0)
        {
            return plane;
        }

        var ink = plane.Values.Where(value => 2 * value >= peak).Order().ToArray();
        var full = ink[ink.Length * 3 / 4];
        return new FloatImage(plane.Width, plane.Height, Array.ConvertAll(plane.Values, value => Math.Min(255, 255 * value / full)));
    }

    /// <summary>The center of mass, counted from the corner of the plane: the middle of its first pixel is at 0.5.</summary>
    private static (double X, double Y) CenterOfMass(FloatImage plane)
    {
        var (mass, sumX, sumY) = (0.0, 0.0, 0.0);
        for (var y = 0; y < plane.Height; y++)
        {
            for (var x = 0; x < plane.Width; x++)
            {
                mass += plane[x, y];
                sumX += plane[x, y] * (x + 0.5);
                sumY += plane[x, y] * (y + 0.5);
            }
        }

        return mass > 0 ? (sumX / mass, sumY / mass) : (plane.Width / 2.0, plane.Height / 2.0);
    }
}
