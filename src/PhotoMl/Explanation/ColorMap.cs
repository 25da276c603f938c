namespace PhotoMl.Explanation;

/// <summary>Colors whose lightness changes by even steps, so that twice the heat looks like twice as much, in print and to the color-blind
/// too.</summary>
internal static class ColorMap
{
    private const int Colors = 256;
    private const double Chroma = 0.2;
    private const double Darkest = 0.18;
    private const double Lightest = 0.95;

    // Far enough from the lightest for red and blue to be told apart from it and from each other.
    private const double DarkestOfSigned = 0.48;

    private static readonly (byte Red, byte Green, byte Blue)[] Amounts = Make(share => OkLab.ToSrgb(Darkest + ((Lightest - Darkest) * share), Chroma, 285 + (180 * share)));
    private static readonly (byte Red, byte Green, byte Blue)[] For = MakeSigned(hue: 29);
    private static readonly (byte Red, byte Green, byte Blue)[] Against = MakeSigned(hue: 258);

    public static (byte Red, byte Green, byte Blue) OfAmount(double share) => Amounts[IndexOf(share)];

    /// <summary>The color of what speaks for something, red, or against it, blue; nearly white in between.</summary>
    public static (byte Red, byte Green, byte Blue) OfSigned(double share) => (share < 0 ? Against : For)[IndexOf(Math.Abs(share))];

    private static int IndexOf(double share) => (int)Math.Round(Math.Clamp(share, 0, 1) * (Colors - 1));

    private static (byte Red, byte Green, byte Blue)[] MakeSigned(double hue) =>
        Make(share => OkLab.ToSrgb(Lightest - ((Lightest - DarkestOfSigned) * share), Chroma * share, hue));

    private static (byte Red, byte Green, byte Blue)[] Make(Func<double, (byte Red, byte Green, byte Blue)> color) =>
        [.. Enumerable.Range(0, Colors).Select(index => color((double)index / (Colors - 1)))];
}
