using System.Globalization;
using PhotoMl.IO;

namespace PhotoMl.Imaging;

/// <summary>Makes one picture of how the samples of a run changed over its epochs: a row an epoch, the same samples below each
/// other.</summary>
internal static class ProgressSheet
{
    private const int MostRows = 12;
    private const int MostColumns = 12;

    /// <summary>Writes a PNG file, whole or not at all.</summary>
    /// <param name="path">The file; it is replaced where it exists, and its folder must exist.</param>
    /// <param name="grids">The epochs in ascending order and the grids of each, as <see cref="ImageGrid"/> wrote them; one that is missing,
    /// damaged or of another size is left out.</param>
    /// <param name="count">How many images a grid has.</param>
    /// <param name="columns">How many stand side by side.</param>
    /// <param name="height">The height of each in pixels, as it is drawn.</param>
    /// <param name="width">The width of each in pixels, as it is drawn.</param>
    /// <returns>How many epochs are shown, at most 12 evenly spaced ones; 0 where no grid can be read, and then no file is
    /// written.</returns>
    /// <exception cref="OutputException">The file cannot be written.</exception>
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
