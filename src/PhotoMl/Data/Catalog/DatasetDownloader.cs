using System.Net;

namespace PhotoMl.Data;

/// <summary>Downloads known data sets: each file from the first mirror that gives the right bytes, visible only when whole.</summary>
internal static class DatasetDownloader
{
    // What gzip can add to data that do not compress, and far more.
    private const long CompressionSlack = 1 << 16;

    /// <summary>Downloads what the cache lacks of a data set; files that are there and sound stay, damaged ones are replaced.</summary>
    public static DatasetFolder Download(DatasetEntry entry, DatasetLoadOptions options, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(options.CacheFolder, entry.Id);
        using var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            UseProxy = !entry.Mirrors.All(mirror => mirror.IsLoopback), // which no proxy can reach
        };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("PhotoMl");
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var (index, file) in entry.Files.Index())
            {
                var present = DatasetFolder.Inspect(folder).Files.GetValueOrDefault(file.Role);
                if (present is not null && IsSound(present, file))
                {
                    continue;
                }

                var activity = $"downloading file {index + 1} of {entry.Files.Count}, {file.Name}";
                var bytes = Fetch(file, Path.Combine(folder, file.Name), activity);
                var path = Path.Combine(folder, IdxContent.IsGzip(new MemoryStream(bytes)) ? file.Name + ".gz" : file.Name);
                AtomicFile.Write(path, bytes);
                if (present is not null && present != path)
                {
                    File.Delete(present);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OutputException)
        {
            throw new DatasetDownloadException(folder, exception);
        }

        return DatasetFolder.Inspect(folder);

        bool IsSound(string path, DatasetFile file)
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

        byte[] Fetch(DatasetFile file, string path, string activity)
        {
            var failures = new List<string>();
            foreach (var address in entry.Mirrors.Select(mirror => new Uri(mirror, file.Name + ".gz")))
            {
                try
                {
                    // On the pool, whose threads have no synchronization context to wait for.
                    var fetching = Task.Run(() => FetchAsync(address, file, $"{activity} from {address.Host}"), CancellationToken.None);
                    var bytes = fetching.GetAwaiter().GetResult();
                    IdxContent.Read(path, IdxKind.Of(file.Role), new MemoryStream(bytes), file, cancellationToken);
                    return bytes;
                }
                catch (Exception exception) when (exception
                    is HttpRequestException or IOException or TimeoutException or InvalidDatasetException or NotSupportedException)
                {
                    failures.Add($"{address} ({Reason(exception)})");
                }
            }

            throw new DatasetDownloadException(path, failures);
        }

        async Task<byte[]> FetchAsync(Uri address, DatasetFile file, string activity)
        {
            var most = file.ByteCount + CompressionSlack;
            using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            stall.CancelAfter(options.StallTimeout);
            try
            {
                using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, stall.Token);
                if (response.StatusCode != HttpStatusCode.OK)
                {
                    throw new HttpRequestException($"{(int)response.StatusCode} {response.ReasonPhrase}");
                }

                var total = response.Content.Headers.ContentLength;
                using var received = new MemoryStream();
                using var body = await response.Content.ReadAsStreamAsync(stall.Token);
                var buffer = new byte[1 << 16];
                while (Math.Max(received.Length, total ?? 0) <= most)
                {
                    stall.CancelAfter(options.StallTimeout);
                    var count = await body.ReadAsync(buffer, stall.Token);
                    if (count == 0)
                    {
                        return received.ToArray();
                    }

                    received.Write(buffer, 0, count);
                    options.Progress?.Report(new() { Activity = activity, Done = received.Length, Total = total, IsBytes = true });
                }

                throw new IOException($"more than the {most} bytes the file can have");
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                var silence = $"nothing came for {options.StallTimeout.TotalSeconds:0.#} seconds";
                throw new TimeoutException(stall.IsCancellationRequested ? silence : "no connection in time", exception);
            }
        }
    }

    private static string Reason(Exception exception) => exception switch
    {
        InvalidDatasetException invalid => $"{invalid.Found} where {invalid.Expected} was expected",
        TimeoutException => exception.Message,
        _ => PhotoMlException.ReasonOf(exception.GetBaseException()),
    };
}

/// <summary>A file could not be downloaded from any of its addresses, or not be stored.</summary>
public sealed class DatasetDownloadException : PhotoMlException
{
    internal DatasetDownloadException(string path, IReadOnlyList<string> failures)
        : base($"{path}: expected to download it from one of {failures.Count} addresses, but found none that gave it: "
            + $"{string.Join("; ", failures)}.")
    {
        Path = path;
        Failures = failures;
    }

    internal DatasetDownloadException(string path, Exception innerException)
        : base($"{path}: expected to write here, but found that impossible ({AtomicFile.Describe(innerException)}).", innerException)
    {
        Path = path;
        Failures = [];
    }

    /// <summary>Where the file was to be stored.</summary>
    public string Path { get; }

    /// <summary>Each address, in the order they were tried, with what went wrong.</summary>
    public IReadOnlyList<string> Failures { get; }
}
