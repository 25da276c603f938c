namespace PhotoMl.Data;

/// <summary>Capital letters, digits and a few signs of 3 x 5 dots, so that words can be drawn where no font is installed.</summary>
internal static class DotFont
{
    /// <summary>How many dots lie between the beginnings of two letters.</summary>
    public const int Advance = 4;

    /// <summary>How many dots high a letter is.</summary>
    public const int Height = 5;

    private const int GlyphWidth = 3;

    // Each sign's five rows.
    private static readonly Dictionary<char, string> Glyphs = new()
    {
        ['A'] = ".#. #.# ### #.# #.#", ['B'] = "##. #.# ##. #.# ##.", ['C'] = ".## #.. #.. #.. .##", ['D'] = "##. #.# #.# #.# ##.",
        ['E'] = "### #.. ##. #.. ###", ['F'] = "### #.. ##. #.. #..", ['G'] = ".## #.. #.# #.# .##", ['H'] = "#.# #.# ### #.# #.#",
        ['I'] = "### .#. .#. .#. ###", ['J'] = "..# ..# ..# #.# .#.", ['K'] = "#.# #.# ##. #.# #.#", ['L'] = "#.. #.. #.. #.. ###",
        ['M'] = "#.# ### ### #.# #.#", ['N'] = "##. #.# #.# #.# #.#", ['O'] = ".#. #.# #.# #.# .#.", ['P'] = "##. #.# ##. #.. #..",
        ['Q'] = ".#. #.# #.# ### .##", ['R'] = "##. #.# ##. #.# #.#", ['S'] = ".## #.. .#. ..# ##.", ['T'] = "### .#. .#. .#. .#.",
        ['U'] = "#.# #.# #.# #.# ###", ['V'] = "#.# #.# #.# #.# .#.", ['W'] = "#.# #.# ### ### #.#", ['X'] = "#.# #.# .#. #.# #.#",
        ['Y'] = "#.# #.# .#. .#. .#.", ['Z'] = "### ..# .#. #.. ###", ['0'] = "### #.# #.# #.# ###", ['1'] = ".#. ##. .#. .#. ###",
        ['2'] = "### ..# ### #.. ###", ['3'] = "### ..# ### ..# ###", ['4'] = "#.# #.# ### ..# ..#", ['5'] = "### #.. ### ..# ###",
        ['6'] = "### #.. ### #.# ###", ['7'] = "### ..# ..# ..# ..#", ['8'] = "### #.# ### #.# ###", ['9'] = "### #.# ### ..# ###",
        ['='] = "... ### ... ### ...", ['-'] = "... ... ### ... ...", ['.'] = "... ... ... ... .#.", [' '] = "... ... ... ... ...",
    };

    /// <summary>Draws a text in capitals; a sign that the font lacks becomes a gap.</summary>
    /// <param name="canvas">What it is drawn on; it must be large enough.</param>
    /// <param name="text">The text.</param>
    /// <param name="left">Its first column.</param>
    /// <param name="top">Its first row.</param>
    /// <param name="dot">How many pixels a side each dot takes.</param>
    /// <param name="shade">Its grey, 0 black to 255 white.</param>
    public static void Draw(PngCanvas canvas, string text, int left, int top, int dot, byte shade)
    {
        foreach (var letter in text.ToUpperInvariant())
        {
            var glyph = Glyphs.GetValueOrDefault(letter, Glyphs[' ']);
            for (var y = 0; y < Height * dot; y++)
            {
                for (var x = 0; x < GlyphWidth * dot; x++)
                {
                    if (glyph[(y / dot * (GlyphWidth + 1)) + (x / dot)] == '#')
                    {
                        canvas.Set(left + x, top + y, shade, shade, shade);
                    }
                }
            }

            left += Advance * dot;
        }
    }
}
