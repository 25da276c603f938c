namespace PhotoMl.Cli;

/// <summary>How paths lie to each other.</summary>
internal static class PathRelation
{
    /// <summary>Whether a path is a folder or lies below it, by name: links are not followed.</summary>
    public static bool IsWithin(string path, string folder)
    {
        var relative = Path.GetRelativePath(Path.GetFullPath(folder), Path.GetFullPath(path));
        return relative != ".." && !relative.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !Path.IsPathRooted(relative);
    }
}
