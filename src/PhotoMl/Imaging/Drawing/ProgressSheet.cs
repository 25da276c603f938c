using System.Globalization;

namespace PhotoMl.Imaging;

/// <summary>Makes one picture of how the samples of a run changed over its epochs: a row an epoch, the same samples below each
/// other.</summary>
internal static class ProgressSheet
{
    private const int MostRows = 12;
    private const int MostColumns = 12;

    public static int WritePng(string path, IReadOnlyList<(int Epoch, string Path)> grids, int count, int columns, int height, int width)
    {
        var present = grids.Where(grid => File.Exists(grid.Path)).ToList();
        var chosen = present.Count <= MostRows
            ? present
            : [.. Enumerable.Range(0, MostRows).Select(i => present[(int)Math.Round((double)i * (present.Count - 1) / (MostRows - 1))])];
        var rows = new List<SheetRow>();
        foreach (var (epoch, file) in chosen)
        {
            if (TryRead(file) is { } grid && (grid.Width, grid.Height) == ImageGrid.SizeOf(count, columns, height, width))
            {
                var tiles = Enumerable.Range(0, Math.Min(count, MostColumns)).Select(i => ImageGrid.Tile(grid, i, columns, height, width));
                rows.Add(new SheetRow(epoch.ToString(CultureInfo.InvariantCulture), [.. tiles]));
            }
        }

        if (rows.Count > 0)
        {
            new Sheet { Gap = 4 }.WritePng(path, rows);
        }

        return rows.Count;
    }

    private static DecodedImage? TryRead(string path)
    {
        try
        {
            return ImageFile.Decode(path);
        }
        catch (UnreadableImageException)
        {
            return null;
        }
    }
}
