namespace PhotoMl.Tests.Imaging;

public sealed class DotFontTests
{
    [Fact]
    public void A_text_is_as_wide_as_its_letters_with_a_dot_between_them()
    {
        Assert.Equal(3, DotFont.WidthOf("T"));
        Assert.Equal(3 + 1 + 5, DotFont.WidthOf("tm"));
        Assert.Equal(0, DotFont.WidthOf(""));
    }

    [Fact]
    public void A_small_letter_is_a_capital_and_what_the_font_lacks_a_question_mark() =>
        Assert.Equal(Draw("H?", width: 7), Draw("h東", width: 7));

    [Fact]
    public void Every_letter_has_a_shape_of_its_own()
    {
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.,/+()&'?:=%";
        var shapes = Letters.Select(letter => $"{DotFont.WidthOf($"{letter}")}:{string.Join('/', Draw($"{letter}", width: 6))}").ToList();

        Assert.Equal(shapes.Count, shapes.Distinct().Count());
    }

    [Fact]
    public void Each_digit_is_drawn_as_it_is_written() => Assert.Equal(
        """
        .#..###.###.#.#.###.###.###.###.###.###
        ##....#...#.#.#.#...#.....#.#.#.#.#.#.#
        .#..###.###.###.###.###...#.###.###.#.#
        .#..#.....#...#...#.#.#...#.#.#...#.#.#
        ###.###.###...#.###.###...#.###.###.###
        """,
        string.Join('\n', Draw("1234567890", width: 39)));

    private static string[] Draw(string text, int width)
    {
        var canvas = new PngCanvas(width, DotFont.Height, isGray: true, background: (byte)'.');
        DotFont.Draw(canvas, text, 0, 0, dot: 1, shade: (byte)'#');
        var dots = ImageFile.Decode(canvas.EncodePng(), "text").Rgb.Where((_, i) => i % 3 == 0).Select(shade => (char)shade);
        return [.. dots.Chunk(width).Select(row => new string(row))];
    }
}
