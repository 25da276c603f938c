namespace PhotoMl.Explanation;

/// <summary>The color space OKLab, in which equal distances look equal.</summary>
/// <remarks>B. Ottosson, "A perceptual color space for image processing", 2020; sRGB's transfer function is that of IEC
/// 61966-2-1.</remarks>
internal static class OkLab
{
    private const int Bisections = 24;

    /// <summary>The lightness of a color, 0 for black to 1 for white.</summary>
    public static double Lightness(byte red, byte green, byte blue)
    {
        var (r, g, b) = (ToLinear(red), ToLinear(green), ToLinear(blue));
        var l = Math.Cbrt((0.4122214708 * r) + (0.5363325363 * g) + (0.0514459929 * b));
        var m = Math.Cbrt((0.2119034982 * r) + (0.6806995451 * g) + (0.1073969566 * b));
        var s = Math.Cbrt((0.0883024619 * r) + (0.2817188376 * g) + (0.6299787005 * b));
        return (0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s);
    }

    /// <summary>The sRGB color of a lightness and hue, of a target chroma, or as near as as sRGB has it.</summary>
    public static (byte Red, byte Green, byte Blue) ToSrgb(double lightness, double chroma, double hue)
    {
        var (low, high) = (0.0, chroma);
        if (!IsInSrgb(ToLinear(lightness, high, hue)))
        {
            for (var i = 0; i < Bisections; i++)
            {
                var middle = (low + high) / 2;
                (low, high) = IsInSrgb(ToLinear(lightness, middle, hue)) ? (middle, high) : (low, middle);
            }

            high = low;
        }

        var (r, g, b) = ToLinear(lightness, high, hue);
        return (ToByte(r), ToByte(g), ToByte(b));
    }

    private static (double R, double G, double B) ToLinear(double lightness, double chroma, double hue)
    {
        var (sin, cos) = Math.SinCos(hue * Math.PI / 180);
        var (a, b) = (chroma * cos, chroma * sin);
        var l = Cube(lightness + (0.3963377774 * a) + (0.2158037573 * b));
        var m = Cube(lightness - (0.1055613458 * a) - (0.0638541728 * b));
        var s = Cube(lightness - (0.0894841775 * a) - (1.2914855480 * b));
        return (
            (4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s),
            (-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s),
            (-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s));
    }

    private static bool IsInSrgb((double R, double G, double B) colour) => colour is { R: >= 0 and <= 1, G: >= 0 and <= 1, B: >= 0 and <= 1 };

    private static double Cube(double value) => value * value * value;

    private static double ToLinear(byte value)
    {
        var share = value / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }

    private static byte ToByte(double linear)
    {
        linear = Math.Clamp(linear, 0, 1);
        return (byte)Math.Round(255 * (linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055));
    }
}
