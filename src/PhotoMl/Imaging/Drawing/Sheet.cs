namespace PhotoMl.Imaging;

/// <summary>Lays out rows of pictures with their names and captions and draws them as one picture.</summary>
/// <remarks>Every column is as wide as its widest picture and every row as high as its highest; smaller ones stand in the middle. Text is
/// drawn in capitals of dots: no font is needed.</remarks>
internal sealed record Sheet
{
    /// <summary>The largest width and height of a sheet in pixels: 32,768.</summary>
    public const int MaximumSide = 1 << 15;

    private const int Dot = 2;
    private const int TextHeight = DotFont.Height * Dot;
    private const int LineHeight = TextHeight + 6;
    private const int WideGap = 14;
    private const int LongestLabel = 16;

    public int Margin { get; init; } = 12;
    public int Gap { get; init; } = 3;
    public int LeastWidth { get; init; }
    public int Scale { get; init; } = 1;

    /// <summary>Whether the first column stands apart: what it shows is what the others are compared with.</summary>
    public bool IsFirstApart { get; init; }

    /// <summary>Whether there is no color, so that a pixel takes 8 bits.</summary>
    public bool IsGray { get; init; }

    public byte Background { get; init; } = 248;
    public byte Ink { get; init; } = 72;

    public void WritePng(string path, IReadOnlyList<SheetRow> rows) => AtomicFile.Write(path, EncodePng(rows));

    public byte[] EncodePng(IReadOnlyList<SheetRow> rows)
    {
        if (!rows.Any(row => row.Pictures.Count > 0))
        {
            throw new ArgumentException("Expected pictures to show but got none.", nameof(rows));
        }

        // Doubles, which hold whatever is asked for until it is refused.
        var columns = Enumerable.Range(0, rows.Max(row => row.Pictures.Count));
        var sizes = columns.Select(column => rows.Max(row => WidthOf(row.Pictures.ElementAtOrDefault(column))));
        double[] widths = [.. sizes.Select(size => Math.Max(LeastWidth, size))];
        var labels = rows.Max(row => WidthOf(Shorten(row.Label)));
        var lefts = new double[widths.Length];
        lefts[0] = Margin + (labels > 0 ? labels + WideGap : 0);
        for (var column = 1; column < lefts.Length; column++)
        {
            lefts[column] = lefts[column - 1] + widths[column - 1] + (column == 1 && IsFirstApart ? WideGap : Gap);
        }

        var captions = rows.SelectMany(row => row.Captions.Index());
        var captionEnd = captions.Select(caption => lefts[caption.Index] + caption.Item.Split('\n').Max(WidthOf)).DefaultIfEmpty().Max();
        var width = Math.Max(lefts[^1] + widths[^1], captionEnd) + Margin;
        var height = rows.Sum(row => HeightOf(row) + CaptionHeight(row) + Gap) - Gap + (2 * Margin);
        CheckSize(width, height);

        var canvas = new PngCanvas((int)width, (int)height, IsGray, Background);
        var top = Margin;
        foreach (var row in rows)
        {
            var rowHeight = (int)HeightOf(row);
            DrawText(canvas, Shorten(row.Label), Margin, top + ((rowHeight - TextHeight) / 2));
            foreach (var (column, picture) in row.Pictures.Index().Where(entry => entry.Item is not null))
            {
                var left = (int)(lefts[column] + ((widths[column] - WidthOf(picture)) / 2));
                canvas.Draw(picture!, left, top + ((rowHeight - (Scale * picture!.Height)) / 2), Scale);
            }

            top += rowHeight;
            foreach (var (column, caption) in row.Captions.Index())
            {
                DrawText(canvas, caption, (int)lefts[column], top + (rowHeight > 0 ? Gap : 0));
            }

            top += CaptionHeight(row) + Gap;
        }

        return canvas.EncodePng();
    }

    public int CaptionHeightOf(int lines) => (lines * LineHeight) + (2 * Gap);

    /// <summary>The label of a class: its name, after its number where the name can be neither drawn nor told apart.</summary>
    public static string ClassLabel(int index, string name) =>
        name.Length <= LongestLabel && DotFont.CanDraw(name) ? name : $"{index} {name}";

    public static string Fit(string text, int width)
    {
        text = text.ReplaceLineEndings(" ");
        while (WidthOf(text) > width)
        {
            text = text[..^1];
        }

        return text;
    }

    public static void CheckSize(double width, double height)
    {
        if (width > MaximumSide || height > MaximumSide || width * height > ImageFile.MaximumPixels)
        {
            throw new ArgumentException(
                $"Expected a picture of at most {MaximumSide} pixels a side and {ImageFile.MaximumPixels / 1_000_000} megapixels, "
                + $"but got {width} x {height} pixels.");
        }
    }

    private static int WidthOf(string text) => DotFont.WidthOf(text) * Dot;

    private double WidthOf(DecodedImage? picture) => (double)Scale * (picture?.Width ?? 0);

    private static string Shorten(string label) =>
        (label.Length <= LongestLabel ? label : label[..(LongestLabel - 2)] + "..").ReplaceLineEndings(" ");

    private double HeightOf(SheetRow row) => Math.Max(
        row.Label.Length > 0 ? TextHeight : 0,
        (double)Scale * row.Pictures.Select(picture => picture?.Height ?? 0).DefaultIfEmpty().Max());

    private int CaptionHeight(SheetRow row) =>
        row.Captions.Count == 0 ? 0 : CaptionHeightOf(row.Captions.Max(caption => caption.Split('\n').Length));

    private void DrawText(PngCanvas canvas, string text, int left, int top)
    {
        foreach (var (index, line) in text.Split('\n').Index())
        {
            DotFont.Draw(canvas, line, left, top + (index * LineHeight), Dot, Ink);
        }
    }
}

/// <summary>A row of a <see cref="Sheet"/>.</summary>
internal sealed record SheetRow(string Label, IReadOnlyList<DecodedImage?> Pictures, params IReadOnlyList<string> Captions);
