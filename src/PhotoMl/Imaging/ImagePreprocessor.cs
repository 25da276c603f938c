namespace PhotoMl.Imaging;

/// <summary>Makes a network's input bytes from a picture.</summary>
internal static class ImagePreprocessor
{
    // How many times the target size a picture is at least decoded to: the reduction that follows hides how its format reduces.
    private const int LeastScale = 3;

    /// <summary>Prepares one picture.</summary>
    /// <remarks>Gray is luma, (299 R + 587 G + 114 B) / 1000, of ITU-R BT.601, computed as Pillow's mode L does. A picture of exactly the
    /// right size passes pixel by pixel and is at most inverted. A pixel is light where it is nearer to the picture's lightest pixel than
    /// to its darkest. For <see cref="ImageFit.CenterOfMass"/> the background is what most of the border is, however uneven its light. For
    /// the other fits it is what three quarters of the border are; where the border is mixed, as with a coat that fills the picture, the
    /// background is light if more of the border is light than of the inside. A blank picture gives background all over.</remarks>
    public static PreparedPicture Prepare(
        DecodedImage image, ImagePreprocessing preprocessing, ForegroundChoice foreground = ForegroundChoice.Auto)
    {
        var isExact = image.Width == preprocessing.Width && image.Height == preprocessing.Height;
        if (preprocessing.Fit == ImageFit.CenterOfMass && !isExact)
        {
            var (frame, box) = PrepareFigure(image, preprocessing, foreground);
            return new PreparedPicture(ToBytes([frame], preprocessing.Channels), box);
        }

        var planes = ReadPlanes(image, preprocessing, isExact);
        if (preprocessing.Foreground == ImageForeground.Light && IsFigureDark(planes, preprocessing.Fit, foreground))
        {
            Array.ForEach(planes, plane => plane.Invert());
        }

        var (width, height) = (planes[0].Width, planes[0].Height);
        var placement = new PicturePlacement((preprocessing.Width - width) / 2, (preprocessing.Height - height) / 2, width, height);
        if (preprocessing.Fit == ImageFit.Pad)
        {
            var (left, top) = (-(int)placement.Left, -(int)placement.Top);
            planes = Array.ConvertAll(
                planes, plane => plane.Crop(left, top, preprocessing.Width, preprocessing.Height, outside: plane.BorderMedian()));
        }

        return new PreparedPicture(ToBytes(planes, 1), placement);
    }

    /// <summary>Decodes a picture and prepares it; what training caches and what prediction is given both come from here.</summary>
    /// <remarks>It is decoded to no more than need be, three times the target size where it has that, so that a JPEG and a PNG of the same
    /// picture come out alike; except where ink is cut out of it: a figure may fill a small part of its picture.</remarks>
    public static PreparedPicture Prepare(
        Func<string, int, int, DecodedImage> decode,
        string name,
        ImagePreprocessing preprocessing,
        ForegroundChoice foreground = ForegroundChoice.Auto) =>
        Prepare(
            preprocessing.Fit == ImageFit.CenterOfMass
                ? decode(name, int.MaxValue, int.MaxValue)
                : decode(name, LeastScale * preprocessing.Width, LeastScale * preprocessing.Height),
            preprocessing,
            foreground);

    public static PreparedPicture PrepareFile(string path, ImagePreprocessing preprocessing, ForegroundChoice foreground = ForegroundChoice.Auto) =>
        Prepare(ImageFile.Decode, path, preprocessing, foreground);

    /// <summary>The figure that the network knows as light on dark, which a color network gets in all its channels; and where the picture
    /// lies in its frame.</summary>
    private static (FloatImage Frame, PicturePlacement Placement) PrepareFigure(
        DecodedImage image, ImagePreprocessing preprocessing, ForegroundChoice foreground)
    {
        var (width, height) = FloatImage.FitInside(image.Width, image.Height, InkFinder.WorkingSize, InkFinder.WorkingSize);
        var picture = ImageResizer.ResizeGray(image, width, height);
        if (IsFigureDark([picture], ImageFit.CenterOfMass, foreground))
        {
            picture.Invert();
        }

        var ink = InkFinder.Find(picture);
        var (frame, box) = InkPlacer.Place(ink, preprocessing.Width, preprocessing.Height);
        return (frame, ink is null ? box : box.Around(ink.Left, ink.Top, ink.Pixels, picture));
    }

    private static FloatImage[] ReadPlanes(DecodedImage image, ImagePreprocessing preprocessing, bool isExact)
    {
        var (width, height) = preprocessing.Fit == ImageFit.Pad && !isExact
            ? FloatImage.FitInside(image.Width, image.Height, preprocessing.Width, preprocessing.Height, enlarge: true)
            : (preprocessing.Width, preprocessing.Height);

        return preprocessing.Channels == 1
            ? [ImageResizer.ResizeGray(image, width, height)]
            : ImageResizer.ResizeColors(image, width, height);
    }

    private static bool IsFigureDark(FloatImage[] planes, ImageFit fit, ForegroundChoice foreground) => foreground == ForegroundChoice.Auto
        ? HasLightBackground(planes[planes.Length / 2], fit) // of colors green, which carries most of the luma
        : foreground == ForegroundChoice.Dark;

    private static bool HasLightBackground(FloatImage plane, ImageFit fit)
    {
        var (darkest, lightest) = (plane.Values.Min(), plane.Values.Max());
        var middle = lightest > darkest ? (darkest + lightest) / 2 : 127.5f;
        var (border, lightBorder, inside, lightInside) = (0, 0, 0, 0);
        for (var y = 0; y < plane.Height; y++)
        {
            for (var x = 0; x < plane.Width; x++)
            {
                var light = plane[x, y] > middle ? 1 : 0;
                if (x == 0 || y == 0 || x == plane.Width - 1 || y == plane.Height - 1)
                {
                    (border, lightBorder) = (border + 1, lightBorder + light);
                }
                else
                {
                    (inside, lightInside) = (inside + 1, lightInside + light);
                }
            }
        }

        var share = (double)lightBorder / border;
        var isMixed = fit != ImageFit.CenterOfMass && inside > 0 && share is > 0.25 and < 0.75;
        return isMixed ? share > (double)lightInside / inside : share > 0.5;
    }

    private static byte[] ToBytes(FloatImage[] planes, int copies)
    {
        var plane = planes[0].Values.Length;
        var bytes = new byte[copies * planes.Length * plane];
        for (var channel = 0; channel < copies * planes.Length; channel++)
        {
            var values = planes[channel % planes.Length].Values;
            var target = bytes.AsSpan(channel * plane, plane);
            for (var i = 0; i < values.Length; i++)
            {
                target[i] = FloatImage.Round(values[i]);
            }
        }

        return bytes;
    }
}

/// <summary>A network's input made of a picture, and where the picture lies in it.</summary>
internal sealed record PreparedPicture(byte[] Bytes, PicturePlacement Placement);
