using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>What a check found out about a collection of photos, which it names by their index in <see cref="Photos"/>.</summary>
public sealed record PhotoCheckReport
{
    /// <summary>The folder, or the file that lists the photos.</summary>
    public required string Source { get; init; }

    /// <summary>The photos, in the order of the list that was checked.</summary>
    public required IReadOnlyList<PhotoInfo> Photos { get; init; }

    /// <summary>The classes, in the order of their labels.</summary>
    public required IReadOnlyList<PhotoClassCounts> Classes { get; init; }

    /// <summary>What was found beside the photos: folders that cannot be read, images outside of all classes, listed files that are not
    /// there.</summary>
    public required IReadOnlyList<ImageFileEntry> Problems { get; init; }

    /// <summary>Photos that stand out by themselves, issue by issue, and the figures or the reason in a few words.</summary>
    public required IReadOnlyList<(int Photo, QualityIssue Issue, string Detail)> Issues { get; init; }

    /// <summary>Groups of equal files, then of photos that look alike, then of bursts; the photos of each ascending, at least
    /// two.</summary>
    public required IReadOnlyList<(DuplicateKind Kind, IReadOnlyList<int> Photos)> Groups { get; init; }

    /// <summary>The group of each photo, from 0, for splits that keep groups together; a photo like no other is a group of its
    /// own.</summary>
    public required IReadOnlyList<int> GroupOf { get; init; }

    /// <summary>Each photo of validation or test that is also among those that come before it, training first, with the one most like it;
    /// test first.</summary>
    public required IReadOnlyList<(int First, int Second, DuplicateKind Kind, int Bits)> Leaks { get; init; }

    /// <summary>Photos that are there under two labels, the most alike first.</summary>
    public required IReadOnlyList<(int First, int Second, DuplicateKind Kind, int Bits)> LabelConflicts { get; init; }

    /// <summary>Why what was measured could not be kept for the next check, in one line; null where it was.</summary>
    public string? Notice { get; init; }

    /// <summary>What is to be known of the folder or the list as a whole, a sentence each.</summary>
    internal IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>How long the check took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How many photos the largest class has for each of the smallest, among readable photos that can be trained on; 0 where no
    /// class has any.</summary>
    public double Imbalance
    {
        get
        {
            var counts = Classes.Select(entry => entry.Trainable).Where(count => count > 0).DefaultIfEmpty().ToArray();
            return counts.Max() / Math.Max(counts.Min(), 1.0);
        }
    }

    /// <summary>How many photos cannot be read.</summary>
    public int Unreadable => Photos.Count(photo => photo.Problem is not null);

    /// <summary>Whether a classifier can be trained: at least two classes have a readable photo.</summary>
    public bool IsUsable => Unusable is null;

    /// <summary>Why no classifier can be trained, in one line; <see langword="null"/> where one can.</summary>
    public string? Unusable => (Unreadable == Photos.Count, Classes.Count(entry => entry.Trainable > 0)) switch
    {
        (true, _) => $"{Source}: expected photos, but none of {Photos.Count:N0} can be read.",
        (_, 0) => $"{Source}: expected photos to train on, but found none that can be read.",
        (_, 1) => $"{Source}: expected at least two classes with photos to train on, "
            + $"but found only {Classes.First(entry => entry.Trainable > 0).Name}.",
        _ => null,
    };

    /// <summary>What a user should know before training, one sentence each, the most important first.</summary>
    public IReadOnlyList<string> Warnings => [.. PhotoWarnings.Of(this)];

    /// <summary>Measures whether a network could learn the camera, or another property that should not matter, in place of the
    /// subject.</summary>
    /// <param name="seed">The seed of the folds and of the small network. Default 1.</param>
    /// <param name="cancellationToken">Stops between two properties.</param>
    /// <returns>How well each property predicts the class of the photos that can be trained on, the most telling first. Classes of fewer
    /// than five photos are left out; nothing where fewer than two are left.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<ShortcutFinding> FindShortcuts(long seed = 1, CancellationToken cancellationToken = default)
    {
        var photos = Photos.Index()
            .Where(photo => photo.Item.Problem is null && photo.Item.Split is DatasetSplits.None or DatasetSplits.Train)
            .DistinctBy(photo => GroupOf[photo.Index]).Select(photo => photo.Item);
        return new ShortcutCheck(photos, seed).Run(cancellationToken);
    }

    /// <summary>The photos to show a person: leaks first, then copies, then what stands out by itself, at most 96; photos that are alike
    /// stand side by side.</summary>
    /// <remarks>Each with what <see cref="WriteSheet"/> writes below it, which begins with its number from 1, and the reason.</remarks>
    public IReadOnlyList<(int Photo, string Label, string Reason)> Suspicious => PhotoSheet.Choose(this);

    /// <summary>Writes one picture of <see cref="Suspicious"/> photos as a PNG file, whole or not at all.</summary>
    /// <param name="path">The file; it is replaced where it exists, and its folder must exist.</param>
    /// <exception cref="ArgumentException">There is no such photo.</exception>
    /// <exception cref="IO.OutputException">The file cannot be written.</exception>
    public void WriteSheet(string path) => PhotoSheet.WritePng(path, this);
}

/// <summary>How many photos a class has.</summary>
public sealed class PhotoClassCounts
{
    private readonly ILookup<DatasetSplits, PhotoInfo> _readable;

    internal PhotoClassCounts(string name, IEnumerable<PhotoInfo> photos)
    {
        Name = name;
        Unreadable = photos.Count(photo => photo.Problem is not null);
        _readable = photos.Where(photo => photo.Problem is null).ToLookup(photo => photo.Split);
    }

    /// <summary>The class.</summary>
    public string Name { get; }

    /// <summary>Photos that cannot be read, of all splits.</summary>
    public int Unreadable { get; }

    /// <summary>The readable photos that can be trained on: those without a split, or to train on.</summary>
    public int Trainable => In(DatasetSplits.None) + In(DatasetSplits.Train);

    /// <summary>Counts the readable photos of one split.</summary>
    /// <param name="split">The split; none for the photos without one.</param>
    /// <returns>Their number.</returns>
    public int In(DatasetSplits split) => _readable[split].Count();
}

/// <summary>What photos have in common that belong on one side of every split.</summary>
public enum DuplicateKind
{
    /// <summary>The files are equal byte by byte.</summary>
    ExactCopy,

    /// <summary>They look alike: the same photo in another size, compression or brightness, or two shots of one moment.</summary>
    NearDuplicate,

    /// <summary>They look alike, and the same camera took them within seconds.</summary>
    Burst,
}

/// <summary>What makes one photo suspicious; whether anything is wrong with it only a person can say.</summary>
public enum QualityIssue
{
    /// <summary>It cannot be read.</summary>
    Unreadable,

    /// <summary>Its name says another format than its content.</summary>
    WrongExtension,

    /// <summary>Its shorter side has fewer than 64 pixels.</summary>
    Tiny,

    /// <summary>It shows one single shade.</summary>
    OneShade,

    /// <summary>At least 95 % of it is nearly black.</summary>
    NearlyBlack,

    /// <summary>At least 95 % of it is nearly white.</summary>
    NearlyWhite,

    /// <summary>Even its sharpest part is far less sharp than is usual in the collection.</summary>
    Blurred,
}
