using System.Globalization;
using System.Runtime.ExceptionServices;
using PhotoMl.IO;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>Keeps the pixels of photos, decoded and brought to size, in a file: each photo is decoded once, however often it is trained
/// on.</summary>
/// <remarks>A cached photo counts as long as its path, size and time and the preprocessing are the same; what was added or changed is read
/// on all threads and appended. A process that is killed leaves what it had finished to the next one. Two processes that want the same
/// photos wait for each other. Every row carries a checksum that is verified on each opening, so that damage costs one decoding. A file
/// more than half of which is of photos that are gone or changed, or that leaves no room otherwise, is made anew.</remarks>
internal static class PhotoCache
{
    /// <summary>Gives the pixels of photos, reading those that the cache does not have.</summary>
    public static CachedPhotos Open(
        PhotoList list,
        ImagePreprocessing preprocessing,
        PhotoCacheOptions options,
        IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Runtime.NativeLibraries.EnsureLoaded(); // the pixels leave as tensors
        var path = PhotoCacheFolder.PathOf(options.Folder, list.Source, preprocessing);
        var waiting = new WorkProgress { Activity = "waiting for another process that reads the same photos", Done = 0 };
        using var hold = PhotoCacheFolder.Hold(path, () => progress?.Report(waiting), cancellationToken);
        var (photos, parallel) = (list.Photos, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken });
        var records = new PhotoRecord[photos.Count];
        var slots = new int[photos.Count];
        var file = default(PhotoCacheFile);
        try
        {
            file = PhotoCacheFile.Open(path, preprocessing);
            var known = file.ReadRecords();
            ForEach(photos.Count, (i, row) =>
            {
                records[i] = PhotoRecord.Describe(photos[i].Path);
                slots[i] = known.TryGetValue(records[i].PathHash, out var slot) && IsCurrent(file, slot.Slot, slot.Record, records[i], photos[i].Path, row) ? slot.Slot : -1;
                records[i] = slots[i] >= 0 ? slot.Record : records[i];
            });
            int[] missing = [.. Enumerable.Range(0, photos.Count).Where(i => slots[i] < 0)];
            if (missing.Length > 0)
            {
                if (file.Slots + missing.Length > 2 * photos.Count || file.LengthOf(file.Slots + missing.Length) > options.Limit)
                {
                    CheckRoom(path, list, preprocessing, file.LengthOf(photos.Count), options.Limit);
                    file = Compact(file, path, preprocessing, records, slots);
                    missing = [.. Enumerable.Range(0, photos.Count).Where(i => slots[i] < 0)];
                }
                else
                {
                    CheckRoom(path, list, preprocessing, file.LengthOf(file.Slots + missing.Length), options.Limit);
                }

                Read(file, missing);
            }

            File.SetLastWriteTimeUtc(path, DateTime.UtcNow); // the time of the last use
            var readable = Enumerable.Range(0, photos.Count).Where(i => records[i].State == PhotoState.Readable).ToArray();
            return new CachedPhotos(
                FilePixels.Open(
                    path,
                    Array.ConvertAll(readable, i => file.RowAt(slots[i])),
                    Array.ConvertAll(readable, i => records[i].RowChecksum),
                    (preprocessing.Channels, preprocessing.Height, preprocessing.Width)),
                Array.ConvertAll(readable, i => photos[i]),
                [.. records.Index().Where(record => record.Item.State != PhotoState.Readable).Select(record => new ImageFileEntry(photos[record.Index].Path, record.Item.Reason))],
                missing.Length);
        }
        catch (InvalidDatasetException) when (file is { Slots: 0 })
        {
            File.Delete(path); // nothing came into it
            throw;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(path, AtomicFile.Describe(exception), exception);
        }
        finally
        {
            file?.Dispose();
        }

