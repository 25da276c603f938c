namespace PhotoMl.Data;

/// <summary>What one folder holds of a data set.</summary>
internal sealed record DatasetFolder(
    string Path, bool Exists, IReadOnlyDictionary<DatasetFileRole, string> Files, IReadOnlyList<string> Missing)
{
    /// <summary>The names under which the four IDX files of MNIST and its relatives are published.</summary>
    public static IReadOnlyDictionary<DatasetFileRole, string> IdxNames { get; } = new Dictionary<DatasetFileRole, string>
    {
        [DatasetFileRole.TrainImages] = "train-images-idx3-ubyte",
        [DatasetFileRole.TrainLabels] = "train-labels-idx1-ubyte",
        [DatasetFileRole.TestImages] = "t10k-images-idx3-ubyte",
        [DatasetFileRole.TestLabels] = "t10k-labels-idx1-ubyte",
    };

    public bool IsComplete => Missing.Count == 0;

    /// <summary>Looks for a data set's files in a folder, without reading them.</summary>
    public static DatasetFolder Inspect(string path, IEnumerable<KeyValuePair<DatasetFileRole, string>> names)
    {
        var files = new Dictionary<DatasetFileRole, string>();
        var missing = new List<string>();
        foreach (var (role, name) in names)
        {
            var dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
            string[] candidates = [name, name + ".gz", dotted, dotted + ".gz"];
            if (candidates.Select(candidate => System.IO.Path.Combine(path, candidate)).FirstOrDefault(File.Exists) is { } file)
            {
                files[role] = file;
            }
            else
            {
                missing.Add(name);
            }
        }

        return new DatasetFolder(path, Directory.Exists(path), files, missing);
    }

    public static DatasetFolder Inspect(string path, DatasetEntry entry) =>
        Inspect(path, entry.Files.Select(file => KeyValuePair.Create(file.Role, file.Name)));

    public string Describe() => (Exists, IsComplete) switch
    {
        (false, _) => $"{Path} (no such folder)",
        (true, true) => Path,
        (true, false) when Files.Count == 0 => $"{Path} (none of its files)",
        _ => $"{Path} (lacks {string.Join(" and ", Missing)})",
    };
}

/// <summary>Where a known data set was looked for, and whether it was found.</summary>
internal sealed record DatasetSearch(DatasetEntry Entry, IReadOnlyList<DatasetFolder> Tried)
{
    /// <summary>The first folder that holds all files; null where none does.</summary>
    public DatasetFolder? Found => Tried.FirstOrDefault(folder => folder.IsComplete);

    public IEnumerable<DatasetFolder> Partial => Tried.Where(folder => !folder.IsComplete && folder.Files.Count > 0);

    /// <summary>Looks for a set that is not built in: the first folder that holds all its files wins, raw or gzip. They are not opened;
    /// whoever reads them verifies their hashes.</summary>
    public static DatasetSearch Run(DatasetEntry entry, DatasetLoadOptions options)
    {
        var tried = new List<DatasetFolder>();
        foreach (var path in entry.IsBuiltIn ? [] : options.Folders.Append(options.CacheFolder).Distinct())
        {
            tried.Add(DatasetFolder.Inspect(Path.Combine(path, entry.Id), entry));
            if (tried[^1].IsComplete)
            {
                break;
            }
        }

        return new DatasetSearch(entry, tried);
    }

    public string Describe() => string.Join(", ", Tried.Select(folder => folder.Describe()));
}
