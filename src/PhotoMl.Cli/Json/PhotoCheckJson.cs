using System.Globalization;
using PhotoMl.Cli.Options;
using PhotoMl.Data;
using PhotoMl.Quality;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>data check --json</c> prints of photos, which it names by their paths.</summary>
internal sealed class PhotoCheckJson(PhotoCheckReport report, string? sheet, IReadOnlyList<(int Photo, string Label, string Reason)> tiles)
{
    public string Command => "data check";
    public string Source => report.Source;
    public bool Usable => report.IsUsable;
    public string? Unusable => report.Unusable;
    public IReadOnlyList<string> Warnings => report.Warnings;
    public int Images => report.Photos.Count;
    public int Unreadable => report.Unreadable;
    public double Imbalance => report.Imbalance;
    public IEnumerable<PhotoClassJson> Classes => report.Classes.Select(PhotoClassJson.Of);
    public IEnumerable<PairJson> Leaks => report.Leaks.Select(Pair);
    public IEnumerable<PairJson> LabelConflicts => report.LabelConflicts.Select(Pair);
    public IEnumerable<GroupJson> Groups =>
        report.Groups.Select(group => new GroupJson(Values.Word(group.Kind), group.Photos.Select(PathOf)));
    public IEnumerable<IssueJson> Issues =>
        report.Issues.Select(found => new IssueJson(PathOf(found.Photo), Values.Word(found.Issue), found.Detail));
    public IEnumerable<ImageFileEntry> Problems => report.Problems;
    public string? Sheet => sheet;
    public IEnumerable<TileJson> SheetPhotos => tiles.Select(tile => new TileJson(tile.Label, PathOf(tile.Photo), tile.Reason));
    public IEnumerable<PhotoJson> Photos => report.Photos.Select((photo, index) => new PhotoJson(photo, report.GroupOf[index]));
    public double Seconds => report.Duration.TotalSeconds;
    public double ImagesPerSecond => Images / Math.Max(Seconds, 1e-9);

    private string PathOf(int photo) => report.Photos[photo].Path;

    private PairJson Pair((int First, int Second, DuplicateKind Kind, int Bits) pair) =>
        new(PathOf(pair.First), PathOf(pair.Second), Values.Word(pair.Kind), pair.Bits);
}

/// <summary>The photos of a class by split, unassigned where the data has none.</summary>
internal sealed record PhotoClassJson(string Name, int Unassigned, int Train, int Validation, int Test, int Unreadable)
{
    public static PhotoClassJson Of(PhotoClassCounts counts) => new(
        counts.Name, counts.In(DatasetSplits.None), counts.In(DatasetSplits.Train), counts.In(DatasetSplits.Validation),
        counts.In(DatasetSplits.Test), counts.Unreadable);
}

/// <summary>Two photos that are alike; bits is the distance of their hashes.</summary>
internal sealed record PairJson(string Path, string Of, string Kind, int Bits);

/// <summary>Photos that are alike.</summary>
internal sealed record GroupJson(string Kind, IEnumerable<string> Paths);

/// <summary>What is suspicious about a photo.</summary>
internal sealed record IssueJson(string Path, string Issue, string Detail);

/// <summary>A photo of the sheet under its label there.</summary>
internal sealed record TileJson(string Label, string Path, string Reason);

/// <summary>What was measured of a photo; nulls where it cannot be read or its file does not say.</summary>
internal sealed class PhotoJson(PhotoInfo photo, int group)
{
    public string Path => photo.Path;
    public string Class => photo.Class;
    public string Split => photo.Split == DatasetSplits.None ? "unassigned" : Values.Word(photo.Split);
    public int Group => group;
    public string? Problem => photo.Problem;
    public string? Format => photo.Format;
    public int Width => photo.Width;
    public int Height => photo.Height;
    public long Bytes => photo.Bytes;
    public string? Sha256 => photo.Sha256;
    public string? Hash => photo.Hash?.ToString("x32", CultureInfo.InvariantCulture);
    public double Brightness => photo.Brightness;
    public double Contrast => photo.Contrast;
    public double BlackShare => photo.BlackShare;
    public double WhiteShare => photo.WhiteShare;
    public double Sharpness => photo.Sharpness;
    public DateTime? Taken => photo.Taken;
    public string? Camera => photo.Camera;
}
