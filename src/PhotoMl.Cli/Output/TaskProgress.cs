using PhotoMl.Data;
using PhotoMl.Quality;

namespace PhotoMl.Cli.Output;

/// <summary>Shows what a task reports before its computation: messages, and how far a download, the reading of photos and their check are.</summary>
internal sealed class TaskProgress(CliHost host, bool quiet)
    : IProgress<StatusMessage>, IProgress<DownloadProgress>, IProgress<PhotoCacheProgress>, IProgress<PhotoCheckProgress>, IProgress<int>, IProgress<string>, IDisposable
{
    private readonly StatusLine _line = new(host, quiet);
    private bool _hasWaited;

    /// <summary>Has a data set be loaded with its progress shown here.</summary>
    public DatasetLoadOptions Show(DatasetLoadOptions options) => options with { Progress = this, PhotoProgress = this };

    /// <summary>Shows a training run here.</summary>
    public IProgress<T>? Of<T>(IProgressText<T> text) => quiet ? null : new TrainingProgress<T>(text, _line, host.ErrorIsTerminal);

    /// <inheritdoc/>
    public void Report(StatusMessage value)
    {
        if (value.IsWarning || !quiet)
        {
            _line.Write(Text.Printable(value.Text));
        }
    }

    /// <inheritdoc/>
    public void Report(DownloadProgress value) => _line.Show(() =>
    {
        var size = value.BytesTotal is { } total ? $"{Text.Bytes(value.BytesReceived)} of {Text.Bytes(total)}" : Text.Bytes(value.BytesReceived);
        return $"file {value.FileNumber}/{value.FileCount}  {size}  {value.File} from {value.Address.Host}";
    });

    /// <inheritdoc/>
    public void Report(PhotoCacheProgress value)
    {
        if (!value.IsWaiting)
        {
            _line.Show(() => $"reading photos: {value.Done:N0} of {value.Total:N0}{Unreadable(value.Unreadable)}");
        }
        else if (!_hasWaited)
        {
            _hasWaited = true;
            Report(new StatusMessage("Another process is reading the same photos; waiting for it.", IsWarning: true));
        }
    }

    /// <inheritdoc/>
    public void Report(PhotoCheckProgress value) => _line.Show(() => $"{value.Done:N0} of {value.Total:N0} photos checked{Unreadable(value.Unreadable)}");

    /// <inheritdoc/>
    public void Report(int value) => _line.Show(() => $"{value:N0} images");

    /// <inheritdoc/>
    public void Report(string value) => _line.Show(() => value);

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();

    private static string Unreadable(int count) => count > 0 ? $", {count:N0} unreadable" : "";
}
