using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>Finds image files, each folder and each file once, however many links lead to it.</summary>
/// <remarks>Links to folders are followed after the folders themselves, links to files last: a photo has its own name. A file that is not
/// named as an image is one where it begins as one.</remarks>
internal sealed class ImageFiles
{
    private readonly List<(ImageFileEntry Entry, int Root)> _entries = [];
    private readonly Dictionary<string, string> _found = new(RealPath.Comparer); // where it really is -> the path under which it was found
    private readonly Queue<(string Path, int Root)> _folderLinks = new();
    private readonly Queue<(string Path, int Root)> _fileLinks = new();
    private readonly List<string> _systemNames = [];

    /// <summary>What was left out for its name, in one sentence; null where nothing was.</summary>
    public string? LeftOut => SystemNames.Count(_systemNames);

    /// <summary>Finds the image files and problems of each folder, ordered by path; no link may lead back to the folders above.</summary>
    public IReadOnlyList<(ImageFileEntry Entry, int Root)> Find(IReadOnlyList<string> roots, IEnumerable<string> above)
    {
        var closed = above.Select(RealPath.Of).ToList();
        var linksLast = roots.Index().OrderBy(root => new FileInfo(Path.TrimEndingDirectorySeparator(root.Item)).LinkTarget is not null);
        foreach (var (index, root) in linksLast)
        {
            Follow(root, index, isFolder: true);
        }

        closed.AddRange(roots.Select(RealPath.Of));
        foreach (var (links, isFolder) in new[] { (_folderLinks, true), (_fileLinks, false) })
        {
            while (links.TryDequeue(out var link))
            {
                Follow(link.Path, link.Root, isFolder);
            }
        }

        // Which is not said of a folder that is a problem itself.
        var settled = _entries.Where(found => found.Entry.Problem is null || found.Entry.Path == roots[found.Root]);
        foreach (var (index, root) in roots.Index().ExceptBy(settled.Select(found => found.Root), root => root.Index).ToList())
        {
            Add(root, index, "the folder holds no image (JPEG, PNG, WebP, BMP or GIF)");
        }

        return [.. _entries.OrderBy(found => found.Root).ThenBy(found => found.Entry.Path, StringComparer.Ordinal)];

        void Follow(string path, int root, bool isFolder)
        {
            var real = RealPath.Of(path);
            if (closed.Exists(folder => RealPath.IsWithin(folder, real)))
            {
                Add(path, root, $"it leads back to {real}, and is not followed");
            }
            else
            {
                Visit(real, path, root, isFolder);
            }
        }
    }

    /// <summary>Lists what is in a folder and not left out for its name, in ordinal order; what cannot be read is reported, under the path
    /// that the folder was found by.</summary>
    public IReadOnlyList<FileSystemInfo> List(string folder, string shown, Action<ImageFileEntry> report)
    {
        try
        {
            var items = new DirectoryInfo(folder).EnumerateFileSystemInfos().ToLookup(SystemNames.Find);
            _systemNames.AddRange(items.Where(group => group.Key is not null).SelectMany(group => group, (group, _) => group.Key!));
            var byExistence = items[null].OrderBy(item => item.Name, StringComparer.Ordinal)
                .ToLookup(item => !item.Name.Contains('\uFFFD') || item.Exists); // which stands for bytes that are no character
            foreach (var item in byExistence[false])
            {
                const string Problem = "its name is not valid UTF-8, so it cannot be opened; rename it";
                report(new ImageFileEntry(Path.Join(shown, item.Name), Problem));
            }

            return [.. byExistence[true]];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            report(new ImageFileEntry(shown, $"the folder cannot be read: {AtomicFile.Describe(exception)}"));
            return [];
        }
    }

    /// <summary>Why a file is no image, by its name or else by its first bytes; null where it is taken for one.</summary>
    public static string? FindProblem(string path)
    {
        if (HasImageName(path))
        {
            return null;
        }

        try
        {
            using var file = RegularFile.Open(path, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var start = new byte[ImageFormat.StartBytes];
            start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            return ImageFormat.Find(start) is null ? ImageFormat.Refuse(start, path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ImageFile.Describe(exception, path);
        }
    }

    /// <summary>Whether a file is named as an image that is read; content decides in the end.</summary>
    public static bool HasImageName(string path) =>
        Path.GetExtension(path).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png" or ".webp" or ".bmp" or ".gif";

    private void Visit(string real, string path, int root, bool isFolder)
    {
        if (!_found.TryAdd(real, path))
        {
            Add(path, root, $"it leads to {_found[real]}, which counts already");
            return;
        }

        if (!isFolder)
        {
            Add(path, root, FindProblem(path));
            return;
        }

        foreach (var item in List(real, path, problem => _entries.Add((problem, root))))
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

    private void Add(string path, int root, string? problem) => _entries.Add((new ImageFileEntry(path, problem), root));
}

/// <summary>A file that was named or found, or a path that leads to none.</summary>
/// <param name="Path">The file or folder, under the path that the caller named.</param>
/// <param name="Problem">Why there is no file, in one line without the path; <see langword="null"/> where there is one.</param>
public sealed record ImageFileEntry(string Path, string? Problem = null);
