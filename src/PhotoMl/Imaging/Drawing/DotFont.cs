namespace PhotoMl.Imaging;

/// <summary>Digits and capitals of 3 x 5 dots, a few wider, so that short texts can be drawn where no font is installed.</summary>
internal static class DotFont
{
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
        ['M'] = "#...# ##.## #.#.# #...# #...#", ['N'] = "#..# ##.# #.## #..# #..#",
        ['O'] = ".#. #.# #.# #.# .#.", ['P'] = "##. #.# ##. #.. #..",
        ['Q'] = ".##. #..# #..# #.#. .#.#", ['R'] = "##. #.# ##. #.# #.#", ['S'] = ".## #.. .#. ..# ##.", ['T'] = "### .#. .#. .#. .#.",
        ['U'] = "#.# #.# #.# #.# ###", ['V'] = "#.# #.# #.# #.# .#.",
        ['W'] = "#...# #...# #.#.# #.#.# .#.#.", ['X'] = "#.# #.# .#. #.# #.#",
        ['Y'] = "#.# #.# .#. .#. .#.", ['Z'] = "### ..# .#. #.. ###",
        [' '] = ".. .. .. .. ..", ['-'] = "... ... ### ... ...", ['_'] = "... ... ... ... ###",
        ['.'] = ". . . . #", [','] = ".. .. .. .# #.",
        ['/'] = "..# ..# .#. #.. #..", ['+'] = "... .#. ### .#. ...", ['('] = ".# #. #. #. .#",
        [')'] = "#. .# .# .# #.", ['&'] = ".#. #.# .#. #.# .##",
        ['\''] = "# # . . .", [':'] = ". # . # .", ['='] = "... ### ... ### ...",
        ['%'] = "#.# ..# .#. #.. #.#", ['?'] = "##. ..# .#. ... .#.",
    }.ToDictionary(glyph => glyph.Key, glyph => glyph.Value.Split(' '));

    public static bool CanDraw(string text) => text.All(letter => Glyphs.ContainsKey(char.ToUpperInvariant(letter)));

    public static int WidthOf(string text) => Math.Max(0, Rows(text).Sum(rows => rows[0].Length + 1) - 1);

    /// <summary>Draws a text in capitals, each dot as a square of so many pixels a side.</summary>
    public static void Draw(PngCanvas canvas, string text, int left, int top, int dot, byte shade)
    {
        foreach (var rows in Rows(text))
        {
            foreach (var (y, row) in rows.Index())
            {
                foreach (var (x, _) in row.Index().Where(entry => entry.Item == '#'))
                {
                    canvas.Fill(left + (x * dot), top + (y * dot), dot, [shade, shade, shade]);
                }
            }

            left += (rows[0].Length + 1) * dot;
        }
    }

    private static IEnumerable<string[]> Rows(string text) =>
        text.Select(letter => Glyphs.GetValueOrDefault(char.ToUpperInvariant(letter)) ?? Glyphs['?']);
}
