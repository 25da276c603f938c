namespace PhotoMl.Tests.Imaging;

public sealed class JpegQualityTests
{
    [Theory]
    [InlineData(25)]
    [InlineData(40)]
    [InlineData(50)]
    [InlineData(75)]
    [InlineData(90)]
    [InlineData(100)]
    public void The_quality_is_that_of_the_encoder(int quality)
    {
        var jpeg = ImageFixture.EncodeGrey(SKEncodedImageFormat.Jpeg, 32, 32, (x, y) => (byte)(x * y), quality);

        Assert.InRange(JpegQuality.Find(jpeg)!.Value, quality - 1, quality + 1);
    }

    [Fact]
    public void Other_files_have_none_and_neither_has_a_table_that_is_cut_off()
    {
        Assert.Null(JpegQuality.Find([]));
        Assert.Null(JpegQuality.Find(ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 32, 32, (x, y) => (byte)(x * y))));
        Assert.Null(JpegQuality.Find([0xFF, 0xD8, 0xFF, 0xDB, 0, 5, 0, 1, 2]));
        Assert.Null(JpegQuality.Find([0xFF, 0xD8, 0xFF, 0xDB, 0, 2]));
        Assert.Null(JpegQuality.Find([0xFF, 0xD8, 0xFF, 0xDB, 0, 68, 0x10, .. new byte[65]])); // sixteen bits, half of them missing
    }
}
