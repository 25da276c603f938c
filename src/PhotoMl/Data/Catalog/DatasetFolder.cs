namespace PhotoMl.Data;

/// <summary>What one folder holds of the four IDX files of a data set, whose names may begin with a prefix; they are not opened.</summary>
internal sealed record DatasetFolder(string Path, string Prefix, IReadOnlyDictionary<DatasetFileRole, string> Files)
{
    /// <summary>The names under which the four IDX files of MNIST and its relatives are published.</summary>
    public static IReadOnlyDictionary<DatasetFileRole, string> IdxNames { get; } = new Dictionary<DatasetFileRole, string>
    {
        [DatasetFileRole.TrainImages] = "train-images-idx3-ubyte",
        [DatasetFileRole.TrainLabels] = "train-labels-idx1-ubyte",
        [DatasetFileRole.TestImages] = "t10k-images-idx3-ubyte",
        [DatasetFileRole.TestLabels] = "t10k-labels-idx1-ubyte",
    };

    public IEnumerable<string> Missing => IdxNames.ExceptBy(Files.Keys, name => name.Key)
        .Select(name => Prefix.Length == 0 ? name.Value : Prefix + WithTest(name.Value));

    public bool IsComplete => Files.Count == IdxNames.Count;

    /// <summary>The prefixes of further sets in the folder.</summary>
    public IReadOnlyList<string> Others { get; private init; } = [];

    /// <summary>Inspects a folder that the user named, where a prefix may stand before the published names, as in EMNIST.</summary>
    public static DatasetFolder InspectAny(string path)
    {
        var folder = Inspect(path);
        if (folder.Files.Count > 0 || !Directory.Exists(path))
        {
            return folder;
        }

        var sets = Directory.EnumerateFiles(path, "*train-images?idx3-ubyte*", new EnumerationOptions())
            .Select(file => System.IO.Path.GetFileName(file).Split("train-images")[0])
            .Distinct()
            .Select(prefix => Inspect(path, prefix))
            .OrderByDescending(set => set.IsComplete).ThenBy(set => set.Prefix, StringComparer.Ordinal)
            .ToList();
        return sets is [] ? folder : sets[0] with { Others = [.. sets.Skip(1).Where(set => set.IsComplete).Select(set => set.Prefix)] };
    }

    public static DatasetFolder Inspect(string path, string prefix = "")
    {
        var found = IdxNames.Keys.Select(role => (Role: role, Path: Find(role))).Where(file => file.Path is not null);
        return new DatasetFolder(path, prefix, found.ToDictionary(file => file.Role, file => file.Path!));

        string? Find(DatasetFileRole role)
        {
            string[] names = [IdxNames[role], WithTest(IdxNames[role])];
            return names.SelectMany(name => new[] { name, name.Replace("-idx", ".idx", StringComparison.Ordinal) })
                .SelectMany(name => new[] { name, name + ".gz" })
                .Select(name => System.IO.Path.Combine(path, prefix + name))
                .FirstOrDefault(File.Exists);
        }
    }

    public string Describe() => IsComplete ? Path
        : !Directory.Exists(Path) ? $"{Path} (no such folder)"
        : Files.Count == 0 ? $"{Path} (none of its files)"
        : $"{Path} (lacks {string.Join(" and ", Missing)})";

    private static string WithTest(string name) => name.Replace("t10k", "test", StringComparison.Ordinal);
}

/// <summary>The folders that were searched for a known data set.</summary>
internal sealed record DatasetSearch(DatasetEntry Entry, IReadOnlyList<DatasetFolder> Tried)
{
    /// <summary>The first folder that holds all files; null where none does.</summary>
    public DatasetFolder? Found => Tried.FirstOrDefault(folder => folder.IsComplete);

    /// <summary>Searches a set that is not built in: the first folder that holds all its files wins, raw or gzip; whoever reads them
    /// verifies their hashes.</summary>
    public static DatasetSearch Run(DatasetEntry entry, DatasetLoadOptions options)
    {
        var folders = options.Folders.Append(options.CacheFolder).Distinct().Select(path => Path.Combine(path, entry.Id));
        return new DatasetSearch(entry, entry.IsBuiltIn ? [] : [.. folders.Select(folder => DatasetFolder.Inspect(folder))]);
    }
}

/// <summary>A known data set is not on the machine, and was not or could not be downloaded.</summary>
public sealed class DatasetNotFoundException : PhotoMlException
{
    internal DatasetNotFoundException(DatasetSearch search, DatasetDownloadException? innerException = null)
        : base(Describe(search, innerException), innerException)
    {
        Search = search;
    }

    /// <summary>The id of the data set.</summary>
    public string Id => Search.Entry.Id;

    internal DatasetSearch Search { get; }

    private static string Describe(DatasetSearch search, DatasetDownloadException? download)
    {
        var (id, tried) = (search.Entry.Id, string.Join(", ", search.Tried.Select(folder => folder.Describe())));
        var reason = download is null ? "downloading was not allowed" : $"the download failed: {download.Message.TrimEnd('.')}";
        return $"{id}: expected its {search.Entry.Files.Count} files in one folder, but found them in none of {tried}; "
            + $"{reason}. Download it where there is a network, or put the files into data/{id} or ${DatasetPaths.Variable}/{id}.";
    }
}
