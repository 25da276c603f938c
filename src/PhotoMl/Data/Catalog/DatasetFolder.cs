namespace PhotoMl.Data;

/// <summary>What one folder holds of the four IDX files of a data set; they are not opened.</summary>
internal sealed record DatasetFolder(string Path, IReadOnlyDictionary<DatasetFileRole, string> Files)
{
    /// <summary>The names under which the four IDX files of MNIST and its relatives are published.</summary>
    public static IReadOnlyDictionary<DatasetFileRole, string> IdxNames { get; } = new Dictionary<DatasetFileRole, string>
    {
        [DatasetFileRole.TrainImages] = "train-images-idx3-ubyte",
        [DatasetFileRole.TrainLabels] = "train-labels-idx1-ubyte",
        [DatasetFileRole.TestImages] = "t10k-images-idx3-ubyte",
        [DatasetFileRole.TestLabels] = "t10k-labels-idx1-ubyte",
    };

    public IEnumerable<string> Missing => IdxNames.ExceptBy(Files.Keys, name => name.Key).Select(name => name.Value);

    public bool IsComplete => Files.Count == IdxNames.Count;

    public static DatasetFolder Inspect(string path)
    {
        var found = IdxNames.Keys.Select(role => (Role: role, Path: Find(role))).Where(file => file.Path is not null);
        return new DatasetFolder(path, found.ToDictionary(file => file.Role, file => file.Path!));

        string? Find(DatasetFileRole role)
        {
            var (name, dotted) = (IdxNames[role], IdxNames[role].Replace("-idx", ".idx", StringComparison.Ordinal));
            string[] names = [name, name + ".gz", dotted, dotted + ".gz"];
            return names.Select(name => System.IO.Path.Combine(path, name)).FirstOrDefault(File.Exists);
        }
    }

    public string Describe() => IsComplete ? Path
        : !Directory.Exists(Path) ? $"{Path} (no such folder)"
        : Files.Count == 0 ? $"{Path} (none of its files)"
        : $"{Path} (lacks {string.Join(" and ", Missing)})";
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
        var tried = new List<DatasetFolder>();
        foreach (var path in entry.IsBuiltIn ? [] : options.Folders.Append(options.CacheFolder).Distinct())
        {
            tried.Add(DatasetFolder.Inspect(Path.Combine(path, entry.Id)));
            if (tried[^1].IsComplete)
            {
                break;
            }
        }

        return new DatasetSearch(entry, tried);
    }

    public string Describe() => string.Join(", ", Tried.Select(folder => folder.Describe()));
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
        var id = search.Entry.Id;
        var reason = download is null ? "downloading was not allowed" : $"the download failed: {download.Message.TrimEnd('.')}";
        return $"{id}: expected its {search.Entry.Files.Count} files in one folder, but found them in none of {search.Describe()}; "
            + $"{reason}. Download it where there is a network, or put the files into data/{id} or ${DatasetPaths.Variable}/{id}.";
    }
}
