using System.IO.Enumeration;

namespace PhotoMl.Data;

/// <summary>The files below the folder of a list or, if no images are there, images in the folders beside it, found by the last names of
/// their paths; listed when one is first asked for.</summary>
/// <remarks>Case and Unicode composition make no difference, and the extension of an image may be missing. What
/// <see cref="SystemNames"/> has is left out, and links to folders are not followed. Of several files the one counts that is in a folder
/// with the name of the list, as <c>train.csv</c> beside <c>train</c> and <c>test</c>.</remarks>
internal sealed class NamedFiles(string list)
{
    private const string NoExtension = "/"; // as no path ends

    private readonly Dictionary<int, ILookup<string, string>> _byEnd = []; // for each number of names
    private List<string>? _files;

    public string Folder { get; } = Path.GetDirectoryName(list)!;

    public IReadOnlyList<string> Find(string[] names)
    {
        if (!_byEnd.TryGetValue(names.Length, out var files))
        {
            _files ??= [.. List(Folder, int.MaxValue) is var below && below.Any(ImageFiles.HasImageName) ? below
                : below.Concat(List(Path.GetFullPath(Path.Join(Folder, "..")), depth: 2).Where(ImageFiles.HasImageName))];
            files = _files.SelectMany(file => EndsOf(file, names.Length), (file, end) => (File: file, End: end))
                .ToLookup(file => file.End, file => file.File, StringComparer.OrdinalIgnoreCase);
            _byEnd.Add(names.Length, files);
        }

        var end = ComposedText.Of(string.Join('/', names));
        var found = files[files.Contains(end) ? end : end + NoExtension].ToList();
        return found.Count < 2 ? found
            : found.FindAll(file => Directory.GetParent(file)!.Name == Path.GetFileNameWithoutExtension(list)) is [var own] ? [own]
            : [.. found.DistinctBy(RealPath.Of).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> EndsOf(string path, int names)
    {
        var start = path.Length;
        for (; names > 0 && start > 0; names--)
        {
            start = path.LastIndexOf(Path.DirectorySeparatorChar, start - 1);
        }

        var end = names > 0 || start == path.Length ? "" : ComposedText.Of(path[(start + 1)..].Replace(Path.DirectorySeparatorChar, '/'));
        return end.Length == 0 ? [] : ImageFiles.HasImageName(end) ? [end, Path.ChangeExtension(end, null) + NoExtension] : [end];
    }

    private static FileSystemEnumerable<string> List(string folder, int depth) => new(
        folder,
        (ref entry) => entry.ToFullPath(),
        new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = depth, AttributesToSkip = 0 })
    {
        ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && SystemNames.Find(entry.ToFileSystemInfo()) is null,
        ShouldRecursePredicate = (ref entry) =>
            !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && SystemNames.Find(entry.ToFileSystemInfo()) is null,
    };
}
