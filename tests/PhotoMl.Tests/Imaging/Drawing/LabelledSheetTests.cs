using PhotoMl.Imaging;

namespace PhotoMl.Tests.Imaging;

public sealed class LabelledSheetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Pictures_stand_in_rows_beside_their_names_and_the_first_stands_apart()
    {
        var path = _folder.File("sheet.png");
        LabelledSheet.WritePng(path, ("", ""), [("I", [Shade(8, 10), Shade(6, 20), Shade(6, 30)]), ("I", [Shade(8, 40), Shade(6, 50)])], isFirstApart: true);
        var sheet = ImageFile.Decode(path);

        // Margin 12, the name 2, gap 14, 8 wide, gap 14, 6 wide, gap 3, 6 wide, margin 12; rows of 8, gap 3.
        Assert.Equal((12 + 2 + 14 + 8 + 14 + 6 + 3 + 6 + 12, 12 + 8 + 3 + 8 + 12), (sheet.Width, sheet.Height));
        Assert.Equal([10, 20, 30], new[] { 32, 53, 62 }.Select(x => (int)At(sheet, x, 16)));
        Assert.Equal([40, 50, 248], new[] { 32, 53, 62 }.Select(x => (int)At(sheet, x, 27)));
        Assert.Equal(248, At(sheet, 53, 12)); // the smaller one stands in the middle of its place
        Assert.Equal(20, At(sheet, 53, 13));
        Assert.Equal(72, At(sheet, 12, 16)); // the name
    }

    [Fact]
    public void Pixels_are_drawn_as_large_as_asked_for()
    {
        var path = _folder.File("sheet.png");
        LabelledSheet.WritePng(path, ("", ""), [("", [Shade(5, 10), Shade(5, 20)])], isFirstApart: false, scale: 3);
        var sheet = ImageFile.Decode(path);

        Assert.Equal((12 + 0 + 14 + 15 + 3 + 15 + 12, 12 + 15 + 12), (sheet.Width, sheet.Height));
        Assert.Equal([10, 10, 248, 20, 20], new[] { 26, 40, 41, 44, 58 }.Select(x => (int)At(sheet, x, 26)));
    }

    [Fact]
    public void No_pictures_and_too_many_are_refused()
    {
        var path = _folder.File("sheet.png");
        Assert.Throws<ArgumentException>(() => LabelledSheet.WritePng(path, ("", ""), [("a", [])], isFirstApart: true));
        Assert.Throws<ArgumentException>(() => LabelledSheet.WritePng(path, ("", ""), [("a", [Shade(100, 1)])], isFirstApart: true, scale: 1000));
        Assert.False(File.Exists(path));
    }

    public void Dispose() => _folder.Dispose();

    private static DecodedImage Shade(int side, byte shade)
    {
        var rgb = new byte[3 * side * side];
        rgb.AsSpan().Fill(shade);
        return new DecodedImage(side, side, rgb);
    }

    private static byte At(DecodedImage sheet, int x, int y) => sheet.Rgb[3 * ((y * sheet.Width) + x)];
}
