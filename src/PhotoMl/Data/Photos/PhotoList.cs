namespace PhotoMl.Data;

/// <summary>The photos that a folder or a list names, before any of them is read.</summary>
internal sealed record PhotoList
{
    public required string Source { get; init; }
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>The photos, class by class in the order of their paths; those of a list in its order.</summary>
    public required IReadOnlyList<PhotoEntry> Photos { get; init; }

    /// <summary>What was found and is no photo of a class: folders that cannot be read, images outside of all classes, listed files that
    /// are not there.</summary>
    public IReadOnlyList<ImageFileEntry> Problems { get; init; } = [];

    public bool HasSplits => Photos.Any(photo => photo.Split != DatasetSplits.None);

    public static PhotoList Open(string path) => File.Exists(path) && PhotoCsv.HasExtension(path) ? PhotoCsv.Open(path) : PhotoFolder.Open(path);

    public int[] CountClasses(DatasetSplits? split = null)
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
internal sealed record PhotoEntry(string Path, int Label, DatasetSplits Split);
