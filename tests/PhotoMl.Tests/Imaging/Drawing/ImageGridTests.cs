namespace PhotoMl.Tests.Imaging;

public sealed class ImageGridTests
{
    [Fact]
    public void Images_stand_row_by_row_with_a_gap()
    {
        var grid = ImageFile.Decode(ImageGrid.EncodePng(Images([10, 20, 30]), columns: 2, scale: 2), "grid");
        Assert.Equal((5, 5), (grid.Width, grid.Height));
        byte[] expected =
        [
            10, 10, 128, 20, 20,
            10, 10, 128, 20, 20,
            128, 128, 128, 128, 128,
            30, 30, 128, 128, 128,
            30, 30, 128, 128, 128,
        ];
        Assert.Equal(expected, grid.Rgb.Where((_, i) => i % 3 == 0));
    }

    [Property(MaxTest = 50)]
    public void Every_image_is_read_back_as_it_was(byte count, byte columns, byte height, byte width, bool isGray, int seed)
    {
        var (n, across, h, w, channels) = (1 + (count % 10), 1 + (columns % 12), 1 + (height % 9), 1 + (width % 9), isGray ? 1 : 3);
        var bytes = new byte[n * channels * h * w];
        new Random(seed).NextBytes(bytes);
        using var images = Images(bytes, channels, h, w);

        var grid = ImageFile.Decode(ImageGrid.EncodePng(images, across), "grid");

        Assert.Equal(ImageGrid.SizeOf(n, across, h, w), (grid.Width, grid.Height));
        Assert.All(Enumerable.Range(0, n), i =>
        {
            var tile = ImageGrid.Tile(grid, i, across, h, w).Rgb;
            Assert.All(tile.Index(), value => Assert.Equal(
                bytes[(((i * channels) + (value.Index % channels)) * h * w) + (value.Index / 3)], value.Item));
        });
    }

    [Fact]
    public void Every_grey_keeps_its_value_in_a_file_of_one_channel()
    {
        var greys = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var png = ImageGrid.EncodePng(Images(greys, 1, 16, 16), columns: 1);
        Assert.Equal(greys, ImageFile.Decode(png, "grid").Rgb.Where((_, i) => i % 3 == 0));
        Assert.Equal([8, 0], png[24..26]); // bits a sample, colour type grey
        Assert.Equal([8, 2], ImageGrid.EncodePng(Images(new byte[3], channels: 3), columns: 1)[24..26]);
    }

    [Theory]
    [InlineData(1, 0, 1, 1, 1)]
    [InlineData(1, 1, 1, 1, 0)]
    [InlineData(1, 1, 1, 32_769, 1)]
    [InlineData(1, 1, 1, 1, 32_769)]
    [InlineData(16_385, 1, 1, 1, 1)] // with the lines between them 32,769 pixels
    [InlineData(1, 1, 10_001, 10_000, 1)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue)]
    [InlineData(int.MaxValue, 1, int.MaxValue, int.MaxValue, int.MaxValue)]
    public void A_grid_without_columns_or_too_large_is_refused(int count, int columns, int height, int width, int scale) =>
        Assert.ThrowsAny<ArgumentException>(() => ImageGrid.SizeOf(count, columns, height, width, scale));

    [Fact]
    public void A_grid_that_is_too_large_is_refused_with_its_size()
    {
        var exception = Assert.Throws<ArgumentException>(() => ImageGrid.EncodePng(Images([1, 2]), columns: 1, scale: 20_000));
        Assert.Equal(
            "Expected a picture of at most 32768 pixels a side and 100 megapixels, but got 20000 x 40001 pixels.", exception.Message);
    }

    [Fact]
    public void The_size_of_a_grid_is_known_before_its_images_are()
    {
        Assert.Equal(((3 * 20) + 2, (3 * 10) + 2), ImageGrid.SizeOf(7, 3, height: 2, width: 4, scale: 5));
        Assert.Equal((32_768, 1), ImageGrid.SizeOf(1, 1, 1, 32_768));
        Assert.Equal((1, 32_767), ImageGrid.SizeOf(16_384, 1, 1, 1));
        Assert.Equal((10_000, 10_000), ImageGrid.SizeOf(1, int.MaxValue, 100, 100, 100));
    }

    private static Tensor Images(byte[] pixels, int channels = 1, int height = 1, int width = 1) =>
        tensor(pixels, [pixels.Length / (channels * height * width), channels, height, width], ScalarType.Byte);
}
