namespace PhotoMl.Explanation;

/// <summary>Colors whose lightness changes by even steps, so that twice the heat looks it, in print and to the color-blind too.</summary>
/// <remarks>In the color space OKLab, in which equal distances look equal: B. Ottosson, "A perceptual color space for image processing",
/// 2020; sRGB's transfer function is that of IEC 61966-2-1.</remarks>
internal static class ColorMap
{
    private const int Colors = 256;
    private const int Bisections = 24;
    private const double Chroma = 0.2;
    private const double Darkest = 0.18;
    private const double Lightest = 0.95;

    // Far enough from the lightest for red and blue to be distinguished from it and from each other.
    private const double DarkestOfSigned = 0.48;

    private static readonly (byte Red, byte Green, byte Blue)[] Amounts =
        Make(share => ToSrgb(Darkest + ((Lightest - Darkest) * share), Chroma, 285 + (180 * share)));

    private static readonly (byte Red, byte Green, byte Blue)[] For = MakeSigned(hue: 29);
    private static readonly (byte Red, byte Green, byte Blue)[] Against = MakeSigned(hue: 258);

    public static (byte Red, byte Green, byte Blue) OfAmount(double share) => Amounts[IndexOf(share)];

    /// <summary>The color of what speaks for something, red, or against it, blue; nearly white in between.</summary>
    public static (byte Red, byte Green, byte Blue) OfSigned(double share) => (share < 0 ? Against : For)[IndexOf(Math.Abs(share))];

    private static int IndexOf(double share) => (int)Math.Round(Math.Clamp(share, 0, 1) * (Colors - 1));

    private static (byte Red, byte Green, byte Blue)[] MakeSigned(double hue) =>
        Make(share => ToSrgb(Lightest - ((Lightest - DarkestOfSigned) * share), Chroma * share, hue));

    private static (byte Red, byte Green, byte Blue)[] Make(Func<double, (byte Red, byte Green, byte Blue)> color) =>
        [.. Enumerable.Range(0, Colors).Select(index => color((double)index / (Colors - 1)))];

    /// <summary>The sRGB color of a lightness and hue, of a target chroma, or as near as sRGB has it.</summary>
    internal static (byte Red, byte Green, byte Blue) ToSrgb(double lightness, double chroma, double hue)
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

    private static bool IsInSrgb((double, double, double) color) => color is (>= 0 and <= 1, >= 0 and <= 1, >= 0 and <= 1);

    private static double Cube(double value) => value * value * value;

    private static byte ToByte(double linear)
    {
        linear = Math.Clamp(linear, 0, 1);
        return (byte)Math.Round(255 * (linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055));
    }
}
