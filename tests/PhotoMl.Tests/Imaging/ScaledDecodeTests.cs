using PhotoMl.Imaging;
using SkiaSharp;

namespace PhotoMl.Tests.Imaging;

public sealed class ScaledDecodeTests : IDisposable
{
    private readonly ImageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg, 1, 1, 40, 30)] // an eighth is the smallest
    [InlineData(SKEncodedImageFormat.Jpeg, 40, 30, 40, 30)]
    [InlineData(SKEncodedImageFormat.Jpeg, 41, 30, 80, 60)]
    [InlineData(SKEncodedImageFormat.Jpeg, 40, 31, 80, 60)]
    [InlineData(SKEncodedImageFormat.Jpeg, 81, 1, 160, 120)]
    [InlineData(SKEncodedImageFormat.Jpeg, 161, 1, 320, 240)]
    [InlineData(SKEncodedImageFormat.Jpeg, 320, 241, 320, 240)] // never enlarged
    [InlineData(SKEncodedImageFormat.Webp, 41, 30, 80, 60)]
    [InlineData(SKEncodedImageFormat.Png, 40, 30, 320, 240)] // has no smaller sizes
    public void A_photo_is_decoded_to_the_smallest_size_that_will_do(SKEncodedImageFormat format, int leastWidth, int leastHeight, int width, int height)
    {
        var path = _fixture.Write("photo", ImageFixture.EncodeGrey(format, 320, 240, (x, y) => (byte)(x / 2)));
        var image = ImageFile.Decode(path, leastWidth, leastHeight);

        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.Equal((320, 240), (image.FullWidth, image.FullHeight));

        // The ramp from left to right is still there, whatever the size.
        Assert.InRange(image.Rgb[3 * ((image.Height / 2 * image.Width) + (image.Width / 4))], 36, 44);
        Assert.InRange(image.Rgb[3 * ((image.Height / 2 * image.Width) + (3 * image.Width / 4))], 116, 124);
    }

    [Fact]
    public void The_size_asked_for_is_that_of_the_upright_photo()
    {
        // Stored lying, 320 x 240; upright it is 240 x 320, so 60 pixels of width are a quarter of it.
        var jpeg = JpegBytes.WithOrientation(ImageFixture.EncodeGrey(SKEncodedImageFormat.Jpeg, 320, 240, (x, y) => (byte)x), 6);
        var image = ImageFile.Decode(_fixture.Write("a.jpg", jpeg), 60, 40);

        Assert.Equal((60, 80), (image.Width, image.Height));
        Assert.Equal((240, 320), (image.FullWidth, image.FullHeight));
    }

    [Fact]
    public void A_large_jpeg_brought_to_a_small_size_takes_little_memory()
    {
        var path = _fixture.Write("large.jpg", ImageFixture.EncodeGrey(SKEncodedImageFormat.Jpeg, 6000, 4000, (x, y) => (byte)(x / 24)));
        var preprocessing = ImagePreprocessing.ForPhotos(3, 128);
        ImagePreprocessor.PrepareFile(path, preprocessing);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var bytes = ImagePreprocessor.PrepareFile(path, preprocessing).Bytes;

        // An eighth is 750 x 500 pixels of three bytes; the whole picture would be 72 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 750 * 500 * 3, 3_000_000);
        Assert.Equal(3 * 128 * 128, bytes.Length);
        Assert.InRange(bytes[(64 * 128) + 64], 123, 129);
    }

    [Theory]
    [InlineData(0)] // CMYK
    [InlineData(2)] // YCCK
    public void A_jpeg_of_four_inks_is_read_as_photoshop_stores_it(byte transform)
    {
        // Inverted: 255 is no ink. No cyan, full magenta, half yellow, a fifth of black: red and a little blue, each times 204 / 255.
        var jpeg = JpegBytes.FourInks(transform, cyan: 255, magenta: 0, yellow: 128, black: 204);
        var image = ImageFile.Decode(_fixture.Write("print.jpg", jpeg));

        Assert.Equal((8, 8), (image.Width, image.Height));
        Assert.InRange(image.Rgb[0], 200, 208);
        Assert.InRange(image.Rgb[1], 0, 4);
        Assert.InRange(image.Rgb[2], 98, 106);
    }

    [Fact]
    public void A_grey_jpeg_has_three_equal_colours()
    {
        var image = ImageFile.Decode(_fixture.Write("grey.jpg", JpegBytes.Grey(77)));

        Assert.Equal((8, 8), (image.Width, image.Height));
        Assert.All(image.Rgb, value => Assert.InRange(value, 76, 78));
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    public void A_decompression_bomb_is_refused_by_its_header(string format)
    {
        var content = format == "png" ? ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 8, 8, (x, y) => 1) : JpegBytes.Grey(1);
        if (format == "png")
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(16), 50_000);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(20), 50_000);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(29), Crc32.Of(content.AsSpan(12, 17)));
        }
        else
        {
            var frame = content.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(content.AsSpan(frame + 5), 50_000);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(content.AsSpan(frame + 7), 50_000);
        }

        var exception = Assert.Throws<UnreadableImageException>(() => ImageFile.Decode(_fixture.Write("bomb", content), 96, 96));
        Assert.Contains("50000 x 50000 pixels", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_resized_together_are_what_they_are_one_by_one()
    {
        var rgb = new byte[3 * 37 * 29];
        new Random(3).NextBytes(rgb);
        var image = new DecodedImage(37, 29, rgb);
        var together = ImageResizer.ResizeColors(image, 11, 40);

        for (var channel = 0; channel < 3; channel++)
        {
            var alone = ImageResizer.Resize(
                (y, row) =>
                {
                    for (var x = 0; x < row.Length; x++)
                    {
                        row[x] = rgb[(3 * ((y * 37) + x)) + channel];
                    }
                },
                37,
                29,
                11,
                40);
            Assert.Equal(alone.Values, together[channel].Values);
        }
    }

    [Fact]
    public void A_prepared_file_is_its_prepared_picture()
    {
        var path = _fixture.Write("a.png", ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 50, 40, (x, y) => (byte)(x * y)));
        foreach (var preprocessing in (ImagePreprocessing[])[ImagePreprocessing.ForPhotos(3, 20), ImagePreprocessing.ForPhotos(1, 20), ImageFixture.Digits, ImageFixture.Fashion])
        {
            var (expected, prepared) = (ImagePreprocessor.Prepare(ImageFile.Decode(path), preprocessing), ImagePreprocessor.PrepareFile(path, preprocessing));
            Assert.Equal(expected.Bytes, prepared.Bytes);
            Assert.Equal(expected.Placement, prepared.Placement);
            Assert.Equal(expected.Bytes, ImagePreprocessor.Prepare((name, width, height) => ImageFile.Decode(File.ReadAllBytes(path), name, width, height), "a", preprocessing).Bytes);
        }
    }
}
