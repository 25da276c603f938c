using System.Net;

namespace PhotoMl.Data;

/// <summary>Downloads known data sets: verified, resumable, and never visible before they are whole.</summary>
/// <remarks>
/// A file grows under a name ending in <c>.part</c>, its uncompressed SHA-256 is checked, its bytes are forced to the disk, and only then it gets
/// its final name by an atomic rename. A broken download is continued where it stopped, in this process or a later one.
/// The process that holds <c>.lock</c> owns the resumable parts; another one that downloads at the same moment does not wait for it, since it
/// may hang, but uses parts of its own. Both end with the same verified bytes. The lock file stays, because deleting it would let two
/// processes hold two locks of one name.
/// </remarks>
public sealed class DatasetDownloader : IDisposable
{
    // What gzip can add to data that do not compress, and far more.
    private const long CompressionSlack = 1 << 16;

    private readonly DatasetDownloadOptions _options;
    private readonly HttpClient _client;

    /// <summary>Creates a downloader.</summary>
    /// <param name="options">How patient it is; <see langword="null"/> for the defaults.</param>
    public DatasetDownloader(DatasetDownloadOptions? options = null)
    {
        _options = options ?? new DatasetDownloadOptions();
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = _options.ConnectTimeout,
            AutomaticDecompression = DecompressionMethods.None,
            Proxy = new LoopbackBypass(HttpClient.DefaultProxy),
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("PhotoMl");
    }

    /// <summary>Downloads what a folder lacks of a data set; files that are there and sound are left alone, damaged ones are replaced.</summary>
    /// <param name="entry">The data set.</param>
    /// <param name="folder">The folder, created if need be.</param>
    /// <param name="progress">Told about every piece that arrives, from another thread.</param>
    /// <param name="cancellationToken">Stops the download; what has come so far is kept for the next time.</param>
    /// <returns>The folder with all files.</returns>
    /// <exception cref="DatasetDownloadException">No address gave a file, or the folder cannot be written to.</exception>
    public DatasetFolder Download(
        DatasetEntry entry, string folder, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => DownloadAsync(entry, folder, progress, cancellationToken), CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc cref="Download"/>
    public async Task<DatasetFolder> DownloadAsync(
        DatasetEntry entry, string folder, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        try
        {
            Directory.CreateDirectory(folder);
            using var ownership = TryOwn(folder);
            for (var i = 0; i < entry.Files.Count; i++)
            {
                var file = entry.Files[i];
                var known = DatasetFolder.Inspect(folder, entry).Files.GetValueOrDefault(file.Role);
                if (known is not null && DatasetFileVerifier.FindFault(known, file, cancellationToken) is null)
                {
                    continue;
                }

                var number = i + 1;
                var path = await DownloadFileAsync(entry, file, folder, ownership is not null, Report, cancellationToken).ConfigureAwait(false);
                if (known is not null && known != path)
                {
                    File.Delete(known);
                }

                void Report(Uri address, long received, long? total) =>
                    progress?.Report(new DownloadProgress(file.Name, number, entry.Files.Count, address, received, total));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatasetDownloadException(folder, exception);
        }

        return DatasetFolder.Inspect(folder, entry);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static FileStream? TryOwn(string folder)
    {
        var path = Path.Combine(folder, ".lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    private static string Reason(Exception exception)
    {
        while (exception is not TimeoutException && exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception.Message.ReplaceLineEndings(" ").TrimEnd('.');
    }

    private async Task<string> DownloadFileAsync(
        DatasetEntry entry, DatasetFile file, string folder, bool owned, Action<Uri, long, long?> report, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, file.Name);
        var partPath = owned ? $"{path}.part" : $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}.part";
        using var part = new PartialFile(partPath, keep: owned);
        var failures = new List<DownloadFailure>();
        foreach (var address in entry.AddressesOf(file))
        {
            var reason = await TryAddressAsync(address, file, part, report, cancellationToken).ConfigureAwait(false);
            if (reason is null)
            {
                var finalPath = DatasetFileVerifier.IsGzip(part.Path) ? path + ".gz" : path;
                part.MoveTo(finalPath);
                return finalPath;
            }

            failures.Add(new DownloadFailure(address, reason));
        }

        throw new DatasetDownloadException(path, failures);
    }

    /// <summary>Asks one address until the part is whole, or until asking again would bring nothing; returns the reason it is not whole.</summary>
    private async Task<string?> TryAddressAsync(
        Uri address, DatasetFile file, PartialFile part, Action<Uri, long, long?> report, CancellationToken cancellationToken)
    {
        var fetch = new HttpFetch(_client, _options.StallTimeout);
        for (var attempt = 1; ; attempt++)
        {
            var resumedAt = part.LengthFor(address);
            var again = attempt < _options.AttemptsPerAddress;
            try
            {
                await fetch.AppendAsync(
                    address, part, file.ByteCount + CompressionSlack, (received, total) => report(address, received, total), cancellationToken)
                    .ConfigureAwait(false);
                part.Flush();
                if (DatasetFileVerifier.FindFault(part.Path, file, cancellationToken) is not { } fault)
                {
                    return null;
                }

                // What was resumed may have been damaged before: one whole try decides.
                part.Clear();
                if (!again || resumedAt == 0)
                {
                    return fault;
                }
            }
            catch (InvalidDataException exception)
            {
                part.Clear();
                return Reason(exception);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException or NotSupportedException)
            {
                if (!again || part.LengthFor(address) <= resumedAt)
                {
                    return Reason(exception);
                }
            }
        }
    }
}
