using PhotoMl.Cli.Output;
using PhotoMl.Data;

namespace PhotoMl.Cli;

/// <summary>Loads the training images of a data set with the progress shown.</summary>
internal static class DataSource
{
    public static LoadedDataset Load(string name, CliHost host, bool quiet)
    {
        using var progress = new TaskProgress(host, quiet);
        var loaded = DatasetLoader.Load(name, progress.Show(host.DataOptions()) with { Splits = DatasetSplits.Train }, host.CancellationToken);
        foreach (var message in loaded.Messages)
        {
            progress.Report(message);
        }

        return loaded;
    }
}
