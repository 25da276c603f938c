using PhotoMl.Data;

namespace PhotoMl.Cli.Output;

/// <summary>Shows how far the reading of photos is.</summary>
internal sealed class PhotoProgressView(CliHost host, bool quiet) : IProgress<PhotoCacheProgress>, IDisposable
{
    private readonly StatusLine _line = new(host, quiet);
    private bool _hasWaited;

    /// <inheritdoc/>
    public void Report(PhotoCacheProgress value)
    {
        if (!value.IsWaiting)
        {
            _line.Show(() => $"reading photos: {value.Done:N0} of {value.Total:N0}{(value.Unreadable > 0 ? $", {value.Unreadable:N0} unreadable" : "")}");
        }
        else if (!_hasWaited)
        {
            _hasWaited = true;
            host.Error.WriteLine("Another process is reading the same photos; waiting for it.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
