using PhotoMl.Imaging;

namespace PhotoMl.Quality;

/// <summary>Makes one picture of the photos that a check found suspicious: leaks first, then copies, then what stands out by
/// itself.</summary>
internal static class PhotoSheet
{
    private const int MostPhotos = 96;
    private const int MostPerGroup = 4;
    private const int TileSide = 128;
    private const int Columns = 8;

    /// <summary>Chooses the photos to be shown; those that are alike stand side by side.</summary>
    public static IReadOnlyList<(int Photo, string Label, string Reason)> Choose(PhotoCheckReport report)
    {
        var chosen = new List<(int Photo, string Label, string Reason)>();
        foreach (var pair in report.Leaks)
        {
            chosen.Add((pair.First, $"LEAK {report.Photos[pair.First].Split}", Describe(pair.Kind)));
            chosen.Add((pair.Second, $"= {report.Photos[pair.Second].Split}", Describe(pair.Kind)));
        }

        foreach (var pair in report.LabelConflicts)
        {
            chosen.Add((pair.First, $"LABEL {report.ClassOf(pair.First)}", Describe(pair.Kind)));
            chosen.Add((pair.Second, $"= {report.ClassOf(pair.Second)}", Describe(pair.Kind)));
        }

        var shown = chosen.Select(tile => tile.Photo).ToHashSet();
        foreach (var (index, group) in report.Groups.Where(group => !group.Photos.All(shown.Contains)).Index())
        {
            var word = group.Kind switch { DuplicateKind.ExactCopy => "COPY", DuplicateKind.NearDuplicate => "NEAR", _ => "BURST" };
            chosen.AddRange(group.Photos.Take(MostPerGroup).Select(photo => (photo, word, $"{Describe(group.Kind)} {index + 1}")));
        }

        chosen.AddRange(report.Issues.Select(found => (found.Photo, Word(found.Issue), found.Detail)));
        var readable = chosen.Where(tile => report.Photos[tile.Photo].Problem is null).Take(MostPhotos);
        return [.. readable.Select((tile, index) => (tile.Photo, $"{index + 1} {tile.Label}", tile.Reason))];
    }

    /// <summary>Writes a PNG file of the photos chosen, whole or not at all; the place of one that can no longer be read stays
    /// empty.</summary>
    public static void WritePng(string path, PhotoCheckReport report)
    {
        var rows = report.Suspicious.Chunk(Columns).Select(row => new SheetRow(
            "",
            [.. row.Select(tile => TryRead(report.Photos[tile.Photo].Path))],
            [.. row.Select(tile => Sheet.Fit(tile.Label, TileSide))]));
        new Sheet { Margin = 4, Gap = 4, LeastWidth = TileSide, Background = 32, Ink = 255 }.WritePng(path, [.. rows]);
    }

    private static DecodedImage? TryRead(string path)
    {
        try
        {
            return DisplaySize.Fit(ImageFile.Decode(path, TileSide, TileSide), TileSide);
        }
        catch (UnreadableImageException)
        {
            return null; // it was readable a moment ago; the sheet's other photos are still shown
        }
    }

    private static string Describe(DuplicateKind kind) => kind switch
    {
        DuplicateKind.ExactCopy => "exact copy",
        DuplicateKind.NearDuplicate => "near duplicate",
        _ => "burst",
    };

    private static string Word(QualityIssue issue) => issue switch
    {
        QualityIssue.WrongExtension => "NAME",
        QualityIssue.OneShade => "ONE SHADE",
        QualityIssue.NearlyBlack => "BLACK",
        QualityIssue.NearlyWhite => "WHITE",
        QualityIssue.Blurred => "BLUR",
        _ => "TINY",
    };
}
