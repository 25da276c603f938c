using PhotoMl.Imaging;

namespace PhotoMl.Explanation;

/// <summary>Brings photos to a size that can be looked at.</summary>
internal static class DisplaySize
{
    /// <summary>Resizes a photo so that its longer side has so many pixels, or where its pixels are enlarged, as near below as whole factors allow.</summary>
    public static DecodedImage Fit(DecodedImage photo, int side)
    {
        var longer = Math.Max(photo.Width, photo.Height);
        return longer > side ? Shrink(photo, (double)side / longer) : Enlarge(photo, side / longer);
    }

    private static DecodedImage Shrink(DecodedImage photo, double scale)
    {
        var (width, height) = (Math.Max(1, (int)Math.Round(photo.Width * scale)), Math.Max(1, (int)Math.Round(photo.Height * scale)));
        var planes = PlaneResampler.ResizeColours(photo, width, height);
        var rgb = new byte[3 * width * height];
        for (var i = 0; i < rgb.Length; i++)
        {
            rgb[i] = (byte)Math.Clamp(MathF.Round(planes[i % 3].Values[i / 3]), 0, 255);
        }

        return new DecodedImage(width, height, rgb);
    }

    private static DecodedImage Enlarge(DecodedImage photo, int factor)
    {
        if (factor == 1)
        {
            return photo;
        }

        var (width, height) = (photo.Width * factor, photo.Height * factor);
        var rgb = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            var source = 3 * ((i / width / factor * photo.Width) + (i % width / factor));
            photo.Rgb.AsSpan(source, 3).CopyTo(rgb.AsSpan(3 * i));
        }

        return new DecodedImage(width, height, rgb);
    }
}
