using PhotoMl.Data;

namespace PhotoMl.Cli.Output;

/// <summary>Shows how far a download is.</summary>
internal sealed class DownloadProgressView(CliHost host, bool quiet) : IProgress<DownloadProgress>, IDisposable
{
    private readonly StatusLine _line = new(host, quiet);

    /// <inheritdoc/>
    public void Report(DownloadProgress value) => _line.Show(() => Describe(value));

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();

    private static string Describe(DownloadProgress value)
    {
        var size = value.BytesTotal is { } total ? $"{Text.Bytes(value.BytesReceived)} of {Text.Bytes(total)}" : Text.Bytes(value.BytesReceived);
        return $"file {value.FileNumber}/{value.FileCount}  {size}  {value.File} from {value.Address.Host}";
    }
}
