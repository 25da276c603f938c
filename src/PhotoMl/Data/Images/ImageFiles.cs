namespace PhotoMl.Data;

/// <summary>Finds the image files that a list of files and folders stands for.</summary>
public static class ImageFiles
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase) { ".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif" };

    /// <summary>Expands files and folders into image files.</summary>
    /// <param name="paths">Files, which are returned whatever their name, and folders, which are searched with all their subfolders.</param>
    /// <returns>
    /// The entries in the order of <paramref name="paths"/>; within a folder by path, in ordinal order.
    /// A path that is missing, a folder without an image and one that cannot be read are entries with a problem; the others go on.
    /// </returns>
    /// <remarks>Of a folder, files named jpg, jpeg, png, webp, bmp or gif in any case; hidden ones are skipped, and links are followed once.</remarks>
    public static IReadOnlyList<ImageFileEntry> Enumerate(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);

        var entries = new List<ImageFileEntry>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
            {
                AddFolder(path, entries);
            }
            else
            {
                entries.Add(new ImageFileEntry(path, File.Exists(path) ? null : "there is no such file or folder"));
            }
        }

        return entries;
    }

    /// <summary>Tells whether a file is taken for an image when it is found in a folder.</summary>
    /// <param name="path">The file's name or path.</param>
    /// <returns>Whether its extension is one of the known ones.</returns>
    public static bool HasImageExtension(string path) => Extensions.Contains(Path.GetExtension(path));

    private static void AddFolder(string root, List<ImageFileEntry> entries)
    {
        var found = new List<ImageFileEntry>();
        var visited = new HashSet<string>();
        var links = new Queue<(DirectoryInfo Target, string Path)>();
        Search(new DirectoryInfo(root), root, visited, links, found);

        // Links last: a folder that is also there in its own right is found under its own name.
        while (links.TryDequeue(out var link))
        {
            Search(link.Target, link.Path, visited, links, found);
        }

        if (found.Count == 0)
        {
            found.Add(new ImageFileEntry(root, $"the folder holds no image ({string.Join(", ", Extensions.Select(extension => extension[1..]))})"));
        }

        entries.AddRange(found.OrderBy(entry => entry.Path, StringComparer.Ordinal));
    }

    private static void Search(
        DirectoryInfo folder, string shownPath, HashSet<string> visited, Queue<(DirectoryInfo Target, string Path)> links, List<ImageFileEntry> found)
    {
        try
        {
            var target = (DirectoryInfo?)folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder;
            if (!visited.Add(Path.TrimEndingDirectorySeparator(target.FullName)))
            {
                return;
            }

            foreach (var item in target.EnumerateFileSystemInfos().Where(item => !IsHidden(item)).OrderBy(item => item.Name, StringComparer.Ordinal))
            {
                var path = Path.Join(shownPath, item.Name);
                if (item is not DirectoryInfo subfolder)
                {
                    if (HasImageExtension(item.Name))
                    {
                        found.Add(new ImageFileEntry(path));
                    }
                }
                else if (subfolder.LinkTarget is not null)
                {
                    links.Enqueue((subfolder, path));
                }
                else
                {
                    Search(subfolder, path, visited, links, found);
                }
            }
        }
        catch (UnauthorizedAccessException)
        {
            found.Add(new ImageFileEntry(shownPath, "reading the folder is not permitted"));
        }
        catch (IOException exception)
        {
            found.Add(new ImageFileEntry(shownPath, $"the folder cannot be read: {exception.Message.ReplaceLineEndings(" ")}"));
        }
    }

    private static bool IsHidden(FileSystemInfo item) =>
        item.Name.StartsWith('.') || (OperatingSystem.IsWindows() && item.Attributes.HasFlag(FileAttributes.Hidden));
}
