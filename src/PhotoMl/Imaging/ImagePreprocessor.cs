namespace PhotoMl.Imaging;

/// <summary>Makes a network's input bytes from a picture.</summary>
public static class ImagePreprocessor
{
    // How many times the wanted size a picture is at least decoded to: the reduction that follows hides how its format reduces.
    private const int LeastScale = 3;

    /// <summary>Prepares one picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="preprocessing">What the network expects.</param>
    /// <param name="foreground">What is known of light and dark; it counts only where the network expects <see cref="ImageForeground.Light"/>.</param>
    /// <returns>The bytes, (channels, height, width), 0 to 255: not yet scaled, shifted and divided.</returns>
    /// <remarks>
    /// Grey is luma, (299 R + 587 G + 114 B) / 1000, of ITU-R BT.601, computed as Pillow's mode L does.
    /// A picture of exactly the right size passes pixel by pixel and is at most inverted.
    /// A pixel is light where it is nearer to the picture's lightest pixel than to its darkest. For <see cref="ImageFit.CenterOfMass"/> the ground is what
    /// most of the border is, however uneven its light. For the other fits it is what three quarters of the border are; where the border is mixed,
    /// as with a coat that fills the picture, the ground is light if more of the border is light than of the inside.
    /// A blank picture gives ground all over.
    /// </remarks>
    public static byte[] Prepare(DecodedImage image, ImagePreprocessing preprocessing, ForegroundChoice foreground = ForegroundChoice.Auto) =>
        Place(image, preprocessing, foreground).Bytes;

    /// <summary>Prepares one picture, and tells where it lies in the input.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="preprocessing">What the network expects.</param>
    /// <param name="foreground">What is known of light and dark.</param>
    /// <returns>The bytes that <see cref="Prepare"/> gives, and where the picture lies in them; a picture without a figure to cut out lies nowhere.</returns>
    public static PreparedPicture Place(DecodedImage image, ImagePreprocessing preprocessing, ForegroundChoice foreground = ForegroundChoice.Auto)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(preprocessing);

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

        var placement = Middle(planes[0], preprocessing);
        if (preprocessing.Fit == ImageFit.Pad)
        {
            planes = Array.ConvertAll(planes, plane => Pad(plane, preprocessing, (int)placement.Left, (int)placement.Top));
        }

