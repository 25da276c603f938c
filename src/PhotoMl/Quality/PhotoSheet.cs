using PhotoMl.Imaging;
using Pairs = System.Collections.Generic.IReadOnlyList<(int First, int Second, PhotoMl.Quality.DuplicateKind Kind, int Bits)>;

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
        var photos = report.Photos;
        var chosen = new List<(int Photo, string Label, string Reason)>();
        AddPairs(report.Leaks, "LEAK", photo => $"{photo.Split}");
        AddPairs(report.LabelConflicts, "LABEL", photo => photo.Class);
        var shown = chosen.Select(tile => tile.Photo).ToHashSet();
        foreach (var (index, group) in report.Groups.Where(group => !group.Photos.All(shown.Contains)).Index())
        {
            var (word, kind, _, _) = PhotoWarnings.WordsOf(group.Kind);
            chosen.AddRange(group.Photos.Take(MostPerGroup).Select(photo => (photo, word, $"{kind} {index + 1}")));
        }

        chosen.AddRange(report.Issues.Select(found => (found.Photo, PhotoWarnings.WordsOf(found.Issue).Label, found.Detail)));
        var readable = chosen.Where(tile => photos[tile.Photo].Problem is null).Take(MostPhotos);
        return [.. readable.Select((tile, index) => (tile.Photo, $"{index + 1} {tile.Label}", tile.Reason))];

        void AddPairs(Pairs pairs, string word, Func<PhotoInfo, string> describe) => chosen.AddRange(pairs.SelectMany(pair => new[]
        {
            (pair.First, $"{word} {describe(photos[pair.First])}", PhotoWarnings.WordsOf(pair.Kind).One),
            (pair.Second, $"= {describe(photos[pair.Second])}", PhotoWarnings.WordsOf(pair.Kind).One),
        }));
    }

    /// <summary>Writes a PNG file of the photos chosen, whole or not at all; the place of one that can no longer be read stays
    /// empty.</summary>
    public static void WritePng(string path, PhotoCheckReport report)
    {
        var rows = report.Suspicious.Chunk(Columns).Select(row => new SheetRow(
            "",
            [.. row.Select(tile => ImageFile.TryDecode(report.Photos[tile.Photo].Path, TileSide)?.FitDisplay(TileSide))],
            [.. row.Select(tile => Sheet.Fit(tile.Label, TileSide))]));
        new Sheet { Margin = 4, Gap = 4, LeastWidth = TileSide, Background = 32, Ink = 255 }.WritePng(path, [.. rows]);
    }
}
