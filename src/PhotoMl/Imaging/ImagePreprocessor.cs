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
        var (width, height) = (preprocessing.Width, preprocessing.Height);
        var fit = (image.Width, image.Height) == (width, height) ? ImageFit.Stretch : preprocessing.Fit;
        var isFigure = fit == ImageFit.CenterOfMass; // which a color network gets in all its channels
        (int Width, int Height) size = fit switch
        {
            ImageFit.Pad => FloatImage.FitInside(image.Width, image.Height, width, height, enlarge: true),
            ImageFit.CenterOfMass => FloatImage.FitInside(image.Width, image.Height, InkFinder.WorkingSize, InkFinder.WorkingSize),
            _ => (width, height),
        };
        var picture = ImageResizer.Resize(image, isFigure ? 1 : preprocessing.Channels, size.Width, size.Height);
        if ((isFigure || preprocessing.Foreground == ImageForeground.Light) && IsFigureDark(picture, preprocessing.Fit, foreground))
        {
            picture = picture.Invert();
        }

        var (left, top) = ((width - size.Width) / 2, (height - size.Height) / 2);
        var (frame, placement) = fit switch
        {
            ImageFit.Pad => (picture.Crop(-left, -top, width, height, picture.BorderMedians()), new(left, top, size.Width, size.Height)),
            ImageFit.CenterOfMass => InkPlacer.Place(InkFinder.Find(picture), width, height),
            _ => (picture, new PicturePlacement(0, 0, width, height)),
        };
        return new PreparedPicture(ToBytes(frame, preprocessing.Channels), placement);
    }

    /// <summary>Decodes a picture and prepares it; what training caches and what prediction is given both come from here.</summary>
    /// <remarks>It is decoded to no more than need be, three times the target size where it has that, so that a JPEG and a PNG of the same
    /// picture come out alike; except where ink is cut out of it: a figure may fill a small part of its picture.</remarks>
    public static PreparedPicture Prepare(
        Func<string, int, int, DecodedImage> decode,
        string name,
        ImagePreprocessing preprocessing,
        ForegroundChoice foreground = ForegroundChoice.Auto)
    {
        var image = preprocessing.Fit == ImageFit.CenterOfMass
            ? decode(name, int.MaxValue, int.MaxValue)
            : decode(name, LeastScale * preprocessing.Width, LeastScale * preprocessing.Height);
        return Prepare(image, preprocessing, foreground);
    }

    private static bool IsFigureDark(FloatImage picture, ImageFit fit, ForegroundChoice foreground)
    {
        if (foreground != ForegroundChoice.Auto)
        {
            return foreground == ForegroundChoice.Dark;
        }

        var values = picture.Channel(picture.Channels / 2).ToArray(); // of colors green, which carries most of the luma
        var (darkest, lightest) = (values.Min(), values.Max());
        var middle = lightest > darkest ? (darkest + lightest) / 2 : 127.5f;
        var border = ShareOfLight(isBorder: true);
        var isMixed = fit != ImageFit.CenterOfMass && border is > 0.25 and < 0.75;
        return border > (isMixed ? ShareOfLight(isBorder: false) : 0.5);

        double ShareOfLight(bool isBorder) => values.Where((_, pixel) => picture.IsBorder(pixel) == isBorder)
            .Select(value => value > middle ? 1.0 : 0).DefaultIfEmpty(0.5).Average();
    }

    private static byte[] ToBytes(FloatImage picture, int channels)
    {
        var (plane, rounded) = (picture.Width * picture.Height, picture.Round());
        var bytes = new byte[channels * plane];
        for (var channel = 0; channel < channels; channel++)
        {
            var source = channel % picture.Channels;
            foreach (ref var value in bytes.AsSpan(channel * plane, plane))
            {
                value = rounded[source];
                source += picture.Channels;
            }
        }

        return bytes;
    }
}

/// <summary>A network's input, (channels, height, width), made of a picture, and where the picture lies in it.</summary>
internal sealed record PreparedPicture(byte[] Bytes, PicturePlacement Placement);

/// <summary>Where a whole picture comes to lie in the input that is made of it, in the input's pixels; it may reach beyond the input, of
/// which it then is cut.</summary>
internal readonly record struct PicturePlacement(double Left, double Top, double Width, double Height)
{
    public (double X, double Y) Find(double x, double y) => (Left + (x * Width), Top + (y * Height));

    public PicturePlacement Move(double right, double down) => this with { Left = Left + right, Top = Top + down };

    public PicturePlacement Resize(FloatImage from, FloatImage to)
    {
        var (x, y) = ((double)to.Width / from.Width, (double)to.Height / from.Height);
        return new PicturePlacement(Left * x, Top * y, Width * x, Height * y);
    }
}
