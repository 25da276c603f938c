namespace PhotoMl.Data;

/// <summary>The photos that a folder or a list names, before any of them is read.</summary>
public sealed record PhotoList
{
    /// <summary>The folder, or the file that lists the photos.</summary>
    public required string Source { get; init; }

    /// <summary>The name of each class, in ordinal order.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>The photos, class by class in the order of their paths; those of a list in its order.</summary>
    public required IReadOnlyList<PhotoEntry> Photos { get; init; }

    /// <summary>What was found and is no photo of a class: folders that cannot be read, images outside of all classes, listed files that are not there.</summary>
    public IReadOnlyList<ImageFileEntry> Problems { get; init; } = [];

    /// <summary>Whether the collection itself says which photos are for what.</summary>
    public bool HasSplits => Photos.Any(photo => photo.Split != PhotoSplit.Unassigned);

    /// <summary>Finds the photos of a folder or a list; none is opened.</summary>
    /// <param name="path">A folder with one folder for each class, or below <c>train</c> and beside it <c>validation</c> and <c>test</c>; or a CSV file of <c>path,label[,split]</c>.</param>
    /// <returns>The photos, with what was found beside them.</returns>
    /// <exception cref="InvalidDatasetException">It is neither, or names no photo.</exception>
    public static PhotoList Open(string path) => File.Exists(path) && PhotoCsv.HasExtension(path) ? PhotoCsv.Open(path) : PhotoFolder.Open(path);

    /// <summary>Counts the photos of each class.</summary>
    /// <param name="split">Of one split only; null counts all.</param>
    /// <returns>One count a class.</returns>
    public int[] CountClasses(PhotoSplit? split = null)
    {
        var counts = new int[ClassNames.Count];
        foreach (var photo in Photos.Where(photo => split is null || photo.Split == split))
        {
            counts[photo.Label]++;
        }

        return counts;
    }
}

/// <summary>A photo of a collection.</summary>
/// <param name="Path">The file.</param>
/// <param name="Label">The index of its class.</param>
/// <param name="Split">What it is for.</param>
public sealed record PhotoEntry(string Path, int Label, PhotoSplit Split);

/// <summary>What a photo is for.</summary>
public enum PhotoSplit
{
    /// <summary>The collection does not say.</summary>
    Unassigned,

    /// <summary>To train on.</summary>
    Train,

    /// <summary>To choose the best epoch by.</summary>
    Validation,

    /// <summary>To test on.</summary>
    Test,
}
