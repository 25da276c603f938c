namespace PhotoMl.Imaging;

/// <summary>Digits and capitals of 3 x 5 dots, a few wider, so that short texts can be drawn where no font is installed.</summary>
internal static class DotFont
{
    /// <summary>How many dots high a letter is.</summary>
    public const int Height = 5;

    // The five rows of each; what is missing is drawn as a question mark.
    private static readonly Dictionary<char, string[]> Glyphs = new Dictionary<char, string>
    {
        ['0'] = "### #.# #.# #.# ###", ['1'] = ".#. ##. .#. .#. ###", ['2'] = "### ..# ### #.. ###", ['3'] = "### ..# ### ..# ###",
        ['4'] = "#.# #.# ### ..# ..#", ['5'] = "### #.. ### ..# ###", ['6'] = "### #.. ### #.# ###", ['7'] = "### ..# ..# ..# ..#",
        ['8'] = "### #.# ### #.# ###", ['9'] = "### #.# ### ..# ###",
        ['A'] = ".#. #.# ### #.# #.#", ['B'] = "##. #.# ##. #.# ##.", ['C'] = ".## #.. #.. #.. .##", ['D'] = "##. #.# #.# #.# ##.",
        ['E'] = "### #.. ##. #.. ###", ['F'] = "### #.. ##. #.. #..", ['G'] = ".## #.. #.# #.# .##", ['H'] = "#.# #.# ### #.# #.#",
        ['I'] = "# # # # #", ['J'] = "..# ..# ..# #.# .#.", ['K'] = "#.# #.# ##. #.# #.#", ['L'] = "#.. #.. #.. #.. ###",
        ['M'] = "#...# ##.## #.#.# #...# #...#", ['N'] = "#..# ##.# #.## #..# #..#", ['O'] = ".#. #.# #.# #.# .#.", ['P'] = "##. #.# ##. #.. #..",
        ['Q'] = ".##. #..# #..# #.#. .#.#", ['R'] = "##. #.# ##. #.# #.#", ['S'] = ".## #.. .#. ..# ##.", ['T'] = "### .#. .#. .#. .#.",
        ['U'] = "#.# #.# #.# #.# ###", ['V'] = "#.# #.# #.# #.# .#.", ['W'] = "#...# #...# #.#.# #.#.# .#.#.", ['X'] = "#.# #.# .#. #.# #.#",
        ['Y'] = "#.# #.# .#. .#. .#.", ['Z'] = "### ..# .#. #.. ###",
        [' '] = ".. .. .. .. ..", ['-'] = "... ... ### ... ...", ['_'] = "... ... ... ... ###", ['.'] = ". . . . #", [','] = ".. .. .. .# #.",
        ['/'] = "..# ..# .#. #.. #..", ['+'] = "... .#. ### .#. ...", ['('] = ".# #. #. #. .#", [')'] = "#. .# .# .# #.", ['&'] = ".#. #.# .#. #.# .##",
        ['\''] = "# # . . .", [':'] = ". # . # .", ['='] = "... ### ... ### ...", ['%'] = "#.# ..# .#. #.. #.#", ['?'] = "##. ..# .#. ... .#.",
    }.ToDictionary(glyph => glyph.Key, glyph => glyph.Value.Split(' '));

    /// <summary>Computes a text's size in pixels.</summary>
    /// <param name="text">The text; letters become capitals.</param>
    /// <param name="dot">How many pixels a side each dot takes.</param>
    public static (int Width, int Height) Measure(string text, int dot) =>
        (Math.Max(0, Rows(text).Sum(rows => rows[0].Length + 1) - 1) * dot, Height * dot);

    /// <summary>Cuts a text off where it becomes too wide.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The pixels it may take.</param>
    /// <param name="dot">How many pixels a side each dot takes.</param>
    public static string Fit(string text, int width, int dot)
    {
        var length = text.Length;
        while (length > 0 && Measure(text[..length], dot).Width > width)
        {
            length--;
        }

        return text[..length];
    }

    /// <summary>Draws a text.</summary>
    /// <param name="canvas">What it is drawn on.</param>
    /// <param name="text">The text; letters become capitals.</param>
    /// <param name="left">Its first column.</param>
    /// <param name="top">Its first row.</param>
    /// <param name="dot">How many pixels a side each dot takes.</param>
    /// <param name="shade">Its grey, 0 black to 255 white.</param>
    public static void Draw(PngCanvas canvas, string text, int left, int top, int dot, byte shade)
    {
        foreach (var rows in Rows(text))
        {
            for (var y = 0; y < Height * dot; y++)
            {
                for (var x = 0; x < rows[0].Length * dot; x++)
                {
                    if (rows[y / dot][x / dot] == '#')
                    {
                        canvas.Set(left + x, top + y, shade, shade, shade);
                    }
                }
            }

            left += (rows[0].Length + 1) * dot;
        }
    }

    private static IEnumerable<string[]> Rows(string text) =>
        text.Select(letter => Glyphs.GetValueOrDefault(char.ToUpperInvariant(letter)) ?? Glyphs['?']);
}
