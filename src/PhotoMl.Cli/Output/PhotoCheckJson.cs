using System.Globalization;
using PhotoMl.Data;
using PhotoMl.Quality;

namespace PhotoMl.Cli.Output;

/// <summary>What a check of photos found, for programs: photos by their paths.</summary>
internal static class PhotoCheckJson
{
    public static object Of(PhotoCheckReport report, string? sheet, IReadOnlyList<(int Photo, string Label, string Reason)> tiles) => new
    {
        Command = "data check",
        report.Source,
        Usable = report.IsUsable,
        report.Unusable,
        report.Warnings,
        Images = report.Photos.Count,
        report.Unreadable,
        report.Imbalance,
        report.Classes,
        Leaks = report.Leaks.Select(pair => Pair(report, pair)),
        LabelConflicts = report.LabelConflicts.Select(pair => Pair(report, pair)),
        Groups = report.Groups.Select(group => new { group.Kind, Paths = group.Photos.Select(photo => Path(report, photo)) }),
        Issues = report.Issues.Select(found => new { Path = Path(report, found.Photo), found.Issue, found.Detail }),
        report.Problems,
        Sheet = sheet,
        SheetPhotos = tiles.Select(tile => new { tile.Label, Path = Path(report, tile.Photo), tile.Reason }),
        Photos = report.Photos.Select((photo, index) => new
        {
            photo.Path,
            photo.Class,
            Split = photo.Split == DatasetSplits.None ? "unassigned" : photo.Split.ToString().ToLowerInvariant(),
            Group = report.GroupOf[index],
            photo.Problem,
            photo.Format,
            photo.Width,
            photo.Height,
            photo.Bytes,
            photo.Sha256,
            Hash = photo.Hash?.ToString("x32", CultureInfo.InvariantCulture),
            photo.Brightness,
            photo.Contrast,
            photo.BlackShare,
            photo.WhiteShare,
            photo.Sharpness,
            photo.Taken,
            photo.Camera,
        }),
        Seconds = report.Duration.TotalSeconds,
        ImagesPerSecond = report.Photos.Count / Math.Max(report.Duration.TotalSeconds, 1e-9),
    };

    private static string Path(PhotoCheckReport report, int photo) => report.Photos[photo].Path;

    private static object Pair(PhotoCheckReport report, (int First, int Second, DuplicateKind Kind, int Bits) pair) => new { Path = Path(report, pair.First), Of = Path(report, pair.Second), pair.Kind, pair.Bits };
}
