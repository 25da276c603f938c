using PhotoMl.IO;

namespace PhotoMl.Data;

/// <summary>Searches folders for images, each folder and each file once, however many links lead to it.</summary>
/// <remarks>What is there in its own right comes first, then what links to folders lead to, then what links to files do; so a photo is
/// found under its own name.</remarks>
internal sealed class ImageSearch
{
    private readonly Dictionary<string, string> _found = new(RealPath.Comparer); // where it really is -> the path under which it was found
    private readonly Queue<(string Path, int Root)> _folderLinks = new();
    private readonly Queue<(string Path, int Root)> _fileLinks = new();
    private readonly List<string> _above;
    private readonly List<ImageFileEntry>[] _entries;
    private readonly List<ImageFileEntry> _repeated;

    private ImageSearch(int roots, IEnumerable<string> above, List<ImageFileEntry> repeated)
    {
        _above = [.. above.Select(RealPath.Of)];
        _entries = [.. Enumerable.Range(0, roots).Select(_ => new List<ImageFileEntry>())];
        _repeated = repeated;
    }

    public static IReadOnlyList<ImageFileEntry>[] Find(IReadOnlyList<string> roots, IEnumerable<string> above, List<ImageFileEntry> repeated)
    {
        var search = new ImageSearch(roots.Count, above, repeated);
        search.Run(roots);
        return Array.ConvertAll(search._entries, found => (IReadOnlyList<ImageFileEntry>)[.. found.OrderBy(entry => entry.Path, StringComparer.Ordinal)]);
    }

    private void Run(IReadOnlyList<string> roots)
    {
        var kinds = roots.Index().ToLookup(root => new FileInfo(Path.TrimEndingDirectorySeparator(root.Item)).LinkTarget is not null);
        foreach (var (index, root) in kinds[false])
        {
            Search(RealPath.Of(root), root, index);
        }

        foreach (var (index, root) in kinds[true])
        {
            Follow(root, index);
        }

        _above.AddRange(roots.Select(RealPath.Of));
        while (_folderLinks.TryDequeue(out var link))
        {
            Follow(link.Path, link.Root);
        }

        while (_fileLinks.TryDequeue(out var link))
        {
            if (IsNew(RealPath.Of(link.Path), link.Path))
            {
                _entries[link.Root].Add(new ImageFileEntry(link.Path));
            }
        }

        var left = _repeated.Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var (index, root) in roots.Index().Where(root => _entries[root.Index].Count == 0 && !left.Contains(root.Item)))
        {
            _entries[index].Add(new ImageFileEntry(root, $"the folder holds no image ({ImageFiles.ExtensionNames})"));
        }
    }

    private void Follow(string path, int root)
    {
        var real = RealPath.Of(path);
        if (_above.Exists(folder => RealPath.IsWithin(folder, real)))
        {
            _repeated.Add(new ImageFileEntry(path, $"it leads back to {real}, and is not followed"));
            return;
        }

        Search(real, path, root);
    }

    private void Search(string real, string path, int root)
    {
        if (!IsNew(real, path))
        {
            return;
        }

        try
        {
            foreach (var item in new DirectoryInfo(real).EnumerateFileSystemInfos().Where(item => !IsHidden(item)).OrderBy(item => item.Name, StringComparer.Ordinal))
            {
                var shown = Path.Join(path, item.Name);
                var isLink = item.Attributes.HasFlag(FileAttributes.ReparsePoint);
                if (item is DirectoryInfo)
                {
                    if (isLink)
                    {
                        _folderLinks.Enqueue((shown, root));
                    }
                    else
                    {
                        Search(item.FullName, shown, root);
                    }
                }
                else if (ImageFiles.HasImageExtension(item.Name))
                {
                    if (isLink)
                    {
                        _fileLinks.Enqueue((shown, root));
                    }
                    else if (IsNew(item.FullName, shown))
                    {
                        _entries[root].Add(new ImageFileEntry(shown));
                    }
                }
            }
        }
        catch (UnauthorizedAccessException)
        {
            _entries[root].Add(new ImageFileEntry(path, "reading the folder is not permitted"));
        }
        catch (IOException exception)
        {
            _entries[root].Add(new ImageFileEntry(path, $"the folder cannot be read: {exception.Message.ReplaceLineEndings(" ")}"));
        }
    }

    private bool IsNew(string real, string path)
    {
        if (_found.TryAdd(real, path))
        {
            return true;
        }

        _repeated.Add(new ImageFileEntry(path, $"it leads to {_found[real]}, which counts already"));
        return false;
    }

    private static bool IsHidden(FileSystemInfo item) =>
        item.Name.StartsWith('.') || (OperatingSystem.IsWindows() && item.Attributes.HasFlag(FileAttributes.Hidden));
}
