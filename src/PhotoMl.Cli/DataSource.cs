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
            Describe(loaded, host.Error, quiet);
        }

        return loaded;
    }

    private static void Describe(LoadedDataset loaded, TextWriter error, bool quiet)
    {
        if (loaded.Notice is { } notice)
        {
            error.WriteLine(Text.Printable(notice));
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
