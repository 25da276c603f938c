using System.Net;
using PhotoMl.IO;

namespace PhotoMl.Data;

/// <summary>Downloads known data sets: each file from the first mirror that gives the right bytes, and visible only when it is
/// whole.</summary>
internal static class DatasetDownloader
{
    // What gzip can add to data that do not compress, and far more.
    private const long CompressionSlack = 1 << 16;
    private const int BufferBytes = 1 << 16;

    public static TimeSpan ConnectTimeout { get; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a server may send nothing before the next one is asked.</summary>
    public static TimeSpan StallTimeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Downloads what a folder lacks of a data set; files that are there and sound stay, damaged ones are replaced.</summary>
    public static DatasetFolder Download(
        DatasetEntry entry,
        string folder,
        IProgress<WorkProgress>? progress,
        TimeSpan connectTimeout,
        TimeSpan stallTimeout,
        CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectTimeout = connectTimeout,
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = !entry.Mirrors.All(mirror => mirror.IsLoopback), // which no proxy can reach
        };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("PhotoMl");
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var (index, file) in entry.Files.Index())
            {
                var known = DatasetFolder.Inspect(folder, entry).Files.GetValueOrDefault(file.Role);
                if (known is not null && IsSound(known, file, cancellationToken))
                {
                    continue;
                }

                var bytes = Fetch(entry, file, Path.Combine(folder, file.Name), Report);
                var path = Path.Combine(folder, IdxContent.IsGzip(new MemoryStream(bytes)) ? file.Name + ".gz" : file.Name);
                AtomicFile.Write(path, stream => stream.Write(bytes));
                if (known is not null && known != path)
                {
                    File.Delete(known);
                }

                void Report(Uri address, long received, long? total) => progress?.Report(new WorkProgress
                {
                    Activity = $"downloading file {index + 1} of {entry.Files.Count}, {file.Name} from {address.Host}",
                    Done = received,
                    Total = total,
                    IsBytes = true,
                });
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OutputException)
        {
            throw new DatasetDownloadException(folder, exception);
        }

        return DatasetFolder.Inspect(folder, entry);

        byte[] Fetch(DatasetEntry entry, DatasetFile file, string path, Action<Uri, long, long?> report)
        {
            var failures = new List<string>();
            foreach (var address in entry.AddressesOf(file))
            {
                try
                {
                    // On the pool, whose threads have no synchronization context to wait for.
                    var bytes = Task.Run(() => FetchAsync(client, address, file, stallTimeout, report, cancellationToken), CancellationToken.None).GetAwaiter().GetResult();
                    IdxContent.Read(path, new MemoryStream(bytes), file, cancellationToken);
                    return bytes;
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException or InvalidDatasetException or NotSupportedException)
                {
                    failures.Add($"{address} ({Reason(exception)})");
                }
            }

            throw new DatasetDownloadException(path, failures);
        }
    }

    private static bool IsSound(string path, DatasetFile file, CancellationToken cancellationToken)
    {
        try
        {
            IdxContent.Read(path, IdxKind.Of(file.Role), file, cancellationToken);
            return true;
        }
        catch (InvalidDatasetException)
        {
            return false;
        }
    }

    private static async Task<byte[]> FetchAsync(
        HttpClient client, Uri address, DatasetFile file, TimeSpan stallTimeout, Action<Uri, long, long?> report, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(stallTimeout);
        try
        {
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new HttpRequestException($"{(int)response.StatusCode} {response.ReasonPhrase}");
            }

            var total = response.Content.Headers.ContentLength;
            using var received = new MemoryStream();
            using var body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
            var buffer = new byte[BufferBytes];
            for (var count = 0; ; received.Write(buffer, 0, count))
            {
                if (Math.Max(received.Length, total ?? 0) > file.ByteCount + CompressionSlack)
                {
                    throw new IOException($"more than the {file.ByteCount + CompressionSlack} bytes the file can have");
                }

                stall.CancelAfter(stallTimeout);
                count = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
                if (count == 0)
                {
                    return received.ToArray();
                }

                report(address, received.Length + count, total);
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(stall.IsCancellationRequested ? $"nothing came for {stallTimeout.TotalSeconds:0.#} seconds" : "no connection in time", exception);
        }
    }

    private static string Reason(Exception exception)
    {
        while (exception is not TimeoutException and not InvalidDatasetException && exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception is InvalidDatasetException invalid ? $"{invalid.Found} where {invalid.Expected} was expected" : exception.Message.ReplaceLineEndings(" ").TrimEnd('.');
    }
}
