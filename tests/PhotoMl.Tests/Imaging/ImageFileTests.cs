using System.Runtime.Versioning;

namespace PhotoMl.Tests.Imaging;

public sealed class ImageFileTests : FolderTests
{
    private static readonly SKEncodedImageFormat[] Formats =
        [SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp];

    // What is stored, read after the orientation: the rows of the upright picture.
    [Theory]
    [InlineData(1, "ABC/DEF")]
    [InlineData(2, "CBA/FED")]
    [InlineData(3, "FED/CBA")]
    [InlineData(4, "DEF/ABC")]
    [InlineData(5, "AD/BE/CF")]
    [InlineData(6, "DA/EB/FC")]
    [InlineData(7, "FC/EB/DA")]
    [InlineData(8, "CF/BE/AD")]
    public void A_photo_is_turned_upright_by_its_orientation(int orientation, string expected)
    {
        var block = ExifBytes.Orientation(orientation);
        Assert.Equal(expected, ReadTiles(JpegBytes.WithOrientation(EncodeTiles(SKEncodedImageFormat.Jpeg), orientation)));
        Assert.Equal(expected, ReadTiles(PngBytes.Into(EncodeTiles(SKEncodedImageFormat.Png), PngBytes.Chunk("eXIf", block))));
        Assert.Equal(expected, ReadTiles(ExifBytes.IntoWebp(EncodeTiles(SKEncodedImageFormat.Webp), 48, 32, block)));

        // Six tiles of 16 x 16 pixels in two rows of three, so that JPEG's blocks keep them apart.
        byte[] EncodeTiles(SKEncodedImageFormat format) =>
            ImageFixture.EncodeGrey(format, 48, 32, (x, y) => (byte)(40 * ((x / 16) + (3 * (y / 16)))));

        string ReadTiles(byte[] content)
        {
            var image = ImageFile.Decode(content, "photo");
            var rows = Enumerable.Range(0, image.Height / 16).Select(y => Enumerable.Range(0, image.Width / 16)
                .Select(x => (char)('A' + ((image.Rgb[3 * ((((16 * y) + 8) * image.Width) + (16 * x) + 8)] + 20) / 40))));
            return string.Join('/', rows.Select(row => string.Concat(row)));
        }
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 0)]
    [InlineData(SKEncodedImageFormat.Webp, 0)]
    [InlineData(SKEncodedImageFormat.Jpeg, 3)]
    public void A_format_is_recognised_by_content_and_keeps_its_pixels(SKEncodedImageFormat format, int tolerance)
    {
        static byte Pixel(int x, int y) => (byte)((7 * x) + (2 * y));
        var image = ImageFile.Decode(Folder.Write("wrong.extension", ImageFixture.EncodeGrey(format, 20, 30, Pixel)));

        for (var i = 0; i < 600; i++)
        {
            Assert.InRange(image.Rgb[3 * i], Pixel(i % 20, i / 20) - tolerance, Pixel(i % 20, i / 20) + tolerance);
        }
    }

    // What is expected: the profile's curve, the matrix of its primaries, the inverse of sRGB's, and sRGB's curve.
    [Theory]
    [InlineData("Adobe RGB", 160, 120, 100, 174, 121, 99)]
    [InlineData("Adobe RGB", 100, 150, 120, 66, 151, 119)]
    [InlineData("Adobe RGB", 128, 128, 128, 129, 129, 129)]
    [InlineData("Display P3", 160, 120, 100, 167, 118, 96)]
    [InlineData("Display P3", 100, 150, 120, 83, 152, 118)]
    [InlineData("Display P3", 128, 128, 128, 128, 128, 128)]
    public void A_photo_is_converted_to_sRGB_by_its_colour_profile(
        string name, byte red, byte green, byte blue, byte expectedRed, byte expectedGreen, byte expectedBlue)
    {
        using var colors = name == "Adobe RGB"
            ? SKColorSpace.CreateRgb(new SKColorSpaceTransferFn { G = 563 / 256f, A = 1 }, SKColorSpaceXyz.AdobeRgb)
            : SKColorSpace.CreateRgb(SKColorSpaceTransferFn.Srgb, SKColorSpaceXyz.DisplayP3);
        byte[] rgba = [.. Enumerable.Repeat(new byte[] { red, green, blue, 255 }, 16 * 16).SelectMany(pixel => pixel)];
        foreach (var (format, least) in Formats.SelectMany(format => (int[])[int.MaxValue, 8, 1], (format, least) => (format, least)))
        {
            var image = ImageFile.Decode(ImageFixture.Encode(format, 16, 16, rgba, colors: colors), "photo", least, least);
            var tolerance = format == SKEncodedImageFormat.Png ? 1 : 3;
            foreach (var pixel in image.Rgb.Chunk(3))
            {
                Assert.InRange(pixel[0], expectedRed - tolerance, expectedRed + tolerance);
                Assert.InRange(pixel[1], expectedGreen - tolerance, expectedGreen + tolerance);
                Assert.InRange(pixel[2], expectedBlue - tolerance, expectedBlue + tolerance);
            }
        }
    }

    [Fact]
    public void A_png_is_converted_by_its_gamma_and_primaries_where_it_has_no_profile()
    {
        // Adobe RGB's, in units of a 100,000th: the gamma's inverse, the x and y of white, red, green and blue.
        byte[] rgba = [.. Enumerable.Repeat(new byte[] { 160, 120, 100, 255 }, 4).SelectMany(pixel => pixel)];
        var plain = ImageFixture.Encode(SKEncodedImageFormat.Png, 2, 2, rgba);
        int[] primaries = [31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000];
        var image = ImageFile.Decode(
            PngBytes.Into(plain, PngBytes.Chunk("gAMA", Bytes(45470)), PngBytes.Chunk("cHRM", [.. primaries.SelectMany(Bytes)])), "a.png");
        Assert.InRange(image.Rgb[0], 173, 175);
        Assert.InRange(image.Rgb[1], 120, 122);
        Assert.InRange(image.Rgb[2], 98, 100);

        static byte[] Bytes(int value) => [.. BitConverter.GetBytes(value).Reverse()];
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
        Assert.Equal([30, 20, 10, 60, 50, 40], ImageFile.Decode(bitmap, "a.bmp").Rgb);
    }

    [Fact]
    public void A_gif_is_read()
    {
        // One pixel, a palette of red and green, the pixel is green.
        byte[] gif =
        [
            .. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 255, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4C, 0x01, 0, 0x3B,
        ];
        Assert.Equal([0, 255, 0], ImageFile.Decode(gif, "a.gif").Rgb);
    }

    [Theory]
    [InlineData(0)] // CMYK
    [InlineData(2)] // YCCK
    public void A_jpeg_of_four_inks_is_read_as_photoshop_stores_it(byte transform)
    {
        // Inverted: 255 is no ink. No cyan, full magenta, half yellow, a fifth of black: red and a little blue, each times 204 / 255.
        var image = ImageFile.Decode(JpegBytes.FourInks(transform, cyan: 255, magenta: 0, yellow: 128, black: 204), "print.jpg");

        Assert.Equal((8, 8), (image.Width, image.Height));
        Assert.InRange(image.Rgb[0], 200, 208);
        Assert.InRange(image.Rgb[1], 0, 4);
        Assert.InRange(image.Rgb[2], 98, 106);
    }

    [Fact]
    public void A_grey_jpeg_has_three_equal_colours()
    {
        var image = ImageFile.Decode(JpegBytes.Grey(77), "grey.jpg");

        Assert.Equal((8, 8), (image.Width, image.Height));
        Assert.All(image.Rgb, value => Assert.InRange(value, 76, 78));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg, 1, 1, 40, 30)] // an eighth is the smallest
    [InlineData(SKEncodedImageFormat.Jpeg, 40, 30, 40, 30)]
    [InlineData(SKEncodedImageFormat.Jpeg, 41, 30, 80, 60)]
    [InlineData(SKEncodedImageFormat.Jpeg, 40, 31, 80, 60)]
    [InlineData(SKEncodedImageFormat.Jpeg, 40, 31, 40, 30, true)]
    [InlineData(SKEncodedImageFormat.Jpeg, 41, 31, 80, 60, true)]
    [InlineData(SKEncodedImageFormat.Jpeg, 81, 1, 160, 120)]
    [InlineData(SKEncodedImageFormat.Jpeg, 161, 1, 320, 240)]
    [InlineData(SKEncodedImageFormat.Jpeg, 320, 241, 320, 240)] // never enlarged
    [InlineData(SKEncodedImageFormat.Webp, 41, 30, 80, 60)]
    [InlineData(SKEncodedImageFormat.Png, 40, 30, 320, 240)] // has no smaller sizes
    public void A_photo_is_decoded_to_the_smallest_size_that_will_do(
        SKEncodedImageFormat format, int leastWidth, int leastHeight, int width, int height, bool isEitherEnough = false)
    {
        var content = ImageFixture.EncodeGrey(format, 320, 240, (x, y) => (byte)(x / 2));
        using var photo = new OpenImage(Folder.Write("photo", content));
        var image = photo.Decode(leastWidth, leastHeight, isEitherEnough);

        Assert.Equal((width, height, (320, 240)), (image.Width, image.Height, image.FullSize));

        // The ramp from left to right is still there, whatever the size.
        Assert.InRange(image.Rgb[3 * ((image.Height / 2 * image.Width) + (image.Width / 4))], 36, 44);
        Assert.InRange(image.Rgb[3 * ((image.Height / 2 * image.Width) + (3 * image.Width / 4))], 116, 124);
    }

    [Fact]
    public void A_photo_that_is_closed_leaves_its_memory_to_the_next_alone()
    {
        var dark = Folder.Write("dark", ImageFixture.EncodeGrey(SKEncodedImageFormat.Jpeg, 320, 240, (x, y) => (byte)(x / 4)));
        var light = Folder.Write("light", ImageFixture.EncodeGrey(SKEncodedImageFormat.Jpeg, 320, 240, (x, y) => (byte)(255 - (x / 4))));
        var closed = new OpenImage(dark);
        var small = closed.Decode(40, 30);
        Assert.Same(small, closed.Decode(40, 30));
        var whole = closed.Decode(320, 240);
        Assert.Throws<ObjectDisposedException>(() => small.Rgb);
        Assert.Equal(ImageFile.Decode(dark).Rgb, whole.Rgb);
        closed.Dispose();
        closed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => whole.Rgb);

        var before = GC.GetAllocatedBytesForCurrentThread();
        using var next = new OpenImage(light);
        var pixels = next.Decode(320, 240);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 320 * 240 * 3 / 2);
        using var other = new OpenImage(dark);
        Assert.Equal(ImageFile.Decode(dark).Rgb, other.Decode(320, 240).Rgb);
        Assert.Equal(ImageFile.Decode(light).Rgb, pixels.Rgb);
    }

    [Fact]
    public void The_size_asked_for_is_that_of_the_upright_photo()
    {
        // Stored lying, 320 x 240; upright it is 240 x 320, so 60 pixels of width are a quarter of it.
        var jpeg = JpegBytes.WithOrientation(ImageFixture.EncodeGrey(SKEncodedImageFormat.Jpeg, 320, 240, (x, y) => (byte)x), 6);
        var image = ImageFile.Decode(jpeg, "a.jpg", 60, 40);
        Assert.Equal((60, 80, (240, 320)), (image.Width, image.Height, image.FullSize));
    }

    [Fact]
    public void Every_refusal_names_the_path_and_the_reason()
    {
        AssertRefused(Folder.File("missing.png"), "there is no such file");
        AssertRefused(Folder.File("missing/folder.png"), "there is no such file");
        AssertRefused(Folder.Path, "found a folder");
        AssertRefused(Folder.Write("empty.png", []), "the file is empty");
        AssertRefused(Folder.Write("text.png", "hello there"u8.ToArray()), "found text");
        AssertRefused(Folder.Write("phone.jpg", [0, 0, 0, 24, .. "ftypheic0000"u8]), "found HEIC");
        AssertRefused(Folder.Write("header.png", [0x89, .. "PNG\r\n"u8]), "its header cannot be read");
        using (var file = File.Create(Folder.File("large.png")))
        {
            file.SetLength(ImageFile.MaximumFileBytes + 1L); // sparse
        }

        AssertRefused(Folder.File("large.png"), "expected an image file of at most 256 MiB but it is larger");
        Assert.Equal("the file is empty", Assert.Throws<UnreadableImageException>(() => ImageFile.Decode([], "upload")).Reason);
    }

    [Theory]
    [InlineData(12000, 9000, 384, 1500, 1125)]
    [InlineData(16320, 12240, 384, 2040, 1530)]
    [InlineData(12000, 9000, int.MaxValue, 6000, 4500)]
    [InlineData(60000, 1700, int.MaxValue, 30000, 850)]
    public void A_jpeg_too_large_to_be_decoded_in_full_is_decoded_to_fewer_pixels(
        int width, int height, int least, int toWidth, int toHeight)
    {
        var image = ImageFile.Decode(JpegBytes.MiddleGrey(width, height), "large.jpg", least, least);
        Assert.Equal((toWidth, toHeight, (width, height)), (image.Width, image.Height, image.FullSize));
        Assert.Equal([128, 128, 128], image.Rgb[^3..]);
    }

    [Fact]
    public void A_progressive_jpeg_is_refused_where_its_coefficients_take_too_much_memory()
    {
        var jpeg = JpegEncoder.Encode("progressive").SelectMany(scan => scan).ToArray();
        var frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC2]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 25_000);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), 25_000);
        AssertRefused(Folder.Write("bomb.jpg", jpeg), "25000 x 25000 pixels");
    }

    [Fact]
    public void An_absurd_size_is_refused_by_the_header_before_memory_is_taken()
    {
        const int Side = 50_000;
        var bitmap = new byte[54];
        "BM"u8.CopyTo(bitmap);
        (bitmap[10], bitmap[14], bitmap[26], bitmap[28]) = (54, 40, 1, 24);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(18), Side);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(22), Side);
        var (jpeg, png) = (JpegBytes.Grey(1), PngBytes.Plain);
        var frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), Side);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), Side);
        byte[] header = [0, 0, Side >> 8, Side & 255, 0, 0, Side >> 8, Side & 255, .. png[24..29]];

        AssertRefused(Folder.Write("bomb.bmp", bitmap), "50000 x 50000 pixels");
        AssertRefused(Folder.Write("bomb.jpg", jpeg), "50000 x 50000 pixels");
        png = [.. png[..8], .. PngBytes.Chunk("IHDR", header), .. png[PngBytes.HeaderEnd..]];
        AssertRefused(Folder.Write("bomb.png", png), "50000 x 50000 pixels");
    }

    [LinuxFact]
    [SupportedOSPlatform("linux")]
    public void A_file_without_permission_is_refused()
    {
        var path = Folder.Write("secret.png", [1]);
        File.SetUnixFileMode(path, UnixFileMode.None);
        var exception = Unprivileged.Run(() => Assert.Throws<UnreadableImageException>(() => ImageFile.Decode(path)));
        Assert.Equal($"{path}: reading it is not permitted.", exception.Message);
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
            var found = Record.Exception(() => ImageFile.Decode(whole[..length], "cut"))?.GetType().Name;
            Assert.True(found == nameof(UnreadableImageException), $"{format} cut to {length} bytes gives {found ?? "a picture"}");
        }
    }

    [Property(MaxTest = 300)]
    public void Random_bytes_after_any_signature_give_a_picture_or_a_refusal(byte signature, byte[] content)
    {
        byte[][] signatures = [[], [0xFF, 0xD8, 0xFF], PngBytes.Plain[..8], [.. "GIF89a"u8], [.. "RIFF0000WEBP"u8], [.. "BM"u8]];
        AssertPictureOrRefusal([.. signatures[signature % signatures.Length], .. content]);
    }

    [Property(MaxTest = 300)]
    public void A_damaged_byte_gives_a_picture_or_a_refusal(byte format, ushort position, byte value)
    {
        var content = ImageFixture.EncodeGrey(Formats[format % 3], 16, 16, (x, y) => (byte)(x * y));
        content[position % content.Length] = value;
        AssertPictureOrRefusal(content);
    }

    private static void AssertPictureOrRefusal(byte[] content)
    {
        var exception = Record.Exception(() => ImageFile.Decode(content, "any"));
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
}
