namespace PhotoMl.Data;

/// <summary>Finds the files that the names in a column of a list stand for, however it writes them.</summary>
/// <remarks>Paths begin at the folder of the list or the one above. What is not there is found by the end of its path
/// (<see cref="NamedFiles"/>): by all of it or, where most names are found only so, without the first names, as of another machine.
/// </remarks>
internal sealed class ListedPaths
{
    private const int MostTried = 50;

    private readonly NamedFiles _files;
    private readonly Lazy<int?> _skipped;
    private readonly SortedDictionary<string, int> _elsewhere = new(StringComparer.Ordinal); // photos by the folder where they were found

    public ListedPaths(NamedFiles files, IReadOnlyList<string> names)
    {
        _files = files;
        var tried = names.Where((_, i) => i % ((names.Count + MostTried - 1) / MostTried) == 0).ToList();
        IsAsWritten = HasMost(name => File.Exists(PathOf(name)));
        _skipped = new(() => IsAsWritten ? 0
            : !HasMost(name => _files.Find([.. PartsOf(name).TakeLast(1)]).Count > 0) ? null
            : Enumerable.Range(0, tried.Max(name => PartsOf(name).Length))
                .Cast<int?>().FirstOrDefault(skipped => HasMost(name => Find(name, skipped!.Value).Count > 0)));

        bool HasMost(Predicate<string> isFound) => 2 * tried.FindAll(isFound).Count > tried.Count;
    }

    /// <summary>Whether most names are paths of files.</summary>
    public bool IsAsWritten { get; }

    /// <summary>Whether most names are of files.</summary>
    public bool AreFound => _skipped.Value is not null;

    /// <summary>What was found elsewhere than the list says, in one sentence; null where nothing was.</summary>
    public string? Remark => _elsewhere.Count == 0 ? null
        : $"{PhotoMlException.Count(_elsewhere.Values.Sum(), "photo")} not where the list says, but found by "
            + (_skipped.Value > 0 ? $"the path without its first {_skipped.Value} names" : "name")
            + $", in {string.Join(", ", _elsewhere.Keys.Take(3))}{(_elsewhere.Count > 3 ? ", ..." : "")}.";

    /// <summary>Where a path of the list leads, from its folder if there is no file.</summary>
    public string PathOf(string name)
    {
        var slashed = name.Replace('\\', '/');
        string[] paths =
        [
            Path.GetFullPath(slashed, _files.Folder),
            Path.GetFullPath(name, _files.Folder),
            Path.GetFullPath(slashed, Path.Join(_files.Folder, "..")),
        ];
        return Array.Find(paths, File.Exists) ?? paths[0];
    }

    /// <summary>The files that a name may stand for: none, the one, or those between which it does not say.</summary>
    public IReadOnlyList<string> Find(string name)
    {
        var path = PathOf(name);
        var found = File.Exists(path) ? [path] : Find(name, _skipped.Value ?? 0);
        var said = Path.GetDirectoryName(Path.GetFullPath(name.Replace('\\', '/'), _files.Folder));
        if (found.Count == 1 && Path.GetDirectoryName(found[0])! is var folder && !folder.Equals(said, StringComparison.OrdinalIgnoreCase))
        {
            _elsewhere[folder] = _elsewhere.GetValueOrDefault(folder) + 1;
        }

        return found;
    }

    private IReadOnlyList<string> Find(string name, int skipped)
    {
        var parts = PartsOf(name);
        return _files.Find(parts[(parts.Length > skipped ? skipped : 0)..]);
    }

    private static string[] PartsOf(string name) =>
        [.. name.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries).Where(part => part is not ("." or ".."))];
}
