using PhotoMl.IO;
using PhotoMl.Imaging;

namespace PhotoMl.Tests.Imaging;

public sealed class GridFilmTests : IDisposable
{
    private const byte Ground = 248;
    private const byte Ink = 72;

    // Four images of 16 x 16 pixels in two columns; their shade tells the epoch and the image.
    private static readonly ImageGridLayout Layout = new(4, 2, 8, 8, scale: 2);

    private readonly ImageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Each_epoch_is_a_row_of_its_first_images_with_its_number_at_the_left()
    {
        var path = _fixture.PathOf("film.png");
        Assert.Equal(3, GridFilm.WritePng(path, [Frame(1), Frame(2), Frame(10)], Layout, tilesPerFrame: 3));

        var film = ImageFile.Decode(path);
        Assert.Equal([[Shade(1, 0), Shade(1, 1), Shade(1, 2)], [Shade(2, 0), Shade(2, 1), Shade(2, 2)], [Shade(10, 0), Shade(10, 1), Shade(10, 2)]], Rows(film));
        Assert.Equal([".....#.", "....##.", ".....#.", ".....#.", "....###"], Label(film, row: 0));
        Assert.Equal([".#..###", "##..#.#", ".#..#.#", ".#..#.#", "###.###"], Label(film, row: 2));
    }

    [Fact]
    public void Many_epochs_are_thinned_out_evenly_from_the_first_to_the_last()
    {
        var path = _fixture.PathOf("film.png");
        var frames = Enumerable.Range(1, 21).Select(Frame).Reverse().ToList();

        Assert.Equal(5, GridFilm.WritePng(path, frames, Layout, tilesPerFrame: 1, mostFrames: 5));

        Assert.Equal([Shade(1, 0), Shade(6, 0), Shade(11, 0), Shade(16, 0), Shade(21, 0)], Rows(ImageFile.Decode(path)).Select(row => row[0]));
    }

    [Fact]
    public void Frames_that_cannot_be_read_give_way_to_others()
    {
        var path = _fixture.PathOf("film.png");
        ImageGrid.WritePng(_fixture.PathOf("small.png"), new byte[3], 1, 1, 1, columns: 1);
        GridFilmFrame[] frames =
        [
            new(1, _fixture.PathOf("missing.png")), Frame(2), Frame(3), new(4, _fixture.Write("damaged.png", [1, 2, 3])), Frame(5), new(6, _fixture.PathOf("small.png")),
        ];

        Assert.Equal(3, GridFilm.WritePng(path, frames, Layout, tilesPerFrame: 1, mostFrames: 3));

        Assert.Equal([Shade(2, 0), Shade(3, 0), Shade(5, 0)], Rows(ImageFile.Decode(path)).Select(row => row[0]));
    }

    [Fact]
    public void Without_any_frame_nothing_is_written()
    {
        var path = _fixture.PathOf("film.png");
        Assert.Equal(0, GridFilm.WritePng(path, [], Layout));
        Assert.Equal(0, GridFilm.WritePng(path, [new(1, _fixture.PathOf("missing.png"))], Layout));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Colours_are_kept()
    {
        var path = _fixture.PathOf("film.png");
        var layout = new ImageGridLayout(1, 1, 1, 1);
        ImageGrid.WritePng(_fixture.PathOf("colour.png"), [10, 20, 30], 3, 1, 1, columns: 1);

        GridFilm.WritePng(path, [new(1, _fixture.PathOf("colour.png"))], layout);

        Assert.Contains("10,20,30", ImageFile.Decode(path).Rgb.Chunk(3).Select(pixel => string.Join(',', pixel)));
    }

    [Fact]
    public void A_film_that_is_too_large_or_cannot_be_written_is_refused()
    {
        var wide = new ImageGridLayout(2, 1, 10, 20_000);
        Assert.Throws<ArgumentException>(() => GridFilm.WritePng(_fixture.PathOf("film.png"), [new(1, "no matter")], wide));
        Assert.Throws<ArgumentOutOfRangeException>(() => GridFilm.WritePng("film.png", [Frame(1)], Layout, tilesPerFrame: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => GridFilm.WritePng("film.png", [Frame(1)], Layout, mostFrames: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GridFilmFrame(-1, "film.png"));
        Assert.Throws<OutputException>(() => GridFilm.WritePng(_fixture.PathOf("nowhere/film.png"), [Frame(1)], Layout));
    }

    [Fact]
    public void Each_digit_is_drawn_as_it_is_written()
    {
        var canvas = new PngCanvas(39, 5, isGrey: true, ground: 255);
        DotFont.Draw(canvas, "1234567890", 0, 0, dot: 1, shade: 0);
        Assert.Equal((39, 5), DotFont.Measure("1234567890", dot: 1));

        var image = ImageFile.Decode(_fixture.Write("digits.png", canvas.EncodePng()));
        Assert.Equal(
            """
            .#..###.###.#.#.###.###.###.###.###.###
            ##....#...#.#.#.#...#.....#.#.#.#.#.#.#
            .#..###.###.###.###.###...#.###.###.#.#
            .#..#.....#...#...#.#.#...#.#.#...#.#.#
            ###.###.###...#.###.###...#.###.###.###
            """,
            string.Join('\n', image.Rgb.Where((_, i) => i % 3 == 0).Chunk(39).Select(row => string.Concat(row.Select(value => value == 0 ? '#' : '.')))));
    }

    private static byte Shade(int epoch, int image) => (byte)((epoch * 6) + image + 100);

    private GridFilmFrame Frame(int epoch)
    {
        var images = Enumerable.Range(0, Layout.Count).SelectMany(i => Enumerable.Repeat(Shade(epoch, i), Layout.Height * Layout.Width)).ToArray();
        var path = _fixture.PathOf($"epoch-{epoch}.png");
        ImageGrid.WritePng(path, images, 1, Layout.Height, Layout.Width, Layout.Columns, Layout.Scale);
        return new GridFilmFrame(epoch, path);
    }

    /// <summary>The shades of the images, row by row; each must be a block of 16 x 16 pixels.</summary>
    private static List<byte[]> Rows(DecodedImage film)
    {
        var shades = film.Rgb.Where((_, i) => i % 3 == 0).ToArray();
        foreach (var block in shades.Where(shade => shade is not (Ground or Ink)).CountBy(shade => shade))
        {
            Assert.Equal(256, block.Value);
        }

        return [.. shades.Chunk(film.Width)
            .Select(row => row.Where(shade => shade is not (Ground or Ink)).Distinct().ToArray())
            .Where(row => row.Length > 0)
            .DistinctBy(row => string.Join(',', row))];
    }

    /// <summary>The dots of 2 x 2 pixels in the place of a number of two digits.</summary>
    private static IEnumerable<string> Label(DecodedImage film, int row) =>
        Enumerable.Range(0, 5).Select(y => string.Concat(Enumerable.Range(0, 7).Select(x =>
            film.Rgb[3 * (((10 + (22 * row) + 3 + (2 * y)) * film.Width) + 10 + (2 * x))] == Ink ? '#' : '.')));
}
