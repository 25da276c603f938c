using System.Text;

namespace PhotoMl.Tests.Imaging;

public sealed class ImageFormatTests
{
    [Theory]
    [InlineData("\u00FF\u00D8\u00FF\u00E0", "JPEG")]
    [InlineData("BM\u0036\0\0\0\0\0\0\0\u0036\0\0\0\u0028\0\0\0", "BMP")]
    [InlineData("BMW and other makes of cars", null)]
    [InlineData("GIF89a", "GIF")]
    [InlineData("RIFF0000WAVE", null)]
    [InlineData("", null)]
    public void A_format_that_is_read_is_known_by_its_content(string content, string? expected) =>
        Assert.Equal(expected, ImageFormat.Find(Encoding.Latin1.GetBytes(content)));

    [Theory]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1heic", "HEIC")]
    [InlineData("\0\0\0\u0018ftyphevc\0\0\0\0hevcmsf1", "HEIC")]
    [InlineData("\0\0\0\u0014ftypmsf1\0\0\0\0msf1", "HEIC")]
    [InlineData("\0\0\0\u0018ftypmif1\0\0\0\0mif1avif", "AVIF")]
    [InlineData("\0\0\0\u0014ftypmif1\0\0\0\0mif1avif", "HEIC")] // which stands behind the box
    [InlineData("\0\0\0\u0014ftypavis\0\0\0\0msf1", "AVIF")]
    [InlineData("\0\0\0\u0014ftypcrx \0\0\0\u0001isom", "CR3")]
    [InlineData("\0\0\0\u0014ftypqt  \0\0\0\0qt  ", "video")]
    [InlineData("\0\0\0\u0014ftypisom", "video")]
    [InlineData("II*\0\u0010\0\0\0CR\u0002\0", "CR2")]
    [InlineData("II*\0\u0008\0\0\0", "TIFF")]
    [InlineData("II*\0\u0008\0\0\0", "NEF", "a.nef")]
    [InlineData("MM\0+\0\u0008\0\0", "BigTIFF")]
    [InlineData("\0\0\0\u000CJXL \r\n", "JPEG XL")]
    [InlineData("\u00FF\u000A\u00FA", "JPEG XL")]
    [InlineData("\0\0\0\u000CjP  \r\n", "JPEG 2000")]
    [InlineData("PK\u0003\u0004", "zip")]
    [InlineData("<?xml version='1.0'?>\n<svg>", "SVG")]
    [InlineData("<!DOCTYPE html>\n<HTML>", "html")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "git-lfs pointer")]
    [InlineData("class: caf\u00C3\u00A9\r\n", "text")] // UTF-8
    [InlineData("\u00FF\u00FEc\0", "text")] // UTF-16
    [InlineData("caf\u00E9 au lait", "text")] // Latin-1
    [InlineData("\u00FF\u00D8\0", "something else")]
    [InlineData("\u0001", "something else")]
    [InlineData("", "nothing")]
    public void What_is_not_read_is_named_by_its_content(string content, string expected, string path = "a.jpg")
    {
        var problem = ImageFormat.Refuse(Encoding.Latin1.GetBytes(content), path);

        Assert.Equal($"expected a JPEG, PNG, WebP, BMP or GIF image but found {expected}", problem);
        Assert.Equal(expected, ImageFormat.KindIn(problem));
    }

    [Fact]
    public void Files_are_counted_by_kind()
    {
        string Problem(string content) => ImageFormat.Refuse(Encoding.Latin1.GetBytes(content), "a.jpg");
        string?[] problems = [Problem("II*\0"), Problem("text"), Problem(""), Problem("text"), Problem("<html>"), "damaged", null];

        Assert.Equal("2 text files, 1 HTML file, 1 TIFF file, 1 empty file are not read.", ImageFormat.Count(problems));
        Assert.Equal("1 other file is not read.", ImageFormat.Count([Problem("\0")]));
        Assert.Null(ImageFormat.Count(["damaged", null]));
        Assert.Equal([true, true, true, false], new[] { "HEIC", "NEF", "TIFF", "text" }.Select(ImageFormat.IsPicture));
    }
}
