using PhotoMl.Imaging;

namespace PhotoMl.Explanation;

/// <summary>Makes one picture of explained photos: of each the photo, the heat, the heat over the photo, and the figures.</summary>
/// <remarks>Photos are read and drawn one by one as they are added, so that many of them take little memory.</remarks>
internal sealed class ExplanationSheet
{
    private const int MostPhotos = 64;
    private const int LinesOfPhoto = 3;
    private const int BarHeight = 10;
    private const int LeastTextWidth = 480;

    private static readonly Sheet Sheet = new() { Gap = 6 };

    private readonly int _side;
    private readonly List<SheetRow> _rows = [];
    private bool _isSigned;

    public ExplanationSheet(int side = 320) => _side = Checked.InRange(side, 64, 1024, nameof(side));
    public bool IsEmpty => _rows.Count == 0;

    /// <summary>How many photos a sheet takes at the most, so that <see cref="ImageFile"/> can read it.</summary>
    public static int MostPhotosAt(int side)
    {
        var height = Math.Min(Sheet.MaximumSide, ImageFile.MaximumPixels / ((2 * Sheet.Margin) + WidthOf(side)));
        var legend = BarHeight + Sheet.CaptionHeightOf(1);
        return Math.Min(MostPhotos, (height - (2 * Sheet.Margin) - legend) / (side + Sheet.CaptionHeightOf(LinesOfPhoto) + Sheet.Gap));
    }

    public void Add(ImageExplanation photo)
    {
        var picture = ImageFile.Decode(photo.Content, photo.Path, _side, _side).FitDisplay(_side);
        var painter = new HeatPainter(photo);
        DecodedImage[] pictures = [picture, painter.DrawHeat(picture.Width, picture.Height), painter.DrawOverlay(picture)];
        _rows.Add(new SheetRow("", pictures, Describe(photo)));
        _isSigned = photo.IsSigned;
    }

    public byte[] EncodePng()
    {
        var bar = DrawBar(_rows.Max(row => row.Pictures[0]!.Width));
        var legend = new SheetRow("", [bar], _isSigned ? "blue: against, red: for the class" : "dark: none, light: most");
        return Sheet.EncodePng([.. _rows, legend]);
    }

    private static int WidthOf(int column) => (3 * column) + (2 * Sheet.Gap);

    private DecodedImage DrawBar(int width)
    {
        var rgb = new byte[3 * width * BarHeight];
        for (var i = 0; i < width * BarHeight; i++)
        {
            var share = i % width / Math.Max(width - 1.0, 1);
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = _isSigned ? ColorMap.OfSigned((2 * share) - 1) : ColorMap.OfAmount(share);
        }

        return new DecodedImage(width, BarHeight, rgb);
    }

    // Names are cut, numbers are not.
    private string Describe(ImageExplanation photo)
    {
        var width = Math.Max(WidthOf(_side), LeastTextWidth);
        var predicted = $"predicted as {photo.Predicted} {Percent(photo.Probabilities[photo.PredictedLabel])}";
        if (photo.Label != photo.PredictedLabel)
        {
            predicted += $"; map of {photo.Class} {Percent(photo.Probabilities[photo.Label])}";
        }

        var names = new[] { Path.GetFileName(photo.Path), predicted }.Select(line => Sheet.Fit(line, width));
        return string.Join('\n', [.. names, photo.Faithfulness is { } figures ? Describe(figures) : ""]);
    }

    private static string Describe(Faithfulness figures) =>
        $"deletion {figures.Deletion:F3} (random {figures.RandomDeletion:F3}), "
        + $"insertion {figures.Insertion:F3} (random {figures.RandomInsertion:F3})"
        + (figures.IsDeletionBetter || figures.IsInsertionBetter ? "" : ": no better than random");

    private static string Percent(double share) => $"{100 * share:F2} %";
}
