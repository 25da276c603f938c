namespace PhotoMl.Tests.Imaging;

public sealed class SheetTests : FolderTests
{
    [Fact]
    public void Pictures_stand_in_rows_and_columns_that_fit_the_largest()
    {
        SheetRow[] rows = [new("", [Picture(8, 10), Picture(6, 20)]), new("", [Picture(8, 40), Picture(4, 50), Picture(6, 60)])];
        var sheet = Draw(new Sheet(), rows);
        var places = new[] { 10, 20, 40, 50, 60 }.Select(shade => PlaceOf(sheet, (byte)shade)).ToArray();

        Assert.Equal([(8, 8), (6, 6), (8, 8), (4, 4), (6, 6)], places.Select(place => (place.Width, place.Height)));
        Assert.Equal(places[0].Left, places[2].Left);
        Assert.Equal(places[1].Left + 1, places[3].Left); // a smaller one stands in the middle of its place
        Assert.Equal(places[0].Top + 1, places[1].Top);
        Assert.True(places[2].Top > places[0].Top + 8, "rows do not overlap");
        Assert.True(places[4].Left > places[3].Left + 4, "columns do not overlap");
    }

    [Fact]
    public void Labels_stand_at_the_left_and_captions_below()
    {
        SheetRow[] bare = [new SheetRow("", [Picture(30, 10), Picture(30, 20)])];
        SheetRow[] labelled = [new SheetRow("cat", bare[0].Pictures, "first\nsecond", "third")];
        var (plain, sheet) = (Draw(new Sheet(), bare), Draw(new Sheet(), labelled));
        var place = PlaceOf(sheet, 10);

        Assert.DoesNotContain((byte)72, plain.Rgb);
        Assert.True(HasInk(sheet, 0, place.Top, place.Left, place.Top + 30), "the label");
        Assert.True(HasInk(sheet, place.Left, place.Top + 30, place.Left + 30, sheet.Height), "a caption");
        Assert.True(HasInk(sheet, PlaceOf(sheet, 20).Left, place.Top + 30, sheet.Width, sheet.Height), "the other caption");
        Assert.False(HasInk(sheet, 0, 0, sheet.Width, place.Top), "nothing above");
    }

    [Theory]
    [InlineData("Cat", "Cat")]
    [InlineData("猫", "7 猫")] // of which only a question mark can be drawn
    [InlineData("a name that is far too long", "7 a name that is far too long")]
    public void A_class_whose_name_cannot_be_told_from_others_is_numbered(string name, string expected) =>
        Assert.Equal(expected, Sheet.ClassLabel(7, name));

    [Fact]
    public void A_line_break_in_a_label_is_a_space()
    {
        var sheets = new[] { "two lines", "two\nlines" }.Select(label => new Sheet().EncodePng([new SheetRow(label, [Picture(30, 10)])]));
        Assert.Single(sheets.Select(Convert.ToHexString).Distinct());
        Assert.Equal("two lines", Sheet.Fit("two\r\nlines", 1000));
    }

    [Fact]
    public void The_first_picture_may_stand_apart_and_pixels_may_be_enlarged()
    {
        IReadOnlyList<SheetRow> rows = [new SheetRow("", [Picture(5, 10), Picture(5, 20), Picture(5, 30)])];
        var sheet = Draw(new Sheet { IsFirstApart = true, Scale = 3 }, rows);
        var (first, second, third) = (PlaceOf(sheet, 10), PlaceOf(sheet, 20), PlaceOf(sheet, 30));

        Assert.Equal((15, 15), (first.Width, first.Height));
        Assert.True(second.Left - first.Left > third.Left - second.Left);
    }

    [Fact]
    public void A_place_without_a_picture_stays_empty()
    {
        var sheet = Draw(new Sheet { LeastWidth = 20 }, [new SheetRow("", [null, Picture(8, 10)], "a", "b")]);
        Assert.True(PlaceOf(sheet, 10).Left > 20);
    }

    [Fact]
    public void A_sheet_without_pictures_or_too_large_is_refused_and_nothing_is_written()
    {
        var path = Folder.File("sheet.png");
        Assert.Throws<ArgumentException>(() => new Sheet().WritePng(path, [new SheetRow("a", [])]));
        Assert.Throws<ArgumentException>(() => new Sheet { Scale = 1000 }.WritePng(path, [new SheetRow("a", [Picture(100, 1)])]));
        Assert.False(File.Exists(path));
        Assert.Throws<OutputException>(() => new Sheet().WritePng(Folder.File("nowhere/sheet.png"), [new SheetRow("a", [Picture(1, 1)])]));
    }

