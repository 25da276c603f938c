using PhotoMl.IO;

namespace PhotoMl.Imaging;

/// <summary>Makes one picture of rows of pictures, each row with its name.</summary>
public static class LabelledSheet
{
    /// <summary>Writes a PNG file, whole or not at all.</summary>
    /// <param name="path">The file; it is replaced where it exists, and its folder must exist.</param>
    /// <param name="headings">What stands above the first pictures of the rows, from the left; may be empty.</param>
    /// <param name="rows">The rows: a name, and pictures of any size.</param>
    /// <param name="isFirstApart">Whether the first picture of each row stands apart from the others, which are compared with it.</param>
    /// <param name="scale">How many pixels a side each pixel is drawn as, at least 1.</param>
    /// <exception cref="ArgumentException">There are no pictures, or the sheet would be too large for <see cref="ImageFile"/> to
    /// read.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void WritePng(
        string path,
        IReadOnlyList<string> headings,
        IReadOnlyList<(string Label, IReadOnlyList<DecodedImage> Pictures)> rows,
        bool isFirstApart,
        int scale = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        IEnumerable<SheetRow> heading = headings.Count > 0 ? [new SheetRow("", [], headings)] : [];
        var sheet = new Sheet { IsFirstApart = isFirstApart, Scale = scale };
        sheet.WritePng(path, [.. heading, .. rows.Select(row => new SheetRow(row.Label, row.Pictures))]);
    }
}
