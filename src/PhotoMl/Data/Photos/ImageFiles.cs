namespace PhotoMl.Data;

/// <summary>Finds the image files that a list of files and folders stands for.</summary>
internal static class ImageFiles
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase) { ".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif" };

    internal static string ExtensionNames { get; } = string.Join(", ", Extensions.Select(extension => extension[1..]));

    /// <summary>Expands files and folders into image files.</summary>
    /// <remarks>Of a folder, files named jpg, jpeg, png, webp, bmp or gif in any case; hidden ones are skipped. Each folder and each file
    /// counts once, however many links lead to it.</remarks>
    public static IReadOnlyList<ImageFileEntry> Enumerate(IEnumerable<string> paths)
    {
        var entries = new List<ImageFileEntry>();
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
            {
                var repeated = new List<ImageFileEntry>();
                entries.AddRange(ImageSearch.Find([path], above: [], repeated)[0].Concat(repeated).OrderBy(entry => entry.Path, StringComparer.Ordinal));
            }
            else
            {
                entries.Add(new ImageFileEntry(path, File.Exists(path) ? null : "there is no such file or folder"));
            }
        }

        return entries;
    }

    /// <summary>Tells whether a file is taken for an image when it is found in a folder.</summary>
    public static bool HasImageExtension(string path) => Extensions.Contains(Path.GetExtension(path));
}

/// <summary>A file that was named or found, or a path that leads to none.</summary>
/// <param name="Path">The file or folder, under the path that the caller named.</param>
/// <param name="Problem">Why there is no file, in one line without the path; <see langword="null"/> where there is one.</param>
public sealed record ImageFileEntry(string Path, string? Problem = null);
