using System.IO.Enumeration;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>Names of what operating systems, network storage and programs keep beside photos, in any case of the letters.</summary>
internal static class SystemNames
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "$RECYCLE.BIN", "RECYCLER", "Recycle Bin", "$WINDOWS.~??", "LOST.DIR", "System Volume Information", "found.0??", "Thumbs.db",
        "Thumbs.db:*", "ehthumbs*.db", "desktop.ini", "*Zone.Identifier", ".DS_Store", "._*", "__MACOSX", "Icon\r", "Network Trash Folder",
        "Temporary Items", "TheVolumeSettingsFolder", "Desktop D?", "*.sb-*", "lost+found", ".thumbnails", "@eaDir", "@tmp", "@sharebin",
        "*@SynoResource", "*@SynoEAStream", "SYNOFILE_THUMB*", "#recycle", "#snapshot", "@Recycle", "@Recently-Snapshot", "@__thumb",
        "@Transcode", "@SynoFinder-*", "~snapshot", "_gsdata_", "~syncthing~*", "*.!sync", "CaptureOne", "*.lrdata", "*.lrcat-data",
        "Picasa.ini", "[Originals]", "descript.ion", "ZbThumbnail.info", "NKSC_PARAM", "*.*_original", "*.thm", ".git",
        ".ipynb_checkpoints", "__pycache__", "~$*", "*~", "*.bak", "*.orig", "#*#", "*.part", "*.partial", "*.filepart", "*.crdownload",
        "*.opdownload", "*.!ut", "*.tmp", ".*",
    };

    private static readonly string[] Patterns = [.. Names.Where(name => name.AsSpan().ContainsAny('*', '?'))];

    /// <summary>The name, or the pattern of names, that something has; null where it is not of these.</summary>
    public static string? Find(FileSystemInfo item) => Find(item.Name)
        ?? (OperatingSystem.IsWindows() && item.Attributes.HasFlag(FileAttributes.Hidden) ? "hidden" : null);

    public static string? Find(string name) => Names.TryGetValue(name, out var known) ? known.TrimEnd()
        : Array.Find(Patterns, pattern => FileSystemName.MatchesSimpleExpression(pattern, name));

    /// <summary>One sentence that counts what <see cref="Find(FileSystemInfo)"/> found; null where that is nothing.</summary>
    public static string? Count(IReadOnlyCollection<string> found) => found.Count == 0 ? null
        : $"{found.Count:N0} {(found.Count == 1 ? "file or folder" : "files and folders")} of systems and editors "
            + $"{(found.Count == 1 ? "is" : "are")} left out: {ImageFormat.CountNames(found)}.";
}
