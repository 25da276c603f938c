using System.Globalization;
using PhotoMl.IO;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>Keeps the pixels of photos, decoded and brought to size, in a file: each photo is decoded once, however often it is trained on.</summary>
/// <remarks>
/// A cached photo counts as long as its path, size and time and the preprocessing are the same; what was added or changed is read, the rest taken over.
/// A process that is killed leaves what it had finished to the next one. Two processes that want the same photos wait for each other. A cache file that is damaged,
/// cut off or forged is made anew, for its sizes follow from the list of photos alone and every row carries a checksum that is looked at on each opening.
/// </remarks>
internal static class PhotoCache
{
    /// <summary>Gives the pixels of photos, reading those that the cache does not have.</summary>
    /// <param name="list">The photos; their files are opened for reading only.</param>
    /// <param name="preprocessing">How they are prepared.</param>
    /// <param name="options">Where the cache is.</param>
    /// <param name="progress">Told after every photo, from several threads but one at a time.</param>
    /// <param name="cancellationToken">Stops between two photos; those that are done stay done.</param>
    /// <returns>The photos that can be read, to be disposed by the caller.</returns>
    /// <exception cref="InvalidDatasetException">The photos do not fit into the cache's limit.</exception>
    /// <exception cref="OutputException">The cache cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static CachedPhotos Open(
        PhotoList list,
        ImagePreprocessing preprocessing,
        PhotoCacheOptions options,
        IProgress<PhotoCacheProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(preprocessing);
        ArgumentNullException.ThrowIfNull(options);
        Runtime.NativeLibraries.EnsureLoaded(); // the pixels leave as tensors
        var path = PhotoCacheFolder.PathOf(options.Folder, list.Source, preprocessing);
        var total = list.Photos.Count;
        using var hold = PhotoCacheFolder.Hold(path, () => progress?.Report(new PhotoCacheProgress(0, total, 0, IsWaiting: true)), cancellationToken);
        try
        {
            var photos = list.Photos.AsParallel().AsOrdered().WithCancellation(cancellationToken).Select(photo => PhotoRecord.Describe(photo.Path)).ToArray();
            var form = new PhotoCacheFile(total, preprocessing);
            var builder = new PhotoCacheBuilder(form, preprocessing, list.Photos, photos, options.Threads);
            var records = builder.FindCurrent(path, cancellationToken);
            if (records is null)
            {
                CheckRoom(path, list, preprocessing, form.Length, options.Limit);
                records = builder.Build(path, progress, cancellationToken);
            }

            File.SetLastWriteTimeUtc(path, DateTime.UtcNow); // the time of the last use
            return Read(path, form, preprocessing, list.Photos, records, builder.Decoded);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(path, AtomicFile.Describe(exception), exception);
        }
    }

    private static CachedPhotos Read(
        string path, PhotoCacheFile form, ImagePreprocessing preprocessing, IReadOnlyList<PhotoEntry> photos, PhotoRecord[] records, int decoded)
    {
        var readable = Enumerable.Range(0, records.Length).Where(i => records[i].State == PhotoState.Readable).ToArray();
        var unreadable = Enumerable.Range(0, records.Length).Where(i => records[i].State != PhotoState.Readable);
        return new CachedPhotos(
            FilePixels.Open(
                path,
                form.RowsOffset,
                readable,
                Array.ConvertAll(readable, i => records[i].RowChecksum),
                (preprocessing.Channels, preprocessing.Height, preprocessing.Width)),
            Array.ConvertAll(readable, i => photos[i]),
            [.. unreadable.Select(i => new ImageFileEntry(photos[i].Path, records[i].Reason))],
            decoded);
    }

    private static void CheckRoom(string path, PhotoList list, ImagePreprocessing preprocessing, long needed, long limit)
    {
        var others = PhotoCacheFolder.MakeRoom(path, needed, limit);
        if (others + needed > limit)
        {
            var beside = needed <= limit ? $" beside {Gibibytes(others)} of others in use" : "";
            throw new InvalidDatasetException(
                list.Source,
                $"at most {Gibibytes(limit)} of cached pixels",
                $"{list.Photos.Count} photos that take {Gibibytes(needed)} at {preprocessing.Channels}x{preprocessing.Height}x{preprocessing.Width}{beside}"
                + "; choose a smaller image size or a larger limit of the cache");
        }
    }

    private static string Gibibytes(long bytes) => (bytes / (double)(1L << 30)).ToString(bytes < 100 << 20 ? "0.####" : "0.0", CultureInfo.InvariantCulture) + " GiB";
}

/// <summary>Where the pixels of photos are kept, and how many.</summary>
/// <param name="Folder">The folder of the cache files; it is made where it does not exist.</param>
/// <param name="Limit">The most bytes all cache files of the folder take together; those that were not used for longest make way.</param>
internal sealed record PhotoCacheOptions(string Folder, long Limit = DatasetLoadOptions.DefaultCacheLimit)
{
    /// <summary>The threads that decode. Default as many as the machine has.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>How far the reading of photos is.</summary>
/// <param name="Done">The photos that are in the cache, or were found unreadable.</param>
/// <param name="Total">All photos.</param>
/// <param name="Unreadable">Those that cannot be read.</param>
/// <param name="IsWaiting">Whether another process reads the same photos at the moment, and is waited for.</param>
public sealed record PhotoCacheProgress(int Done, int Total, int Unreadable, bool IsWaiting = false);

/// <summary>The pixels of the photos of a list that could be read.</summary>
/// <param name="Pixels">One image for each photo, in the cache file; disposed with this object.</param>
/// <param name="Photos">The photos that could be read, in the order of the list.</param>
/// <param name="Unreadable">The photos that could not be read, each with the reason.</param>
/// <param name="Decoded">How many photo files were opened for this; 0 where the cache had all of them.</param>
internal sealed record CachedPhotos(PixelStore Pixels, IReadOnlyList<PhotoEntry> Photos, IReadOnlyList<ImageFileEntry> Unreadable, int Decoded) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Pixels.Dispose();
}