        return new PreparedPicture(ToBytes(planes, 1), placement);
    }

    /// <summary>Reads an image file and prepares it; what training caches and what prediction is given both come from here.</summary>
    /// <param name="path">The file; it is opened for reading only.</param>
    /// <param name="preprocessing">What the network expects.</param>
    /// <param name="foreground">What is known of light and dark; it counts only where the network expects <see cref="ImageForeground.Light"/>.</param>
    /// <returns>The bytes that <see cref="Prepare"/> gives, (channels, height, width).</returns>
    /// <remarks>
    /// The file is decoded to no more than need be, three times the wanted size where it has that (<see cref="ImageFile.Decode(string, int, int)"/>), so that a JPEG and
    /// a PNG of the same picture come out alike; except where ink is cut out of it: a figure may fill a small part of its picture.
    /// </remarks>
    /// <exception cref="UnreadableImageException">The file is missing, empty, damaged, cut off, too large or no image.</exception>
    public static byte[] PrepareFile(string path, ImagePreprocessing preprocessing, ForegroundChoice foreground = ForegroundChoice.Auto) =>
        PlaceFile(path, preprocessing, foreground).Bytes;

    /// <summary>Reads an image file and prepares it, and tells where the picture lies in the input.</summary>
    /// <param name="path">The file; it is opened for reading only.</param>
    /// <param name="preprocessing">What the network expects.</param>
    /// <param name="foreground">What is known of light and dark.</param>
    /// <returns>The bytes that <see cref="PrepareFile"/> gives, and where the picture lies in them.</returns>
    /// <exception cref="UnreadableImageException">The file is missing, empty, damaged, cut off, too large or no image.</exception>
    public static PreparedPicture PlaceFile(string path, ImagePreprocessing preprocessing, ForegroundChoice foreground = ForegroundChoice.Auto)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        var (width, height) = SizeToDecode(preprocessing);
        return Place(ImageFile.Decode(path, width, height), preprocessing, foreground);
    }

    /// <summary>Prepares the content of an image file as <see cref="PlaceFile(string, ImagePreprocessing, ForegroundChoice)"/> prepares the file.</summary>
    internal static PreparedPicture PlaceFile(byte[] content, string name, ImagePreprocessing preprocessing, ForegroundChoice foreground)
    {
        var (width, height) = SizeToDecode(preprocessing);
        return Place(ImageFile.Decode(content, name, width, height), preprocessing, foreground);
    }

    private static (int Width, int Height) SizeToDecode(ImagePreprocessing preprocessing) =>
        preprocessing.Fit == ImageFit.CenterOfMass ? (int.MaxValue, int.MaxValue) : (LeastScale * preprocessing.Width, LeastScale * preprocessing.Height);

    /// <summary>The figure that the network knows as light on dark, which a colour network gets in all its channels; and where the picture lies in its frame.</summary>
    private static (PixelPlane Frame, PicturePlacement Placement) PrepareFigure(DecodedImage image, ImagePreprocessing preprocessing, ForegroundChoice foreground)
    {
        var (width, height) = FitInside(image.Width, image.Height, InkFinder.WorkingSize, InkFinder.WorkingSize, enlarge: false);
        var picture = PlaneResampler.Resize(GreyRows(image), image.Width, image.Height, width, height);
        if (IsFigureDark([picture], ImageFit.CenterOfMass, foreground))
        {
            picture.Invert();
        }

        var ink = InkFinder.Find(picture);
        var (frame, box) = InkPlacer.Place(ink, preprocessing.Width, preprocessing.Height);
        return (frame, ink is null ? box : box.Around(ink.Left, ink.Top, ink.Pixels, picture));
    }

    private static PixelPlane[] ReadPlanes(DecodedImage image, ImagePreprocessing preprocessing, bool isExact)
    {
        var (width, height) = preprocessing.Fit == ImageFit.Pad && !isExact
            ? FitInside(image.Width, image.Height, preprocessing.Width, preprocessing.Height, enlarge: true)
            : (preprocessing.Width, preprocessing.Height);

        return preprocessing.Channels == 1
            ? [PlaneResampler.Resize(GreyRows(image), image.Width, image.Height, width, height)]
            : PlaneResampler.ResizeColours(image, width, height);
    }

    private static bool IsFigureDark(PixelPlane[] planes, ImageFit fit, ForegroundChoice foreground)
    {
        if (foreground != ForegroundChoice.Auto)
        {
            return foreground == ForegroundChoice.Dark;
        }

        return HasLightGround(planes[planes.Length / 2], fit); // of colours green, which carries most of the luma
    }

    private static bool HasLightGround(PixelPlane plane, ImageFit fit)
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
        return fit != ImageFit.CenterOfMass && inside > 0 && share is > 0.25 and < 0.75 ? share > (double)lightInside / inside : share > 0.5;
    }

    private static PicturePlacement Middle(PixelPlane plane, ImagePreprocessing preprocessing) =>
        new((preprocessing.Width - plane.Width) / 2, (preprocessing.Height - plane.Height) / 2, plane.Width, plane.Height);

    private static PixelPlane Pad(PixelPlane plane, ImagePreprocessing preprocessing, int left, int top)
    {
        if (plane.Width == preprocessing.Width && plane.Height == preprocessing.Height)
        {
            return plane;
        }

        var padded = new PixelPlane(preprocessing.Width, preprocessing.Height);
        Array.Fill(padded.Values, plane.BorderMedian());
        for (var y = 0; y < plane.Height; y++)
        {
            plane.CopyRow(y, padded.Values.AsSpan(((top + y) * padded.Width) + left, plane.Width));
        }

        return padded;
    }

    /// <summary>The largest size of the picture's aspect ratio that fits; at least one pixel each way.</summary>
    private static (int Width, int Height) FitInside(int width, int height, int maximumWidth, int maximumHeight, bool enlarge)
    {
        var scale = Math.Min((double)maximumWidth / width, (double)maximumHeight / height);
        if (!enlarge)
        {
            scale = Math.Min(scale, 1);
        }

        return (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
    }

    private static PlaneResampler.RowReader GreyRows(DecodedImage image) => (y, row) =>
    {
        var pixels = image.Rgb.AsSpan(3 * y * image.Width, 3 * image.Width);
        for (var x = 0; x < row.Length; x++)
        {
            row[x] = Luma.Of(pixels[3 * x], pixels[(3 * x) + 1], pixels[(3 * x) + 2]);
        }
    };

    private static byte[] ToBytes(PixelPlane[] planes, int copies)
    {
        var plane = planes[0].Values.Length;
        var bytes = new byte[copies * planes.Length * plane];
        for (var channel = 0; channel < copies * planes.Length; channel++)
        {
            var values = planes[channel % planes.Length].Values;
            var target = bytes.AsSpan(channel * plane, plane);
            for (var i = 0; i < values.Length; i++)
            {
                target[i] = (byte)Math.Clamp(MathF.Round(values[i]), 0, 255);
            }
        }

        return bytes;
    }
}
