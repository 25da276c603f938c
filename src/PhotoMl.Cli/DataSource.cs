using PhotoMl.Cli.Output;
using PhotoMl.Data;

namespace PhotoMl.Cli;

/// <summary>Loads data sets with the progress of a download shown.</summary>
internal static class DataSource
{
    /// <summary>Loads a data set, and says what must be said of it.</summary>
    public static LoadedDataset Load(string name, DatasetSplits splits, CliHost host, bool quiet)
    {
        using var progress = new DownloadProgressView(host, quiet);
        var loaded = DatasetLoader.Load(name, host.DataOptions() with { Splits = splits, Progress = progress }, host.CancellationToken);
        progress.Dispose();
        if (loaded.Notice is { } notice)
        {
            host.Error.WriteLine(notice);
        }

        return loaded;
    }
}
