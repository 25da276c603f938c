using PhotoMl.Imaging;

namespace PhotoMl.Tests.Imaging;

public sealed class DotFontTests
{
    [Fact]
    public void A_text_is_drawn_dot_by_dot() =>
        Assert.Equal(["#.#....", "#.#....", "###.###", "#.#....", "#.#...."], Draw("h-", width: 7));

    [Fact]
    public void A_text_is_as_wide_as_its_letters_with_a_dot_between_them()
    {
        Assert.Equal((3 * 2, 5 * 2), DotFont.Measure("T", dot: 2));
        Assert.Equal(((3 + 1 + 5) * 2, 5 * 2), DotFont.Measure("tm", dot: 2));
        Assert.Equal((0, 5), DotFont.Measure("", dot: 1));
    }

    [Fact]
    public void What_the_font_lacks_is_a_question_mark() => Assert.Equal(Draw("?", width: 3), Draw("東", width: 3));

    [Fact]
    public void Every_letter_has_a_shape_of_its_own()
    {
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.,/+()&'?:=%";
        var shapes = Letters.Select(letter => $"{DotFont.Measure($"{letter}", 1).Width}:{string.Join('/', Draw($"{letter}", width: 6))}").ToList();

        Assert.Equal(shapes.Count, shapes.Distinct().Count());
    }

    private static string[] Draw(string text, int width)
    {
        var canvas = new PngCanvas(width, 5, isGrey: true, ground: 255);
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
