namespace PhotoMl.Imaging;

/// <summary>Makes one picture of many small images of one size, row by row, with a line of one pixel between neighbors.</summary>
/// <remarks><see cref="ImageFile.Decode(string, int, int)"/> reads back the very same bytes.</remarks>
internal static class ImageGrid
{
    private const int Gap = 1;
    private const byte Background = 128;

    /// <summary>Makes the content of a PNG file of images, (N, 1 or 3, height, width), uint8; of 8 bits a pixel where they are
    /// gray.</summary>
    public static byte[] EncodePng(Tensor images, int columns, int scale = 1)
    {
        var rows = DecodedImage.FromTensor(images).Chunk(columns).Select(row => new SheetRow("", row)).ToList();
        var isGray = images.shape[1] == 1;
        return new Sheet { Margin = 0, Gap = Gap, Scale = scale, IsGray = isGray, Background = Background }.EncodePng(rows);
    }

    public static (int Width, int Height) SizeOf(int count, int columns, int height, int width, int scale = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        var (pixelWidth, pixelHeight) = (Extent(Math.Min(columns, count), width), Extent(((count - 1) / columns) + 1, height));
        Sheet.CheckSize(pixelWidth, pixelHeight);
        return ((int)pixelWidth, (int)pixelHeight);

        double Extent(int tiles, int size) => (tiles * (((double)size * scale) + Gap)) - Gap;
    }

    /// <summary>Makes one picture of how the samples of a run changed over its epochs: a row an epoch, the same samples below each
    /// other; none of a grid that is missing, damaged or of another size.</summary>
    public static void WriteProgress(
        string path, IReadOnlyList<(int Epoch, string Path)> grids, int count, int columns, int height, int width)
    {
        const int MostRows = 12;
        const int MostColumns = 12;
        var present = grids.Where(grid => File.Exists(grid.Path)).ToList();
        var last = Math.Min(present.Count, MostRows) - 1;
        var step = (present.Count - 1) / Math.Max(1.0, last);
        var rows = new List<SheetRow>();
        foreach (var (epoch, file) in Enumerable.Range(0, last + 1).Select(i => present[(int)Math.Round(i * step)]))
        {
            if (ImageFile.TryDecode(file) is { } grid && (grid.Width, grid.Height) == SizeOf(count, columns, height, width))
            {
                var tiles = Enumerable.Range(0, Math.Min(count, MostColumns)).Select(i => Tile(grid, i, columns, height, width));
                rows.Add(new SheetRow($"{epoch}", [.. tiles]));
            }
        }

        if (rows.Count > 0)
        {
            new Sheet { Gap = 4 }.WritePng(path, rows);
        }
    }

    internal static DecodedImage Tile(DecodedImage grid, int index, int columns, int height, int width) =>
        grid.Crop(index % columns * (width + Gap), index / columns * (height + Gap), width, height);
}
