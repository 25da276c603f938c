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
    public required IReadOnlyList<ImageFileEntry> Problems { get; init; }

    public static PhotoList Open(string path) =>
        File.Exists(path) && PhotoCsv.HasExtension(path) ? PhotoCsv.Open(path) : PhotoFolder.Open(path);

    /// <summary>Gives the list that the options have of these photos, else lists them.</summary>
    public static PhotoList Open(string path, DatasetLoadOptions options) =>
        options.Photos is { } photos && photos.Source == path ? photos : Open(path);

    /// <summary>Makes a list of photos and the names of their classes, which are numbered in ordinal order.</summary>
    public static PhotoList Make(
        string source, IReadOnlyList<(string Path, string ClassName, DatasetSplits Split)> photos, IReadOnlyList<ImageFileEntry> problems)
    {
        var classNames = photos.Select(photo => photo.ClassName).Distinct().Order(StringComparer.Ordinal).ToList();
        var labels = classNames.Index().ToDictionary(name => name.Item, name => name.Index);
        return new PhotoList
        {
            Source = source,
            ClassNames = classNames,
            Photos = [.. photos.Select(photo => new PhotoEntry(photo.Path, labels[photo.ClassName], photo.Split))],
            Problems = problems,
        };
    }
}

/// <summary>A photo of a collection.</summary>
internal sealed record PhotoEntry(string Path, int Label, DatasetSplits Split);
