namespace PhotoMl.Data;

/// <summary>Finds the files that a list names, however it writes them.</summary>
/// <remarks>Paths begin at the folder of the list. Where none is found there, but most from one folder within it or from the one above,
/// they begin there; else so do they with as many first names left off as are of another machine. Backslashes separate names, and an
/// extension may be missing or of the other case.</remarks>
internal sealed class ListedPaths
{
    private const int MostTried = 50;

    private readonly string _start;
    private readonly int _skipped;

    public ListedPaths(string folder, IReadOnlyList<string> names)
    {
        _start = folder;
        var tried = names.Where((_, i) => i % ((names.Count + MostTried - 1) / MostTried) == 0).ToList();
        if (tried.Count == 0 || tried.Exists(name => Find(name) is not null))
        {
            return;
        }

        var folders = new ImageFiles().List(folder, folder, static _ => { }).OfType<DirectoryInfo>().Select(item => item.FullName);
        var starts = folders.Prepend(folder).Append(Path.GetDirectoryName(folder) ?? folder).Distinct().ToList();
        var found = Enumerable.Range(0, PartsOf(tried[0]).Length)
            .Select(skipped => (Skipped: skipped, Starts: starts.FindAll(start => HasMost(start, skipped))))
            .FirstOrDefault(found => found.Starts.Count > 0);
        if (found.Starts is [var only])
        {
            (_start, _skipped) = (only, found.Skipped);
            Remark = $"Paths of the list are read from {_start}{(_skipped > 0 ? $" without their first {_skipped} names" : "")}.";
        }

        bool HasMost(string start, int skipped) => 2 * tried.Count(name => Find(start, name, skipped) is not null) > tried.Count;
    }

    /// <summary>Where the paths begin, in one sentence; null where that is the folder of the list.</summary>
    public string? Remark { get; }

    /// <summary>The file that a list names; null where there is none.</summary>
    public string? Find(string name) => Find(_start, name, _skipped);

    private static string? Find(string start, string name, int skipped)
    {
        name = skipped == 0 ? name : string.Join('/', PartsOf(name).Skip(skipped));
        var slashed = name.Replace('\\', '/');
        var extension = ImageFiles.HasImageName(slashed) ? Path.GetExtension(slashed) : "";
        IReadOnlyList<string> ends = extension.Length > 0 ? [extension] : ImageFiles.Extensions;
        var stem = slashed[..^extension.Length];
        var spellings = ends.SelectMany(end => new[] { stem + end.ToLowerInvariant(), stem + end.ToUpperInvariant() });
        return spellings.Prepend(slashed).Prepend(name).Select(spelling => Path.Combine(start, spelling)).FirstOrDefault(File.Exists);
    }

    private static string[] PartsOf(string name) => name.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries);
}