    [Fact]
    public void The_progress_of_a_run_is_a_row_an_epoch_of_its_first_images()
    {
        var path = Folder.File("progress.png");
        ImageGrid.WriteProgress(path, [Grid(1), Grid(2), Grid(10)], 4, 2, 8, 8);

        var sheet = ImageFile.Decode(path);
        var places = new[] { 1, 2, 10 }.Select(Row).ToArray();
        Assert.All(places, row => Assert.Single(row.Select(place => place.Top).Distinct()));
        Assert.All(places, row => Assert.Equal(row.Select(place => place.Left).Order(), row.Select(place => place.Left)));
        Assert.Equal(places.Select(row => row[0].Top).Order(), places.Select(row => row[0].Top));
        Assert.All(places.SelectMany(row => row), place => Assert.Equal((8, 8), (place.Width, place.Height)));
        Assert.All(places, row => Assert.True(HasInk(sheet, 0, row[0].Top, row[0].Left, row[0].Top + 10), "the epoch's number"));

        (int Left, int Top, int Width, int Height)[] Row(int epoch) =>
            [.. Enumerable.Range(0, 4).Select(i => PlaceOf(sheet, Shade(epoch, i)))];
    }

    [Fact]
    public void Many_epochs_are_thinned_out_evenly_from_the_first_to_the_last()
    {
        var path = Folder.File("progress.png");
        ImageGrid.WriteProgress(path, [.. Enumerable.Range(1, 23).Select(Grid)], 4, 2, 8, 8);

        var sheet = ImageFile.Decode(path);
        Assert.All(Enumerable.Range(1, 23), epoch => Assert.Equal(epoch % 2 == 1, sheet.Rgb.Contains(Shade(epoch, 0))));
    }

    [Fact]
    public void Grids_that_are_missing_damaged_or_of_another_size_are_left_out()
    {
        var path = Folder.File("progress.png");
        Folder.Write("small.png", ImageGrid.EncodePng(zeros([3, 1, 1, 1], ScalarType.Byte), columns: 1));
        Folder.Write("damaged.png", [1, 2, 3]);

        var (missing, damaged, small) = (Folder.File("missing.png"), Folder.File("damaged.png"), Folder.File("small.png"));

        ImageGrid.WriteProgress(path, [], 4, 2, 8, 8);
        ImageGrid.WriteProgress(path, [(1, missing), (2, damaged), (3, small)], 4, 2, 8, 8);
        Assert.False(File.Exists(path));
        ImageGrid.WriteProgress(path, [(1, missing), Grid(2), (3, damaged), Grid(4)], 4, 2, 8, 8);
        var sheet = ImageFile.Decode(path);
        Assert.True(PlaceOf(sheet, Shade(2, 0)).Top < PlaceOf(sheet, Shade(4, 0)).Top);
    }

    private static byte Shade(int epoch, int image) => (byte)((epoch * 6) + image + 90);

    private static DecodedImage Picture(int side, byte shade) => ImageFixture.Grey(side, side, (_, _) => shade);

    private static DecodedImage Draw(Sheet sheet, IReadOnlyList<SheetRow> rows) => ImageFile.Decode(sheet.EncodePng(rows), "sheet");

    /// <summary>A grid of four images whose shade tells the epoch and the image.</summary>
    private (int Epoch, string Path) Grid(int epoch)
    {
        using var shades = tensor([.. Enumerable.Range(0, 4).Select(i => Shade(epoch, i))], [4, 1, 1, 1], ScalarType.Byte);
        return (epoch, Folder.Write($"epoch-{epoch}.png", ImageGrid.EncodePng(shades.expand(4, 1, 8, 8), columns: 2)));
    }

    /// <summary>The rectangle that a shade fills.</summary>
    private static (int Left, int Top, int Width, int Height) PlaceOf(DecodedImage sheet, byte shade)
    {
        var places = Enumerable.Range(0, sheet.Rgb.Length / 3).Where(i => sheet.Rgb[3 * i] == shade).ToArray();
        var (left, top) = (places.Min(i => i % sheet.Width), places[0] / sheet.Width);
        var (width, height) = (places.Max(i => i % sheet.Width) - left + 1, (places[^1] / sheet.Width) - top + 1);
        Assert.Equal(width * height, places.Length);
        return (left, top, width, height);
    }

    private static bool HasInk(DecodedImage sheet, int left, int top, int right, int bottom) =>
        sheet.Crop(left, top, right - left, bottom - top).Rgb.Contains((byte)72);
}
