using System.Text.Json;

namespace PhotoMl.Tests.Imaging;

public sealed class ImagePreprocessingTests : FolderTests
{
    [Fact]
    public void It_is_stored_as_readable_JSON_and_comes_back_equal()
    {
        const string Expected =
            """
            {"version":1,"channels":1,"height":28,"width":28,"fit":"center_of_mass","foreground":"light",
            "scale":0.00392156862745098,"mean":[0],"std":[1]}
            """;
        Assert.Equal(Expected.ReplaceLineEndings(""), JsonSerializer.Serialize(ImageFixture.Digits, PhotoMlJson.Line));

        var photos = ImagePreprocessing.ForPhotos(3, 64);
        var json = JsonSerializer.Serialize(photos, PhotoMlJson.Line);
        Assert.Equal(photos, JsonSerializer.Deserialize<ImagePreprocessing>(json, PhotoMlJson.Line));
        Assert.NotEqual(photos, photos with { Fit = ImageFit.Pad });
    }

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImagePreprocessing { Version = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImagePreprocessing { Channels = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImagePreprocessing { Height = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImagePreprocessing { Width = 5000 });
    }

    [Theory]
    [InlineData("""{"scale":1}""", "a scale of 1.")]
    [InlineData("""{"mean":[0.485,0.456,0.406]}""", "a mean of 0.485, 0.456, 0.406.")]
    [InlineData("""{"std":[0.5]}""", "a std of 0.5.")]
    public void Pixels_that_are_not_plainly_scaled_are_refused(string json, string found)
    {
        var exception = Assert.Throws<ArgumentException>(() => JsonSerializer.Deserialize<ImagePreprocessing>(json, PhotoMlJson.Line));
        Assert.Equal($"Expected pixels scaled by 1/255 but got {found}", exception.Message);
    }

    [Fact]
    public void A_large_jpeg_brought_to_a_small_size_takes_little_memory()
    {
        var jpeg = ImageFixture.EncodeGrey(SKEncodedImageFormat.Jpeg, 3000, 2000, (x, y) => (byte)(x / 12));
        var (path, preprocessing) = (Folder.Write("large.jpg", jpeg), ImagePreprocessing.ForPhotos(3, 128));
        ImagePreprocessor.Prepare(ImageFile.Decode, path, preprocessing);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var bytes = ImagePreprocessor.Prepare(ImageFile.Decode, path, preprocessing).Bytes;

        // An eighth is 375 x 250 pixels of three bytes; the whole picture would be 18 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 375 * 250 * 3, 2_000_000);
        Assert.Equal(3 * 128 * 128, bytes.Length);
        Assert.InRange(bytes[(64 * 128) + 64], 123, 129);
    }

    [Fact]
    public void Gray_and_colours_are_resized_as_they_are_one_by_one()
    {
        var rgb = new byte[3 * 37 * 29];
        new Random(3).NextBytes(rgb);
        var picture = new DecodedImage(37, 29, rgb);
        var luma = new FloatImage(37, 29, [.. rgb.Chunk(3).Select(color => (float)FloatImage.Luma(color[0], color[1], color[2]))]);
        Assert.Equal(luma.Resize(11, 40).Values, ImageResizer.Resize(picture, 1, 11, 40).Values);
        var together = ImageResizer.Resize(picture, 3, 11, 40);
        foreach (var channel in Enumerable.Range(0, 3))
        {
            var alone = new FloatImage(37, 29, [.. rgb.Where((_, i) => i % 3 == channel).Select(value => (float)value)]).Resize(11, 40);
            Assert.Equal(alone.Values, together.Channel(channel));
        }
    }

    [Fact]
    public void A_prepared_file_is_its_prepared_picture()
    {
        var content = ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 50, 40, (x, y) => (byte)(x * y));
        var path = Folder.Write("a.png", content);
        ImagePreprocessing[] all =
            [ImagePreprocessing.ForPhotos(3, 20), ImagePreprocessing.ForPhotos(1, 20), ImageFixture.Digits, ImageFixture.Fashion];
        foreach (var preprocessing in all)
        {
            var expected = ImagePreprocessor.Prepare(ImageFile.Decode(path), preprocessing);
            var read = ImagePreprocessor.Prepare(ImageFile.Decode, path, preprocessing);
            var given = ImagePreprocessor.Prepare((name, w, h) => ImageFile.Decode(content, name, w, h), "a", preprocessing);
            Assert.Equal((expected.Placement, expected.Placement), (read.Placement, given.Placement));
            Assert.Equal(expected.Bytes, read.Bytes);
            Assert.Equal(expected.Bytes, given.Bytes);
        }
    }

    [FactWithMnist]
    public void Real_digits_keep_every_byte_and_come_back_from_large_dark_copies()
    {
        const int Count = 30;
        var folder = Path.Combine(Environment.GetEnvironmentVariable(DatasetPaths.Variable)!, "mnist");
        var path = DatasetFolder.Inspect(folder).Files[DatasetFileRole.TestImages];
        var difference = 0.0;
        foreach (var digit in IdxContent.Read(path, IdxKind.Images).Body.Chunk(784).Take(Count))
        {
            Assert.Equal(digit, Prepare(ImageFixture.Grey(28, 28, (x, y) => digit[(28 * y) + x])));

            var large = new FloatImage(28, 28, Array.ConvertAll(digit, value => (float)value)).Resize(280, 280);
            var prepared = Prepare(ImageFixture.Grey(280, 280, (x, y) => (byte)(255 - large[x, y])));
            difference += digit.Zip(prepared, (a, b) => Math.Abs(a - b)).Average() / Count;
        }

        Assert.InRange(difference, 0, 10); // a digit set one pixel aside differs by about 25
    }

    private static byte[] Prepare(DecodedImage image) => ImagePreprocessor.Prepare(image, ImageFixture.Digits).Bytes;
}
