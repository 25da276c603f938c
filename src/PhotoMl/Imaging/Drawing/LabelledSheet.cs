using PhotoMl.IO;

namespace PhotoMl.Imaging;

/// <summary>Makes one picture of rows of pictures, each row with its name, to be looked at.</summary>
/// <remarks>A first picture that stands apart from the others is what they are compared with. Names are drawn in capitals of dots: no font is needed.</remarks>
public static class LabelledSheet
{
    private const byte Ground = 248;
    private const byte Ink = 72;
    private const int Margin = 12;
    private const int Gap = 3;
    private const int WideGap = 14;
    private const int Dot = 2;
    private const int HeadingHeight = 9 * Dot;
    private const int LongestLabel = 16;

    /// <summary>Writes a PNG file, whole or not at all.</summary>
    /// <param name="path">The file; it is replaced where it exists, and its folder must exist.</param>
    /// <param name="headings">What stands above the first picture of each row, and above the second; either may be empty.</param>
    /// <param name="rows">The rows: a name, and pictures of any size, of which the smaller ones stand in the middle of their place.</param>
    /// <param name="isFirstApart">Whether the first picture of each row stands apart from the others.</param>
    /// <param name="scale">How many pixels a side each pixel is drawn as, at least 1.</param>
    /// <exception cref="ArgumentException">There are no pictures, or the sheet would be too large for <see cref="ImageFile"/> to read.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void WritePng(
        string path, (string First, string Others) headings, IReadOnlyList<(string Label, IReadOnlyList<DecodedImage> Pictures)> rows, bool isFirstApart, int scale = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        var pictures = rows.SelectMany(row => row.Pictures).ToList();
        if (pictures.Count == 0)
        {
            throw new ArgumentException("Expected pictures but got none.", nameof(rows));
        }

        var others = rows.SelectMany(row => isFirstApart ? row.Pictures.Skip(1) : row.Pictures).DefaultIfEmpty(pictures[0]);
        var layout = new Layout(
            rows.Max(row => DotFont.Measure(Shorten(row.Label), Dot).Width),
            (isFirstApart ? rows.SelectMany(row => row.Pictures.Take(1)).Max(picture => picture.Width) : others.Max(picture => picture.Width)) * scale,
            others.Max(picture => picture.Width) * scale,
            pictures.Max(picture => picture.Height) * scale,
            isFirstApart ? WideGap : Gap,
            headings is ("", "") ? 0 : HeadingHeight);
        var columns = rows.Max(row => row.Pictures.Count);
        var headingEnd = columns > 1 ? layout.Left(1) + DotFont.Measure(headings.Others, Dot).Width : 0;
        var width = Math.Max(layout.Left(columns - 1) + layout.WidthOf(columns - 1), headingEnd) + Margin;
        var height = layout.Top(rows.Count - 1) + layout.TileHeight + Margin;
        ImageGridLayout.CheckSize(width, height);

        var canvas = new PngCanvas((int)width, (int)height, isGrey: false, Ground);
        DotFont.Draw(canvas, headings.First, (int)layout.Left(0), Margin, Dot, Ink);
        if (columns > 1)
        {
            DotFont.Draw(canvas, headings.Others, (int)layout.Left(1), Margin, Dot, Ink);
        }

        for (var row = 0; row < rows.Count; row++)
        {
            var label = Shorten(rows[row].Label);
            DotFont.Draw(canvas, label, Margin, (int)layout.Top(row) + ((layout.TileHeight - DotFont.Measure(label, Dot).Height) / 2), Dot, Ink);
            for (var column = 0; column < rows[row].Pictures.Count; column++)
            {
                Draw(canvas, rows[row].Pictures[column], layout, row, column, scale);
            }
        }

        var png = canvas.EncodePng();
        AtomicFile.Write(path, stream => stream.Write(png));
    }

    private static string Shorten(string label) => label.Length <= LongestLabel ? label : label[..(LongestLabel - 2)] + "..";

    private static void Draw(PngCanvas canvas, DecodedImage picture, Layout layout, int row, int column, int scale)
    {
        var left = (int)layout.Left(column) + ((layout.WidthOf(column) - (picture.Width * scale)) / 2);
        var top = (int)layout.Top(row) + ((layout.TileHeight - (picture.Height * scale)) / 2);
        for (var y = 0; y < picture.Height * scale; y++)
        {
            for (var x = 0; x < picture.Width * scale; x++)
            {
                var at = 3 * ((y / scale * picture.Width) + (x / scale));
                canvas.Set(left + x, top + y, picture.Rgb[at], picture.Rgb[at + 1], picture.Rgb[at + 2]);
            }
        }
    }

    // Where everything lies; 64 bits, since anybody may ask for too large a sheet.
    private sealed record Layout(int LabelWidth, int FirstWidth, int OtherWidth, int TileHeight, int FirstGap, int HeadingHeight)
    {
        public long Left(int column) =>
            Margin + LabelWidth + WideGap + (column == 0 ? 0 : FirstWidth + FirstGap + ((column - 1L) * (OtherWidth + Gap)));

        public int WidthOf(int column) => column == 0 ? FirstWidth : OtherWidth;

        public long Top(int row) => Margin + HeadingHeight + ((long)row * (TileHeight + Gap));
    }
}
