using System.Globalization;
using PhotoMl.Imaging;

namespace PhotoMl.Explanation;

/// <summary>Makes one picture of explained photos: of each the photo, the heat, and the heat over the photo, with what was found in writing.</summary>
/// <remarks>Photos are read and drawn one by one as they are added, so that many of them take little memory.</remarks>
public sealed class ExplanationSheet
{
    /// <summary>The smallest side that photos can be drawn at, in pixels.</summary>
    public const int SmallestSide = 64;

    /// <summary>The largest side that photos can be drawn at, in pixels.</summary>
    public const int LargestSide = 1024;

    private const int MostPhotos = 64;
    private const byte Ground = 248;
    private const byte Ink = 72;
    private const int Margin = 12;
    private const int Gap = 6;
    private const int Dot = 2;
    private const int LineHeight = (DotFont.Height * Dot) + 6;
    private const int BarWidth = 128;
    private const int LinesOfPhoto = 3;

    private readonly int _side;
    private readonly List<Row> _rows = [];

    /// <summary>Begins an empty sheet.</summary>
    /// <param name="side">The longer side of each picture in pixels, 64 to 1024.</param>
    public ExplanationSheet(int side = 320) => _side = Checked.InRange(side, SmallestSide, LargestSide, nameof(side));

    /// <summary>How many photos a sheet takes at the most, so that <see cref="ImageFile"/> can read it.</summary>
    /// <param name="side">The longer side of each picture in pixels.</param>
    /// <returns>64, or fewer of large pictures.</returns>
    public static int MostPhotosAt(int side)
    {
        var height = Math.Min(ImageGridLayout.MaximumSide, ImageFile.MaximumPixels / WidthOf(side));
        return Math.Min(MostPhotos, (height - (2 * Margin) - LineHeight) / HeightOf(side));
    }

    /// <summary>Adds a row.</summary>
    /// <param name="photo">The explanation.</param>
    /// <exception cref="UnreadableImageException">The photo can no longer be read.</exception>
    /// <exception cref="InvalidOperationException">There are <see cref="MostPhotosAt"/> already.</exception>
    public void Add(ExplainedPhoto photo)
    {
        ArgumentNullException.ThrowIfNull(photo);
        if (_rows.Count == MostPhotosAt(_side))
        {
            throw new InvalidOperationException($"Expected at most {_rows.Count} photos but got another one.");
        }

        var picture = DisplaySize.Fit(ImageFile.Decode(photo.Path, _side, _side), _side);
        var painter = new HeatPainter(photo);
        _rows.Add(new Row([picture, painter.DrawHeat(picture.Width, picture.Height), painter.DrawOverlay(picture)], Describe(photo), photo.Explanation.IsSigned));
    }

    /// <summary>Encodes the sheet.</summary>
    /// <returns>The content of a PNG file.</returns>
    /// <exception cref="InvalidOperationException">There are no photos.</exception>
    public byte[] EncodePng()
    {
        if (_rows.Count == 0)
        {
            throw new InvalidOperationException("Expected photos to show but got none.");
        }

        var column = _rows.Max(row => row.Pictures[0].Width);
        var figures = _rows.Max(row => DotFont.Measure(row.Lines[^1], Dot).Width); // names may be cut, figures not
        var width = Math.Max(WidthOf(column), figures + (2 * Margin));
        var height = (2 * Margin) + LineHeight + _rows.Sum(row => HeightOf(row.Pictures[0].Height));
        var canvas = new PngCanvas(width, height, isGrey: false, Ground);
        var top = Margin;
        foreach (var row in _rows)
        {
            Draw(canvas, row, column, top, width - (2 * Margin));
            top += HeightOf(row.Pictures[0].Height);
        }

        DrawLegend(canvas, top, _rows[0].IsSigned);
        return canvas.EncodePng();
    }

    private static int WidthOf(int column) => (2 * Margin) + (3 * column) + (2 * Gap);

    private static int HeightOf(int picture) => picture + Gap + (LinesOfPhoto * LineHeight) + Margin;

    private static void Draw(PngCanvas canvas, Row row, int column, int top, int textWidth)
    {
        foreach (var (index, picture) in row.Pictures.Index())
        {
            canvas.Draw(picture, Margin + (index * (column + Gap)) + ((column - picture.Width) / 2), top);
        }

        top += row.Pictures[0].Height + Gap;
        foreach (var (index, line) in row.Lines.Index())
        {
            DotFont.Draw(canvas, DotFont.Fit(line, textWidth, Dot), Margin, top + (index * LineHeight), Dot, Ink);
        }
    }

    private static void DrawLegend(PngCanvas canvas, int top, bool isSigned)
    {
        var (least, most) = isSigned ? ("against", "for the class") : ("none", "most");
        var left = Margin + DotFont.Measure(least, Dot).Width + Gap;
        DotFont.Draw(canvas, least, Margin, top, Dot, Ink);
        for (var x = 0; x < BarWidth; x++)
        {
            var share = (double)x / (BarWidth - 1);
            var (red, green, blue) = isSigned ? ColourMap.OfSigned((2 * share) - 1) : ColourMap.OfAmount(share);
            for (var y = 0; y < DotFont.Height * Dot; y++)
            {
                canvas.Set(left + x, top + y, red, green, blue);
            }
        }

        DotFont.Draw(canvas, most, left + BarWidth + Gap, top, Dot, Ink);
    }

    private static string[] Describe(ExplainedPhoto photo)
    {
        var explanation = photo.Explanation;
        var predicted = $"taken for {photo.Predicted} {Percent(explanation.Probabilities[explanation.Predicted])}";
        var other = explanation.Class == explanation.Predicted ? "" : $", why {photo.Class} {Percent(explanation.Probabilities[explanation.Class])}";
        return [Path.GetFileName(photo.Path), predicted + other, explanation.Faithfulness is { } figures ? Describe(figures) : ""];
    }

    private static string Describe(Faithfulness figures) =>
        $"deletion {Number(figures.Deletion.Value)} (random {Number(figures.Deletion.Random)}), insertion {Number(figures.Insertion.Value)} (random {Number(figures.Insertion.Random)})"
        + (figures.IsDeletionBetter || figures.IsInsertionBetter ? "" : ": no better than random");

    private static string Percent(double share) => (100 * share).ToString("F2", CultureInfo.InvariantCulture) + " %";

    private static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    private sealed record Row(DecodedImage[] Pictures, string[] Lines, bool IsSigned);
}
