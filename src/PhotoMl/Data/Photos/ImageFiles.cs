namespace PhotoMl.Data;

/// <summary>Finds image files, each folder and each file once, however many links lead to it.</summary>
/// <remarks>Links to folders are followed after the folders themselves, links to files last: a photo has its own name.</remarks>
internal sealed class ImageFiles
{
    private static readonly string[] Extensions = ["jpg", "jpeg", "png", "webp", "bmp", "gif"];

    private readonly List<(ImageFileEntry Entry, int Root)> _entries = [];
    private readonly Dictionary<string, string> _found = new(RealPath.Comparer); // where it really is -> the path under which it was found
    private readonly Queue<(string Path, int Root)> _folderLinks = new();
    private readonly Queue<(string Path, int Root)> _fileLinks = new();

    /// <summary>Expands files and folders into image files.</summary>
    public static IReadOnlyList<ImageFileEntry> Enumerate(IEnumerable<string> paths) =>
    [
        .. paths.SelectMany(path => Directory.Exists(path)
            ? Find([path], above: []).Select(found => found.Entry)
            : [new ImageFileEntry(path, File.Exists(path) ? null : "there is no such file or folder")]),
    ];

    /// <summary>Finds the image files and problems of each folder, ordered by path; no link may lead back to the folders above.</summary>
    public static IReadOnlyList<(ImageFileEntry Entry, int Root)> Find(IReadOnlyList<string> roots, IEnumerable<string> above)
    {
        var search = new ImageFiles();
        search.Run(roots, [.. above.Select(RealPath.Of)]);
        return [.. search._entries.OrderBy(found => found.Root).ThenBy(found => found.Entry.Path, StringComparer.Ordinal)];
    }

    /// <summary>Lists what is in a folder and not hidden, in ordinal order; nothing but a problem where it cannot be read.</summary>
    public static IReadOnlyList<FileSystemInfo> List(string folder, Action<ImageFileEntry> report)
    {
        try
        {
            var items = new DirectoryInfo(folder).EnumerateFileSystemInfos();
            return [.. items.Where(IsVisible).OrderBy(item => item.Name, StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            report(new ImageFileEntry(folder, $"the folder cannot be read: {AtomicFile.Describe(exception)}"));
            return [];
        }

        static bool IsVisible(FileSystemInfo item) =>
            !item.Name.StartsWith('.') && !(OperatingSystem.IsWindows() && item.Attributes.HasFlag(FileAttributes.Hidden));
    }

    /// <summary>Whether what is found in a folder is taken for an image.</summary>
    public static bool IsImage(FileSystemInfo item) =>
        item is FileInfo && Extensions.Contains(item.Extension.TrimStart('.'), StringComparer.OrdinalIgnoreCase);

    private void Run(IReadOnlyList<string> roots, List<string> above)
    {
        foreach (var (index, root) in roots.Index().OrderBy(root => IsLink(root.Item)))
        {
            Follow(root, index, isFolder: true);
        }

        above.AddRange(roots.Select(RealPath.Of));
        foreach (var (links, isFolder) in new[] { (_folderLinks, true), (_fileLinks, false) })
        {
            while (links.TryDequeue(out var link))
            {
                Follow(link.Path, link.Root, isFolder);
            }
        }

        foreach (var (index, root) in roots.Index().ExceptBy(_entries.Select(found => found.Root), root => root.Index))
        {
            Add(root, index, $"the folder holds no image ({string.Join(", ", Extensions)})");
        }

        static bool IsLink(string path) => new FileInfo(Path.TrimEndingDirectorySeparator(path)).LinkTarget is not null;

        void Follow(string path, int root, bool isFolder)
        {
            var real = RealPath.Of(path);
            if (above.Exists(folder => RealPath.IsWithin(folder, real)))
            {
                Add(path, root, $"it leads back to {real}, and is not followed");
            }
            else
            {
                Visit(real, path, root, isFolder);
            }
        }
    }

    private void Visit(string real, string path, int root, bool isFolder)
    {
        if (!_found.TryAdd(real, path))
        {
            Add(path, root, $"it leads to {_found[real]}, which counts already");
            return;
        }

        if (!isFolder)
        {
            Add(path, root);
            return;
        }

        foreach (var item in List(real, problem => Add(path, root, problem.Problem)).Where(item => item is DirectoryInfo || IsImage(item)))
        {
            var (shown, isFolderItem) = (Path.Join(path, item.Name), item is DirectoryInfo);
            if (item.Attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                (isFolderItem ? _folderLinks : _fileLinks).Enqueue((shown, root));
            }
            else
            {
                Visit(item.FullName, shown, root, isFolderItem);
            }
        }
    }

    private void Add(string path, int root, string? problem = null) => _entries.Add((new ImageFileEntry(path, problem), root));
}

/// <summary>A file that was named or found, or a path that leads to none.</summary>
/// <param name="Path">The file or folder, under the path that the caller named.</param>
/// <param name="Problem">Why there is no file, in one line without the path; <see langword="null"/> where there is one.</param>
public sealed record ImageFileEntry(string Path, string? Problem = null);
