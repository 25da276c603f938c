using PhotoMl.Cli.Output;
using PhotoMl.Data;

namespace PhotoMl.Cli;

/// <summary>Loads data sets with the progress of a download, or of the reading of photos, shown.</summary>
internal static class DataSource
{
    private const int MostSkippedShown = 5;

    /// <summary>Loads a data set, and says what must be said of it.</summary>
    /// <param name="name">What the user named.</param>
    /// <param name="splits">Which halves of a known set.</param>
    /// <param name="host">Where messages go.</param>
    /// <param name="quiet">Whether nothing is said but what went wrong.</param>
    /// <param name="choose">Chooses sizes and the like; null for the defaults.</param>
    /// <param name="isKnown">Whether what must be said of it has been said.</param>
    public static LoadedDataset Load(
        string name, DatasetSplits splits, CliHost host, bool quiet, Func<DatasetLoadOptions, DatasetLoadOptions>? choose = null, bool isKnown = false)
    {
        using var progress = new DownloadProgressView(host, quiet);
        using var photoProgress = new PhotoProgressView(host, quiet);
        var options = host.DataOptions() with { Splits = splits, Progress = progress, PhotoProgress = photoProgress };
        var loaded = DatasetLoader.Load(name, choose?.Invoke(options) ?? options, host.CancellationToken);
        progress.Dispose();
        photoProgress.Dispose();
        if (!isKnown)
        {
            Describe(name, loaded, host.Error, quiet);
        }

        return loaded;
    }

    /// <summary>The files and folders that a data set is read from.</summary>
    /// <param name="name">What the user named.</param>
    /// <param name="options">How data sets are found.</param>
    public static IEnumerable<string> InputsOf(string name, DatasetLoadOptions options)
    {
        if (DatasetLoader.IsPhotos(name, options.Catalog))
        {
            return InputsOf([name], PhotoList.Open(name).Photos.Select(photo => photo.Path));
        }

        var isAuto = name.Equals(DatasetLoader.Auto, StringComparison.OrdinalIgnoreCase);
        return options.Catalog.Find(isAuto ? "mnist" : name) is not { } entry ? [name]
            : entry.IsBuiltIn ? []
            : [DatasetLoader.Find(entry, options) ?? Path.Combine(options.Paths.CacheFolder, entry.Id)];
    }

    /// <summary>What is read where some files and folders are named: these, and of what was found in a folder also the folders that links lead to.</summary>
    /// <param name="named">What the user named.</param>
    /// <param name="files">The files that were found.</param>
    public static IEnumerable<string> InputsOf(IReadOnlyCollection<string> named, IEnumerable<string> files)
    {
        var found = files.Except(named).ToList();
        var folders = named.Any(Directory.Exists) ? found.Select(file => Path.GetDirectoryName(file)!).Distinct() : [];
        return [.. named, .. folders, .. found];
    }

    private static void Describe(string name, LoadedDataset loaded, TextWriter error, bool quiet)
    {
        if (loaded.Notice is { } notice)
        {
            var remedy = name.Equals(DatasetLoader.Auto, StringComparison.OrdinalIgnoreCase) ? $" To download it: {Cli.Name} data get mnist" : "";
            error.WriteLine(Text.Printable(notice) + remedy);
        }

        foreach (var remark in quiet ? [] : loaded.Remarks)
        {
            error.WriteLine(Text.Printable(remark));
        }

        if (loaded.Skipped.Count == 0)
        {
            return;
        }

        error.WriteLine($"{Text.Printable(loaded.Id)}: left out {Text.Count(loaded.Skipped.Count, "file")}:");
        foreach (var photo in loaded.Skipped.Take(MostSkippedShown))
        {
            error.WriteLine($"  {Text.Printable(photo.Path)}: {Text.Printable(photo.Problem ?? "")}");
        }

        if (loaded.Skipped.Count > MostSkippedShown)
        {
            error.WriteLine($"  and {loaded.Skipped.Count - MostSkippedShown:N0} more");
        }
    }
}
