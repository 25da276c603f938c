namespace PhotoMl.IO;

/// <summary>Where a path really leads: the same file or folder has one such path, however it is spelt and whatever symbolic links lead to
/// it.</summary>
internal static class RealPath
{
    // As many as Linux follows; more of them lead round in a circle.
    private const int MostLinks = 40;

    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>How such paths are compared: by the rule of the operating system's own file systems.</summary>
    public static StringComparer Comparer { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    public static string Of(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        var pending = new Stack<string>();
        Push(full[real.Length..]);
        for (var links = 0; pending.TryPop(out var name);)
        {
            if (name == "..")
            {
                real = Path.GetDirectoryName(real) ?? real; // of a link's target; a typed one is gone already
                continue;
            }

            var next = Path.Join(real, name);
            if (new FileInfo(next).LinkTarget is not { } target || ++links > MostLinks)
            {
                real = next;
                continue;
            }

            var root = Path.IsPathRooted(target) ? Path.GetPathRoot(Path.GetFullPath(target, real))! : null;
            Push(root is null ? target : Path.GetFullPath(target, real)[root.Length..]);
            real = root ?? real;
        }

        return real;

        void Push(string names)
        {
            foreach (var name in names.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".").Reverse())
            {
                pending.Push(name);
            }
        }
    }

    public static bool IsWithin(string path, string folder) =>
        Comparer.Equals(path, folder)
        || (path.Length > folder.Length
            && Comparer.Equals(path[..folder.Length], folder)
            && (Path.EndsInDirectorySeparator(folder) || path[folder.Length] == Path.DirectorySeparatorChar));
}
