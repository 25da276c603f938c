namespace PhotoMl.Tests.Imaging;

public sealed class TransparencyTests
{
    [Fact]
    public void Transparent_pixels_are_laid_over_white()
    {
        byte[] rgba = [0, 0, 0, 0, 0, 0, 0, 255, 0, 100, 255, 51];
        var image = ImageFile.Decode(ImageFixture.Encode(SKEncodedImageFormat.Png, 3, 1, rgba), "a.png");
        Assert.Equal([255, 255, 255, 0, 0, 0, 204, 224, 255], image.Rgb);
    }

    // A stroke of ink with a soft rim on a transparent background, which is black or white underneath: dark on light, or light on dark.
    [Theory]
    [InlineData(0, 0, 0, 255, 255, 0)]
    [InlineData(0, 0, 0, 90, 255, 165)]
    [InlineData(120, 120, 120, 255, 255, 120)]
    [InlineData(200, 30, 30, 255, 255, 30)]
    [InlineData(255, 255, 255, 255, 0, 255)]
    [InlineData(255, 255, 255, 90, 0, 90)]
    [InlineData(215, 215, 215, 255, 0, 215)]
    [InlineData(255, 255, 0, 255, 0, 255)]
    public void Light_ink_on_a_transparent_background_is_laid_over_black(
        byte red, byte green, byte blue, byte alpha, byte background, byte expectedGreen)
    {
        foreach (var (format, under, least) in new[]
        {
            (SKEncodedImageFormat.Png, (byte)0, 1), (SKEncodedImageFormat.Png, (byte)255, 1),
            (SKEncodedImageFormat.Webp, (byte)0, 64), (SKEncodedImageFormat.Webp, (byte)255, 16),
        })
        {
            byte[] rgba = [.. Enumerable.Range(0, 64 * 64).SelectMany(i => (i % 64 / 8) switch
            {
                3 or 4 => (byte[])[red, green, blue, alpha],
                2 or 5 => [red, green, blue, (byte)(alpha / 2)],
                _ => [under, under, under, 0],
            })];
            var image = ImageFile.Decode(ImageFixture.Encode(format, 64, 64, rgba), "ink", least, least);
            var middle = 3 * ((image.Height / 2 * image.Width) + (image.Width / 2));
            Assert.Equal([background, background, background], image.Rgb[..3]);
            Assert.InRange(image.Rgb[middle + 1], expectedGreen - 3, expectedGreen + 3);
        }
    }

    [Fact]
    public void Light_ink_is_laid_over_white_where_some_of_it_is_dark()
    {
        byte[] rgba = [.. Enumerable.Repeat((byte)255, 4 * 100)];
        rgba.AsSpan(0, 4 * 50).Clear();
        rgba.AsSpan(4 * 98, 3).Clear(); // an eye of two pixels
        rgba.AsSpan(4 * 99, 3).Clear();
        Assert.Equal([255, 255, 255], ImageFile.Decode(ImageFixture.Encode(SKEncodedImageFormat.Png, 10, 10, rgba), "a.png").Rgb[..3]);
        var nothing = ImageFixture.Encode(SKEncodedImageFormat.Png, 10, 10, new byte[400]);
        Assert.All(ImageFile.Decode(nothing, "a.png").Rgb, value => Assert.Equal(255, value));
    }

    // Gray with alpha, and a palette whose first entry is transparent: a pixel of nothing, one of white.
    [Theory]
    [InlineData(4, new byte[] { 0, 9, 0, 255, 255 }, false)]
    [InlineData(3, new byte[] { 0, 0, 1 }, true)]
    public void Light_ink_is_found_in_pictures_of_gray_and_of_a_palette(byte colorType, byte[] row, bool hasPalette)
    {
        byte[][] palette = [PngBytes.Chunk("PLTE", 9, 9, 9, 255, 255, 255), PngBytes.Chunk("tRNS", 0)];
        byte[] png =
        [
            .. PngBytes.Plain[..8], .. PngBytes.Chunk("IHDR", 0, 0, 0, 2, 0, 0, 0, 1, 8, colorType, 0, 0, 0),
            .. hasPalette ? palette.SelectMany(chunk => chunk) : [],
            .. PngBytes.Chunk("IDAT", PngBytes.Deflate(row)), .. PngBytes.Chunk("IEND"),
        ];
        Assert.Equal([0, 0, 0, 255, 255, 255], ImageFile.Decode(png, "a.png").Rgb);
    }

    // A pixel of half the red, one of full green: with an alpha that was never set, that was set for the second, and without any.
    [Theory]
    [InlineData(108, 32, 0xFF000000, 0x00800000, 0x0000FF00, "128,0,0 0,255,0")]
    [InlineData(124, 32, 0xFF000000, 0x00800000, 0x0000FF00, "128,0,0 0,255,0")]
    [InlineData(56, 32, 0xFF000000, 0x00800000, 0x0000FF00, "128,0,0 0,255,0")]
    [InlineData(108, 32, 0xFF000000, 0x00800000, 0xFF00FF00, "255,255,255 0,255,0")]
    [InlineData(56, 32, 0xFF000000, 0x00800000, 0xFF00FF00, "255,255,255 0,255,0")]
    [InlineData(56, 32, 0x00000000, 0x00800000, 0xFF00FF00, "128,0,0 0,255,0")]
    [InlineData(124, 32, 0xFF000000, 0xFF800000, 0x8000FF00, "128,0,0 127,255,127")]
    [InlineData(108, 32, 0x00000000, 0x00800000, 0x0000FF00, "128,0,0 0,255,0")]
    [InlineData(40, 32, 0x00000000, 0x00800000, 0xFF00FF00, "128,0,0 0,255,0")]
    [InlineData(108, 16, 0x8000, 0x4000, 0x03E0, "132,0,0 0,255,0")]
    [InlineData(108, 16, 0x8000, 0x4000, 0x83E0, "255,255,255 0,255,0")]
    public void The_alpha_of_a_bitmap_counts_where_any_is_set(
        int header, ushort depth, uint alpha, uint first, uint second, string expected)
    {
        uint[] masks = depth == 32 ? [0x00FF0000, 0x0000FF00, 0x000000FF, alpha] : [0x7C00, 0x03E0, 0x001F, alpha];
        var start = 14 + Math.Max(header, 40 + 12);
        var bitmap = new byte[start + 8];
        "BM"u8.CopyTo(bitmap);
        foreach (var (at, value) in new[] { (10, start), (14, header), (18, 2), (22, 1), (26, 1 | (depth << 16)), (30, 3) })
        {
            BitConverter.TryWriteBytes(bitmap.AsSpan(at), value);
        }

        for (var i = 0; i < (header == 40 ? 3 : 4); i++)
        {
            BitConverter.TryWriteBytes(bitmap.AsSpan(54 + (4 * i)), masks[i]);
        }

        BitConverter.TryWriteBytes(bitmap.AsSpan(start), first);
        BitConverter.TryWriteBytes(bitmap.AsSpan(start + (depth / 8)), second);
        var rgb = ImageFile.Decode(bitmap, "a.bmp").Rgb;
        Assert.Equal(expected, string.Join(' ', rgb.Chunk(3).Select(pixel => string.Join(',', pixel))));
    }
}
