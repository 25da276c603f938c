using PhotoMl.Imaging;

namespace PhotoMl.Explanation;

/// <summary>Draws the heat of an explanation where it lies on the photo.</summary>
internal sealed class HeatPainter
{
    // A few pixels stand out by far, and beside them nothing else would be seen.
    private const double ShareInRange = 0.995;
    private const double Opacity = 0.75;
    private const byte Outside = 128;

    private readonly ImageExplanation _photo;
    private readonly double _most;

    public HeatPainter(ImageExplanation photo)
    {
        _photo = photo;
        var sizes = photo.Heatmap.Values.ToArray().Select(Math.Abs).Order().ToArray();
        _most = sizes[(int)(ShareInRange * (sizes.Length - 1))] is > 0 and var usual ? usual : sizes[^1];
    }

    /// <summary>Draws the heat alone: dark for none to light yellow for the most, or red for what speaks for the class and blue for what
    /// speaks against it.</summary>
    internal DecodedImage DrawHeat(int width, int height) =>
        Draw(width, height, (_, share) => share is { } known ? ColorOf(known) : (Outside, Outside, Outside));

    /// <summary>Draws the heat over the photo, which turns gray: the more heat, the less of it is seen.</summary>
    internal DecodedImage DrawOverlay(DecodedImage photo) => Draw(photo.Width, photo.Height, (at, share) =>
    {
        var gray = FloatImage.Luma(photo.Pixels[at], photo.Pixels[at + 1], photo.Pixels[at + 2]);
        var (heat, opacity) = (share ?? 0, Opacity * Math.Abs(share ?? 0));

        // Of what speaks for or against, the opacity tells the amount: pale colors would make dark photos light.
        var (red, green, blue) = ColorOf(_photo.IsSigned ? Math.Sign(heat) : heat);
        return (Mix(red), Mix(green), Mix(blue));

        byte Mix(byte color) => (byte)Math.Round(gray + ((color - gray) * opacity));
    });

    private (byte Red, byte Green, byte Blue) ColorOf(double share) =>
        _photo.IsSigned ? ColorMap.OfSigned(share) : ColorMap.OfAmount(share);

    // The share of a pixel is null where the photo reaches beyond what the network saw.
    private DecodedImage Draw(int width, int height, Func<int, double?, (byte Red, byte Green, byte Blue)> colorOf)
    {
        var (map, place) = Reduce(width, height);
        var rgb = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = place.Find(((i % width) + 0.5) / width, ((i / width) + 0.5) / height);
            var isSeen = x >= 0 && y >= 0 && x <= map.Width && y <= map.Height && place.Width > 0;
            double? share = isSeen ? Math.Clamp(_most > 0 ? map.Sample(x, y) / _most : 0, -1, 1) : null;
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = colorOf(3 * i, share);
        }

        return new DecodedImage(width, height, rgb);
    }

    /// <summary>The map no finer than the picture, whose pixels would otherwise show one in several of its values.</summary>
    private (Heatmap Map, PicturePlacement Place) Reduce(int width, int height)
    {
        var (map, place) = (_photo.Heatmap, _photo.Placement);
        if (width >= place.Width && height >= place.Height)
        {
            return (map, place);
        }

        var fine = new FloatImage(map.Width, map.Height, map.Values.ToArray());
        var columns = Math.Round(map.Width * Math.Min(1, width / Math.Max(place.Width, 1)));
        var rows = Math.Round(map.Height * Math.Min(1, height / Math.Max(place.Height, 1)));
        var coarse = fine.Resize((int)Math.Max(1, columns), (int)Math.Max(1, rows));
        return (new Heatmap(coarse.Height, coarse.Width, coarse.Values), place.Resize(fine, coarse));
    }
}
