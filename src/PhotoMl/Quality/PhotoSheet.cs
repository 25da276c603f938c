using PhotoMl.IO;
using PhotoMl.Imaging;

namespace PhotoMl.Quality;

/// <summary>Makes one picture of the photos that a check found worth a look: leaks first, then copies, then what stands out by itself.</summary>
public static class PhotoSheet
{
    private const int MostPerGroup = 4;
    private const int TileSide = 128;
    private const int Gap = 4;
    private const int Dot = 2;
    private const int LabelHeight = (DotFont.Height * Dot) + (2 * Gap);
    private const int Columns = 8;
    private const byte Ground = 32;

    private static readonly ImagePreprocessing Tile = new() { Channels = 3, Height = TileSide, Width = TileSide, Fit = ImageFit.Pad };

    /// <summary>Chooses the photos to be shown.</summary>
    /// <param name="report">What the check found.</param>
    /// <param name="most">How many photos are shown at most, 1 to 1,000.</param>
    /// <returns>The tiles in the order of the sheet; photos that are alike stand side by side. Empty where nothing was found that can be shown.</returns>
    public static IReadOnlyList<PhotoSheetTile> Choose(PhotoCheckReport report, int most = 96)
    {
        ArgumentNullException.ThrowIfNull(report);
        Checked.InRange(most, 1, 1000, nameof(most));
        var pairs = Pairs(report, report.Leaks, "LEAK").Concat(Pairs(report, report.LabelConflicts, "LABEL")).ToList();
        var shown = pairs.Select(pair => pair.Photo).ToHashSet();
        var tiles = pairs
            .Concat(report.Groups.Where(group => !group.Photos.All(shown.Contains)).SelectMany((group, index) => group.Photos.Take(MostPerGroup).Select(photo => (photo, Word(group.Likeness), $"{Describe(group.Likeness)} {index + 1}"))))
            .Concat(report.Suspicions.Where(suspicion => suspicion.Fault != PhotoFault.Unreadable).Select(suspicion => (suspicion.Photo, Word(suspicion.Fault), suspicion.Detail)));
        return [.. tiles.Where(tile => report.Photos[tile.Item1].Problem is null).Take(most).Select((tile, index) => new PhotoSheetTile(tile.Item1, $"{index + 1} {tile.Item2}", tile.Item3))];
    }

    /// <summary>Writes a PNG file, whole or not at all.</summary>
    /// <param name="path">The file; it is replaced where it exists, and its folder must exist.</param>
    /// <param name="report">What the check found.</param>
    /// <param name="tiles">The photos, such as <see cref="Choose"/> chooses them; at least one. One that can no longer be read leaves its place empty.</param>
    /// <exception cref="ArgumentException">There is no tile.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void WritePng(string path, PhotoCheckReport report, IReadOnlyList<PhotoSheetTile> tiles)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(tiles);
        if (tiles.Count == 0)
        {
            throw new ArgumentException("Expected photos to show but got none.", nameof(tiles));
        }

        const int Width = TileSide + Gap;
        const int Height = TileSide + LabelHeight;
        var (columns, rows) = (Math.Min(Columns, tiles.Count), ((tiles.Count - 1) / Columns) + 1);
        var canvas = new PngCanvas((columns * Width) + Gap, (rows * Height) + Gap, isGrey: false, Ground);
        foreach (var (index, tile) in tiles.Index())
        {
            var (left, top) = (Gap + (index % Columns * Width), Gap + (index / Columns * Height));
            DrawPhoto(canvas, report.Photos[tile.Photo].Photo.Path, left, top);
            DotFont.Draw(canvas, DotFont.Fit(tile.Label, TileSide, Dot), left, top + TileSide + Gap, Dot, 255);
        }

        var png = canvas.EncodePng();
        AtomicFile.Write(path, stream => stream.Write(png));
    }

    private static IEnumerable<(int Photo, string Word, string Reason)> Pairs(PhotoCheckReport report, IReadOnlyList<PhotoPair> pairs, string word)
    {
        foreach (var pair in pairs)
        {
            yield return (pair.First, $"{word} {Side(pair.First)}", Describe(pair.Likeness));
            yield return (pair.Second, $"= {Side(pair.Second)}", Describe(pair.Likeness));
        }

        string Side(int photo) => word == "LABEL" ? report.Classes[report.Photos[photo].Photo.Label].Name : $"{report.Photos[photo].Photo.Split}";
    }

    private static void DrawPhoto(PngCanvas canvas, string path, int left, int top)
    {
        byte[] planes;
        try
        {
            planes = ImagePreprocessor.Prepare(ImageFile.Decode(path), Tile);
        }
        catch (UnreadableImageException)
        {
            return; // it was readable a moment ago; the sheet's other photos are still wished for
        }

        const int Plane = TileSide * TileSide;
        for (var i = 0; i < Plane; i++)
        {
            canvas.Set(left + (i % TileSide), top + (i / TileSide), planes[i], planes[Plane + i], planes[(2 * Plane) + i]);
        }
    }

    private static string Word(PhotoLikeness likeness) => likeness switch
    {
        PhotoLikeness.ExactCopy => "COPY",
        PhotoLikeness.NearDuplicate => "NEAR",
        _ => "BURST",
    };

    private static string Describe(PhotoLikeness likeness) => likeness switch
    {
        PhotoLikeness.ExactCopy => "exact copy",
        PhotoLikeness.NearDuplicate => "near duplicate",
        _ => "burst",
    };

    private static string Word(PhotoFault fault) => fault switch
    {
        PhotoFault.WrongExtension => "NAME",
        PhotoFault.OneShade => "ONE SHADE",
        PhotoFault.NearlyBlack => "BLACK",
        PhotoFault.NearlyWhite => "WHITE",
        PhotoFault.Blurred => "BLUR",
        _ => "TINY",
    };
}
