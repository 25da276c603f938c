using PhotoMl.Data;

namespace PhotoMl.Tests.Data.Images;

public sealed class ImageGridTests : IDisposable
{
    private readonly ImageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Images_stand_row_by_row_with_a_gap()
    {
        var path = _fixture.PathOf("grid.png");
        ImageGrid.WritePng(path, [10, 20, 30], channels: 1, height: 1, width: 1, columns: 2, scale: 2);

        var grid = ImageFile.Decode(path);
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

    [Fact]
    public void Colours_are_kept()
    {
        var path = _fixture.PathOf("grid.png");
        ImageGrid.WritePng(path, [1, 2, 3, 4, 5, 6], channels: 3, height: 1, width: 2, columns: 1);
        Assert.Equal([1, 3, 5, 2, 4, 6], ImageFile.Decode(path).Rgb);
    }

    [Fact]
    public void Bytes_that_are_no_whole_images_are_refused() =>
        Assert.Throws<ArgumentException>(() => ImageGrid.WritePng(_fixture.PathOf("grid.png"), new byte[5], 1, 2, 2, 1));
}
