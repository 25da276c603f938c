using System.IO.Enumeration;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>Names of what operating systems, network storage and editors keep beside photos, in any case of the letters.</summary>
internal static class SystemNames
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "@eaDir", "@tmp", "@Recycle", "@Recently-Snapshot", "#recycle", "#snapshot", "$RECYCLE.BIN", "RECYCLER",
        "System Volume Information", "lost+found", "found.000", "Network Trash Folder", "Temporary Items", "__MACOSX", "__pycache__",
        ".thumbnails", ".ipynb_checkpoints", ".git", ".DS_Store", "Thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini",
        "ZbThumbnail.info",
    };

    private static readonly string[] Patterns = ["._*", ".*", "~$*", "*~", "*@SynoResource", "*@SynoEAStream"];

    /// <summary>The name, or the pattern of names, that something has; null where it is not of these.</summary>
    public static string? Find(FileSystemInfo item) =>
        Names.TryGetValue(item.Name, out var name) ? name
        : Array.Find(Patterns, pattern => FileSystemName.MatchesSimpleExpression(pattern, item.Name))
            ?? (OperatingSystem.IsWindows() && item.Attributes.HasFlag(FileAttributes.Hidden) ? "hidden" : null);

    /// <summary>One sentence that counts what <see cref="Find"/> found; null where that is nothing.</summary>
    public static string? Count(IReadOnlyCollection<string> found) => found.Count == 0 ? null
        : $"{found.Count:N0} {(found.Count == 1 ? "file or folder" : "files and folders")} of systems and editors "
            + $"{(found.Count == 1 ? "is" : "are")} left out: {ImageFormat.CountNames(found)}.";
}
