using PhotoMl.Data;
using PhotoMl.Imaging;

namespace PhotoMl.Evaluation;

/// <summary>Makes one picture of the images that two classifiers predict differently.</summary>
/// <remarks>A row for every class and who is right: <c>A+ B- COAT</c> are coats that only the first is right about, <c>A- B-</c> those that
/// neither is right about.</remarks>
internal static class DifferenceSheet
{
    private const int MostRows = 40; // fewer of images so large that a picture of them could not be written
    private const int MostColumns = 12;
    private const int TargetSide = 64;

    public static int WritePng(string path, ImageDataset images, IReadOnlyList<ImageDifference> differences)
    {
        var classes = images.ClassNames.ToList();
        var rows = differences
            .GroupBy(image => (First: image.First.Label == image.Label, Second: image.Second.Label == image.Label, image.Label))
            .OrderByDescending(row => row.Count())
            .Take(Math.Clamp(ImageFile.MaximumPixels / 2 / (MostColumns * images.Height * images.Width), 1, MostRows))
            .OrderByDescending(row => row.Key.First).ThenByDescending(row => row.Key.Second).ThenBy(row => classes.IndexOf(row.Key.Label))
            .Select(row => new SheetRow(
                $"A{Sign(row.Key.First)} B{Sign(row.Key.Second)} {Sheet.ClassLabel(classes.IndexOf(row.Key.Label), row.Key.Label)}",
                ToPictures(images, [.. row.Take(MostColumns).Select(image => image.Index)])))
            .ToList();
        new Sheet { Scale = Math.Max(1, TargetSide / Math.Max(images.Height, images.Width)) }.WritePng(path, rows);
        return rows.Sum(row => row.Pictures.Count);
    }

    private static char Sign(bool isRight) => isRight ? '+' : '-';

    private static DecodedImage[] ToPictures(ImageDataset images, long[] indices)
    {
        using var scope = NewDisposeScope();
        return DecodedImage.FromTensor(images.Take(indices));
    }
}
