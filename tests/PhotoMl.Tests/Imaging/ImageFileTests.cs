using System.Runtime.Versioning;
using FsCheck.Xunit;
using SkiaSharp;

namespace PhotoMl.Tests.Imaging;

public sealed class ImageFileTests : IDisposable
{
    private readonly ImageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    public static TheoryData<int, string> Orientations => new()
    {
        // What is stored, read after the orientation: the rows of the upright picture.
        { 1, "ABC/DEF" },
        { 2, "CBA/FED" },
        { 3, "FED/CBA" },
        { 4, "DEF/ABC" },
        { 5, "AD/BE/CF" },
        { 6, "DA/EB/FC" },
        { 7, "FC/EB/DA" },
        { 8, "CF/BE/AD" },
    };

    [Theory]
    [MemberData(nameof(Orientations))]
    public void A_photo_is_turned_upright_by_its_orientation(int orientation, string expected)
    {
        // Six tiles of 16 x 16 pixels in two rows of three, so that JPEG's blocks keep them apart.
        var jpeg = ImageFixture.EncodeGrey(SKEncodedImageFormat.Jpeg, 48, 32, (x, y) => (byte)(40 * ((x / 16) + (3 * (y / 16)))));
        var png = ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 48, 32, (x, y) => (byte)(40 * ((x / 16) + (3 * (y / 16)))));

        AssertTiles(expected, ImageFile.Decode(_fixture.Write("photo.jpg", JpegBytes.WithOrientation(jpeg, orientation))));
        AssertTiles(expected, ImageFile.Decode(_fixture.Write("photo.png", PngBytes.Into(png, PngBytes.Chunk("eXIf", JpegBytes.OrientationBlock(orientation))))));

