using System.Globalization;

namespace PhotoMl.Data;

/// <summary>Digits of 3 x 5 dots, so that numbers can be drawn where no font is installed.</summary>
internal static class DigitFont
{
    private const int GlyphWidth = 3;
    private const int GlyphHeight = 5;

    // Each digit's five rows.
    private static readonly string[] Glyphs =
    [
        "### #.# #.# #.# ###",
        ".#. ##. .#. .#. ###",
        "### ..# ### #.. ###",
        "### ..# ### ..# ###",
        "#.# #.# ### ..# ..#",
        "### #.. ### ..# ###",
        "### #.. ### #.# ###",
        "### ..# ..# ..# ..#",
        "### #.# ### #.# ###",
        "### #.# ### ..# ###",
    ];

    /// <summary>Computes a number's size in pixels.</summary>
    /// <param name="number">The number, not negative.</param>
    /// <param name="dot">How many pixels a side each dot takes.</param>
    public static (int Width, int Height) Measure(int number, int dot) =>
        (((Text(number).Length * (GlyphWidth + 1)) - 1) * dot, GlyphHeight * dot);

    /// <summary>Draws a number.</summary>
    /// <param name="canvas">What it is drawn on.</param>
    /// <param name="number">The number, not negative.</param>
    /// <param name="left">Its first column.</param>
    /// <param name="top">Its first row.</param>
    /// <param name="dot">How many pixels a side each dot takes.</param>
    /// <param name="shade">Its grey, 0 black to 255 white.</param>
    public static void Draw(PngCanvas canvas, int number, int left, int top, int dot, byte shade)
    {
        foreach (var digit in Text(number))
        {
            var glyph = Glyphs[digit - '0'];
            for (var y = 0; y < GlyphHeight * dot; y++)
            {
                for (var x = 0; x < GlyphWidth * dot; x++)
                {
                    if (glyph[(y / dot * (GlyphWidth + 1)) + (x / dot)] == '#')
                    {
                        canvas.Set(left + x, top + y, shade, shade, shade);
                    }
                }
            }

            left += (GlyphWidth + 1) * dot;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
