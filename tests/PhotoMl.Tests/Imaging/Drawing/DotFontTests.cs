namespace PhotoMl.Tests.Imaging;

public sealed class DotFontTests
{
    [Fact]
    public void A_text_is_drawn_dot_by_dot() =>
        Assert.Equal(["#.#....", "#.#....", "###.###", "#.#....", "#.#...."], Draw("h-", width: 7));

    [Fact]
    public void A_text_is_as_wide_as_its_letters_with_a_dot_between_them()
    {
        Assert.Equal(3, DotFont.WidthOf("T"));
        Assert.Equal(3 + 1 + 5, DotFont.WidthOf("tm"));
        Assert.Equal(0, DotFont.WidthOf(""));
    }

    [Fact]
    public void What_the_font_lacks_is_a_question_mark() => Assert.Equal(Draw("?", width: 3), Draw("東", width: 3));

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
        var canvas = new PngCanvas(width, 5, isGray: true, background: 255);
        DotFont.Draw(canvas, text, 0, 0, dot: 1, shade: 0);
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, canvas.EncodePng());
            var picture = ImageFile.Decode(path);
            return [.. Enumerable.Range(0, 5).Select(y => string.Concat(Enumerable.Range(0, width).Select(x => picture.Rgb[3 * ((y * width) + x)] == 0 ? '#' : '.')))];
        }
        finally
        {
            File.Delete(path);
        }
    }
}