        // Memory stays bounded, for each thread has one photo in hand, and very large pictures are decoded one at a time.
        void Read(PhotoCacheFile target, int[] missing)
        {
            var reporting = new Lock();
            var done = photos.Count - missing.Length;
            var unreadable = records.Where((record, i) => slots[i] >= 0 && record.State != PhotoState.Readable).Count();
            ForEach(missing.Length, (k, row) =>
            {
                var i = missing[k];
                records[i] = ReadPhoto(photos[i].Path, records[i], preprocessing, row);
                slots[i] = target.Append(records[i], row);
                lock (reporting)
                {
                    done++;
                    unreadable += records[i].State == PhotoState.Readable ? 0 : 1;
                    progress?.Report(new WorkProgress { Activity = "reading photos", Done = done, Total = photos.Count, Unreadable = unreadable });
                }
            });
        }

        // On all threads, each with a row of its own to read into.
        void ForEach(int count, Action<int, byte[]> body)
        {
            var rowBytes = preprocessing.Channels * preprocessing.Height * preprocessing.Width;
            try
            {
                Parallel.For(0, count, parallel, () => new byte[rowBytes], (i, _, row) =>
                {
                    body(i, row);
                    return row;
                }, _ => { });
            }
            catch (AggregateException exception)
            {
                ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
            }
        }
    }

    // A file of the slots that count alone takes the place of the old one, which other processes may still read.
    private static PhotoCacheFile Compact(PhotoCacheFile old, string path, ImagePreprocessing preprocessing, PhotoRecord[] records, int[] slots)
    {
        var beside = path + ".new";
        File.Delete(beside); // of a process that was killed
        var compact = PhotoCacheFile.Open(beside, preprocessing);
        try
        {
            var row = new byte[preprocessing.Channels * preprocessing.Height * preprocessing.Width];
            for (var i = 0; i < slots.Length; i++)
            {
                var isKept = slots[i] >= 0 && (records[i].State != PhotoState.Readable || old.TryReadRow(slots[i], records[i], row));
                slots[i] = isKept ? compact.Append(records[i], row) : -1;
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            compact.Dispose();
            File.Delete(beside);
            throw;
        }

        old.Dispose();
        return compact;
    }

    private static bool IsCurrent(PhotoCacheFile file, int slot, PhotoRecord record, PhotoRecord found, string path, byte[] row) =>
        record.IsSameFile(found) && record.State switch
        {
            PhotoState.Readable => file.TryReadRow(slot, record, row),
            PhotoState.Damaged => true,
            _ => !CanOpen(path),
        };

    private static bool CanOpen(string path)
    {
        try
        {
            using var file = RegularFile.OpenHandle(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static PhotoRecord ReadPhoto(string path, PhotoRecord found, ImagePreprocessing preprocessing, byte[] row)
    {
        try
        {
            ImagePreprocessor.PrepareFile(path, preprocessing).Bytes.CopyTo(row, 0);
            return found with { State = PhotoState.Readable, RowChecksum = Crc32C.Of(row) };
        }
        catch (UnreadableImageException exception)
        {
            return found with { State = exception.InnerException is null ? PhotoState.Damaged : PhotoState.Closed, Reason = exception.Reason };
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
                + "; choose a smaller image size or a larger limit of the cache");
        }
    }

    private static string Gibibytes(long bytes) =>
        (bytes / (double)(1L << 30)).ToString(bytes < 100 << 20 ? "0.####" : "0.0", CultureInfo.InvariantCulture) + " GiB";
}

/// <summary>Where the pixels of photos are kept, and how many bytes all files of the folder may take.</summary>
internal sealed record PhotoCacheOptions(string Folder, long Limit = DatasetLoadOptions.DefaultCacheLimit)
{
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>The pixels of the photos of a list that could be read, the others with their reasons, and how many files were decoded for
/// this.</summary>
internal sealed record CachedPhotos(PixelStore Pixels, IReadOnlyList<PhotoEntry> Photos, IReadOnlyList<ImageFileEntry> Unreadable, int Decoded)
    : IDisposable
{
    public void Dispose() => Pixels.Dispose();
}
