using PhotoMl.Data;
using PhotoMl.Quality;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>data check --json</c> prints of photos, which it names by their paths.</summary>
internal sealed class PhotoCheckJson(
    PhotoCheckReport report, string? sheet, IReadOnlyList<(int Photo, string Label, string Reason)> tiles,
    IReadOnlyList<ShortcutFinding>? shortcuts, LabelCheckReport? labels)
{
    public string Command => "data check";
    public string Source => report.Source;
    public bool Usable => report.IsUsable;
    public string? Unusable => report.Unusable;
    public IReadOnlyList<string> Warnings => report.Warnings;
    public int Images => report.Photos.Count;
    public int Unreadable => report.Unreadable;
    public double Imbalance => report.Imbalance;
    public IEnumerable<object> Classes => report.Classes.Select(counts => new
    {
        counts.Name,
        Unassigned = counts.In(DatasetSplits.None), // where the data has no splits
        Train = counts.In(DatasetSplits.Train),
        Validation = counts.In(DatasetSplits.Validation),
        Test = counts.In(DatasetSplits.Test),
        counts.Unreadable,
    });
    public IEnumerable<object> Leaks => report.Leaks.Select(Pair);
    public IEnumerable<object> LabelConflicts => report.LabelConflicts.Select(Pair);
    public IEnumerable<object> Groups =>
        report.Groups.Select(group => new { Kind = Values.Word(group.Kind), Paths = group.Photos.Select(PathOf) });
    public IEnumerable<object> Issues =>
        report.Issues.Select(found => new { Path = PathOf(found.Photo), Issue = Values.Word(found.Issue), found.Detail });
    public IEnumerable<ImageFileEntry> Problems => report.Problems;
    public string? Sheet => sheet;
    public IEnumerable<object> SheetPhotos => tiles.Select(tile => new { tile.Label, Path = PathOf(tile.Photo), tile.Reason });
    public IEnumerable<PhotoJson> Photos => report.Photos.Select((photo, index) => new PhotoJson(photo, report.GroupOf[index]));
    public IReadOnlyList<ShortcutFinding>? Shortcuts => shortcuts;
    public LabelCheckReport? Labels => labels;
    public double Seconds => report.Duration.TotalSeconds;
    public double ImagesPerSecond => Images / Math.Max(Seconds, 1e-9);

    private string PathOf(int photo) => report.Photos[photo].Path;

    // Two photos that are alike; bits is the distance of their hashes.
    private object Pair((int First, int Second, DuplicateKind Kind, int Bits) pair) =>
        new { Path = PathOf(pair.First), Of = PathOf(pair.Second), Kind = Values.Word(pair.Kind), pair.Bits };
}

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
    public string? Hash => photo.Hash is { } hash ? $"{hash:x32}" : null;
    public double Brightness => photo.Brightness;
    public double Contrast => photo.Contrast;
    public double BlackShare => photo.BlackShare;
    public double WhiteShare => photo.WhiteShare;
    public double Sharpness => photo.Sharpness;
    public DateTime? Taken => photo.Taken;
    public string? Camera => photo.Camera;
    public string? Lens => photo.Lens;
    public string? Software => photo.Software;
    public int Orientation => photo.Orientation;
    public int? JpegQuality => photo.JpegQuality;
}