        var webp = ImageFixture.EncodeGrey(SKEncodedImageFormat.Webp, 48, 32, (x, y) => (byte)(40 * ((x / 16) + (3 * (y / 16)))));
        AssertTiles(expected, ImageFile.Decode(_fixture.Write("photo.webp", WebpBytes.Extend(webp, 48, 32, exif: JpegBytes.OrientationBlock(orientation)))));
    }

    private static void AssertTiles(string expected, DecodedImage image)
    {
        var rows = expected.Split('/');
        Assert.Equal((16 * rows[0].Length, 16 * rows.Length), (image.Width, image.Height));
        var actual = rows.Select((row, y) => string.Concat(row.Select((_, x) => TileAt(image, (16 * x) + 8, (16 * y) + 8))));
        Assert.Equal(expected, string.Join('/', actual));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 0)]
    [InlineData(SKEncodedImageFormat.Webp, 0)]
    [InlineData(SKEncodedImageFormat.Jpeg, 3)]
    public void A_format_is_told_by_content_and_keeps_its_pixels(SKEncodedImageFormat format, int tolerance)
    {
        static byte Pixel(int x, int y) => (byte)((7 * x) + (2 * y));
        var image = ImageFile.Decode(_fixture.Write("wrong.extension", ImageFixture.EncodeGrey(format, 20, 30, Pixel)));

        for (var i = 0; i < 600; i++)
        {
            Assert.InRange(image.Rgb[3 * i], Pixel(i % 20, i / 20) - tolerance, Pixel(i % 20, i / 20) + tolerance);
        }
    }

    /// <summary>The colours of a profile in sRGB: its curve, the matrix of its primaries, the inverse of sRGB's, and sRGB's curve.</summary>
    [Theory]
    [InlineData("Adobe RGB", 160, 120, 100, 174, 121, 99)]
    [InlineData("Adobe RGB", 100, 150, 120, 66, 151, 119)]
    [InlineData("Adobe RGB", 128, 128, 128, 129, 129, 129)]
    [InlineData("Display P3", 160, 120, 100, 167, 118, 96)]
    [InlineData("Display P3", 100, 150, 120, 83, 152, 118)]
    [InlineData("Display P3", 128, 128, 128, 128, 128, 128)]
    public void A_photo_is_converted_to_sRGB_by_its_colour_profile(string name, byte red, byte green, byte blue, byte expectedRed, byte expectedGreen, byte expectedBlue)
    {
        const int Size = 16;
        var profile = name == "Adobe RGB" ? IccProfile.AdobeRgb : IccProfile.DisplayP3;
        byte[] rgba = [.. Enumerable.Repeat(new byte[] { red, green, blue, 255 }, Size * Size).SelectMany(pixel => pixel)];
        byte[] Encode(SKEncodedImageFormat format) => ImageFixture.Encode(format, Size, Size, rgba);
        var png = PngBytes.Into(Encode(SKEncodedImageFormat.Png), PngBytes.Chunk("iCCP", [.. "test\0\0"u8, .. PngBytes.Deflate(profile)]));

        AssertColour(png, tolerance: 1);
        AssertColour(JpegBytes.WithProfile(Encode(SKEncodedImageFormat.Jpeg), profile), tolerance: 3);
        AssertColour(WebpBytes.Extend(Encode(SKEncodedImageFormat.Webp), Size, Size, profile), tolerance: 3);

        void AssertColour(byte[] content, int tolerance)
        {
            var image = ImageFile.Decode(content, "photo");
            foreach (var pixel in image.Rgb.Chunk(3))
            {
                Assert.InRange(pixel[0], expectedRed - tolerance, expectedRed + tolerance);
                Assert.InRange(pixel[1], expectedGreen - tolerance, expectedGreen + tolerance);
                Assert.InRange(pixel[2], expectedBlue - tolerance, expectedBlue + tolerance);
            }
        }
    }

    [Fact]
    public void A_bitmap_is_read()
    {
        // Two pixels of 24 bits, blue first, the row filled up to eight bytes.
        byte[] bitmap =
        [
            (byte)'B', (byte)'M', 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0,
            0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 20, 30, 40, 50, 60, 0, 0,
        ];
        Assert.Equal([30, 20, 10, 60, 50, 40], ImageFile.Decode(_fixture.Write("a.bmp", bitmap)).Rgb);
    }

    [Fact]
    public void A_gif_is_read()
    {
        // One pixel, a palette of red and green, the pixel is green.
        byte[] gif =
        [
            .. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 255, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4C, 0x01, 0, 0x3B,
        ];
        Assert.Equal([0, 255, 0], ImageFile.Decode(_fixture.Write("a.gif", gif)).Rgb);
    }

    [Fact]
    public void Transparent_pixels_are_laid_over_white()
    {
        byte[] rgba = [0, 0, 0, 0, 0, 0, 0, 255, 0, 100, 255, 51];
        var image = ImageFile.Decode(_fixture.Write("a.png", ImageFixture.Encode(SKEncodedImageFormat.Png, 3, 1, rgba)));
        Assert.Equal([255, 255, 255, 0, 0, 0, 204, 224, 255], image.Rgb);
    }

    [Fact]
    public void Every_refusal_names_the_path_and_the_reason()
    {
        AssertRefused(_fixture.PathOf("missing.png"), "there is no such file");
        AssertRefused(_fixture.PathOf("missing/folder.png"), "there is no such file");
        AssertRefused(_fixture.Folder, "found a folder");
        AssertRefused(_fixture.Write("empty.png", []), "the file is empty");
        AssertRefused(_fixture.Write("text.png", "hello there"u8.ToArray()), "found something else");
        AssertRefused(_fixture.Write("phone.jpg", [0, 0, 0, 24, .. "ftypheic0000"u8]), "found HEIC, which is not supported");
        AssertRefused(_fixture.Write("header.png", [0x89, .. "PNG\r\n"u8]), "its header cannot be read");
    }

    [Fact]
    public void An_absurd_size_is_refused_before_memory_is_taken()
    {
        var bitmap = new byte[54];
        "BM"u8.CopyTo(bitmap);
        (bitmap[10], bitmap[14], bitmap[26], bitmap[28]) = (54, 40, 1, 24);
        BitConverter.TryWriteBytes(bitmap.AsSpan(18), 30_000);
        BitConverter.TryWriteBytes(bitmap.AsSpan(22), 30_000);

        AssertRefused(_fixture.Write("bomb.bmp", bitmap), "30000 x 30000 pixels");
    }

    [UnixFact(asSuperuser: false)]
    [UnsupportedOSPlatform("windows")]
    public void A_file_without_permission_is_refused()
    {
        var path = _fixture.Write("secret.png", [1]);
        File.SetUnixFileMode(path, UnixFileMode.None);
        AssertRefused(path, "reading it is not permitted");
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void A_file_cut_off_anywhere_is_refused(SKEncodedImageFormat format)
    {
        var whole = ImageFixture.EncodeGrey(format, 40, 30, (x, y) => (byte)((x * y * 7919) >> 3));

        // The last bytes only mark the end: a JPEG's EOI, a PNG's IEND chunk and checksums.
        for (var length = 1; length < whole.Length - 24; length += Math.Max(1, whole.Length / 200))
        {
            var path = _fixture.Write("cut", whole[..length]);
            var exception = Record.Exception(() => ImageFile.Decode(path));
            Assert.True(exception is UnreadableImageException, $"{format} cut to {length} of {whole.Length} bytes gives {exception?.GetType().Name ?? "a picture"}");
        }
    }

    [Property(MaxTest = 300)]
    public void Random_bytes_after_any_signature_give_a_picture_or_a_refusal(byte signature, byte[] content)
    {
        byte[][] signatures = [[], [0xFF, 0xD8, 0xFF], [0x89, .. "PNG\r\n\u001a\n"u8], [.. "GIF89a"u8], [.. "RIFF0000WEBP"u8], [.. "BM"u8]];
        AssertPictureOrRefusal([.. signatures[signature % signatures.Length], .. content]);
    }

    [Property(MaxTest = 300)]
    public void A_damaged_byte_gives_a_picture_or_a_refusal(byte format, ushort position, byte value)
    {
        SKEncodedImageFormat[] formats = [SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp];
        var content = ImageFixture.EncodeGrey(formats[format % 3], 16, 16, (x, y) => (byte)(x * y));
        content[position % content.Length] = value;
        AssertPictureOrRefusal(content);
    }

    private void AssertPictureOrRefusal(byte[] content)
    {
        var exception = Record.Exception(() => ImageFile.Decode(_fixture.Write("any", content)));
        Assert.True(exception is null or UnreadableImageException, exception?.ToString());
    }

    private static void AssertRefused(string path, string reason)
    {
        var exception = Assert.Throws<UnreadableImageException>(() => ImageFile.Decode(path));
        Assert.Equal(path, exception.Path);
        Assert.Contains(reason, exception.Reason, StringComparison.Ordinal);
        Assert.Equal($"{path}: {exception.Reason}.", exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }

    private static char TileAt(DecodedImage image, int x, int y) => (char)('A' + ((image.Rgb[3 * ((y * image.Width) + x)] + 20) / 40));
}
