namespace PhotoMl.Imaging;

/// <summary>Resizes photos for display.</summary>
internal static class DisplaySize
{
    /// <summary>Resizes a photo so that its longer side has so many pixels, or where its pixels are enlarged, as near below as whole
    /// factors allow.</summary>
    public static DecodedImage Fit(DecodedImage photo, int side)
    {
        var longer = Math.Max(photo.Width, photo.Height);
        if (longer > side)
        {
            var (width, height) = FloatImage.FitInside(photo.Width, photo.Height, side, side);
            var colors = ImageResizer.ResizeColors(photo, width, height);
            var small = new byte[3 * width * height];
            for (var i = 0; i < small.Length; i++)
            {
                small[i] = FloatImage.Round(colors[i % 3].Values[i / 3]);
            }

            return new DecodedImage(width, height, small);
        }

        var factor = side / longer;
        var rgb = new byte[photo.Rgb.Length * factor * factor];
        for (var i = 0; i < rgb.Length / 3; i++)
        {
            var (x, y) = (i % (photo.Width * factor), i / (photo.Width * factor));
            photo.Rgb.AsSpan(3 * ((y / factor * photo.Width) + (x / factor)), 3).CopyTo(rgb.AsSpan(3 * i));
        }

        return new DecodedImage(photo.Width * factor, photo.Height * factor, rgb);
    }
}
