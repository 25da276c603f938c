using System.Text;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>The photos that a folder or a list names, before any of them is read.</summary>
internal sealed record PhotoList
{
    public required string Source { get; init; }
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>The photos, class by class in the order of their paths; those of a list in its order.</summary>
    public required IReadOnlyList<PhotoEntry> Photos { get; init; }

    /// <summary>What was found and is no photo of a class: folders that cannot be read, images outside of all classes, listed files that
    /// are not there; last the files that are no images.</summary>
    public required IReadOnlyList<ImageFileEntry> Problems { get; init; }

    /// <summary>What is to be known of the list as a whole, a sentence each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>What divided the photos, where it was neither the folders nor the list.</summary>
    public string? Division { get; init; }

    public static PhotoList Open(string path) =>
        File.Exists(path) && PhotoCsv.HasExtension(path) ? PhotoCsv.Open(path) : PhotoFolder.Open(path);

    /// <summary>The remarks, and by their kinds how many files are not read, among them those that could not be decoded.</summary>
    public IReadOnlyList<string> RemarksWith(IEnumerable<string?> unreadable) =>
        ImageFormat.Count(Problems.Select(problem => problem.Problem).Concat(unreadable)) is { } count ? [count, .. Remarks] : Remarks;

    /// <summary>Gives the list that the options have of these photos, else lists them.</summary>
    public static PhotoList Open(string path, DatasetLoadOptions options) =>
        options.Photos is { } photos && photos.Source == path ? photos : Open(path);

    /// <summary>The list without its splits, where the options ask for that.</summary>
    public PhotoList With(DatasetLoadOptions options) => !options.IgnoresSplits ? this
        : this with { Photos = [.. Photos.Select(photo => photo with { Split = DatasetSplits.None })] };

    /// <summary>Writes a CSV file that can be read in place of the folder or list: <c>path,label</c>, and the split where photos have
    /// one.</summary>
    /// <exception cref="InvalidDatasetException">It would not give the same photos.</exception>
    public void WriteCsv(string path)
    {
        var isDivided = Photos.Any(photo => photo.Split != DatasetSplits.None);
        var rows = Photos.Select(photo => $"{ForeignText.Quote(System.IO.Path.GetFullPath(photo.Path))},"
            + ForeignText.Quote(ClassNames[photo.Label]) + (isDivided ? $",{$"{photo.Split}".ToLowerInvariant()}" : ""));
        var lines = rows.Prepend(isDivided ? "path,label,split" : "path,label");
        var content = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
        if (Photos.Count > 0 && !IsReadFrom(content))
        {
            throw new InvalidDatasetException(
                Source, "photos that a CSV file can list: all there, of classes with other names than None, null and NaN",
                ClassNames.FirstOrDefault(CsvColumn.IsMissing) is { } name ? $"a class {name}" : "others");
        }

        AtomicFile.Write(path, content);
    }

    // A list cannot hold every name that a folder can have.
    private bool IsReadFrom(byte[] content)
    {
        var folder = Directory.CreateTempSubdirectory("photoml-");
        try
        {
            var path = System.IO.Path.Combine(folder.FullName, "photos.csv");
            File.WriteAllBytes(path, content);
            return Describe(PhotoCsv.Open(path)).SequenceEqual(Describe(this));
        }
        catch (InvalidDatasetException)
        {
            return false;
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static IEnumerable<(string, string)> Describe(PhotoList list) => list.Photos.Select(photo =>
            (System.IO.Path.GetFullPath(photo.Path), AlikeClassNames.Clean(list.ClassNames[photo.Label])));
    }

    /// <summary>Makes a list of photos and the names of their classes, which are numbered in ordinal order.</summary>
    public static PhotoList Make(
        string source,
        IReadOnlyList<(string Path, string ClassName, DatasetSplits Split)> photos,
        IReadOnlyList<ImageFileEntry> problems,
        params IEnumerable<string?> remarks)
    {
        var (spellings, merged) = AlikeClassNames.Merge(photos.Select(photo => (photo.ClassName, photo.Split)));
        var classNames = spellings.Values.Distinct().Order(StringComparer.Ordinal).ToList();
        var labels = classNames.Index().ToDictionary(name => name.Item, name => name.Index);
        return new PhotoList
        {
            Source = source,
            ClassNames = classNames,
            Photos = [.. photos.Select(photo => new PhotoEntry(photo.Path, labels[spellings[photo.ClassName]], photo.Split))],
            Problems = [.. problems.OrderBy(problem => ImageFormat.KindIn(problem.Problem) is not null)],
            Remarks = [.. merged, .. remarks.OfType<string>()],
        };
    }
}

/// <summary>A photo of a collection.</summary>
internal sealed record PhotoEntry(string Path, int Label, DatasetSplits Split);
