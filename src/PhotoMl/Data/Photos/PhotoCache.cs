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
public static class PhotoCache
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
        var file = MappedFile.Open(path);
        try
        {
            return new CachedPhotos(
                new MappedPixels(file, form.RowsOffset, readable, preprocessing.Channels, preprocessing.Height, preprocessing.Width),
                Array.ConvertAll(readable, i => photos[i]),
                [.. unreadable.Select(i => new ImageFileEntry(photos[i].Path, records[i].Reason))],
                decoded);
        }
        finally
        {
            file.Release();
        }
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
                + "; choose a smaller --image-size or a larger --cache-limit");
        }
    }

    private static string Gibibytes(long bytes) => (bytes / (double)(1L << 30)).ToString(bytes < 100 << 20 ? "0.####" : "0.0", CultureInfo.InvariantCulture) + " GiB";
}
