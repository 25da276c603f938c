using System.Globalization;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>Keeps the pixels of photos, decoded and brought to size, in a file, so that each photo is decoded once.</summary>
/// <remarks>A cached photo counts as long as its path, size and time and the preprocessing are the same; what was added or changed is read
/// on all threads and appended. What cannot be opened or read to its end is kept nowhere, and tried again each time. A process that is
/// killed leaves what it had finished to the next one. Two processes that want the same photos wait for each other. Every row carries a
/// checksum that is verified on each opening, so that damage costs one decoding. A file more than half of which is of photos that are gone
/// or changed, or that leaves no room otherwise, is made anew.</remarks>
internal static class PhotoCache
{
    /// <summary>Gives the pixels of photos, reading those that the cache does not have; where it cannot be written, all of them, into a
    /// temporary file.</summary>
    public static CachedPhotos Open(
        PhotoList list, ImagePreprocessing preprocessing, DatasetLoadOptions options, CancellationToken cancellationToken = default)
    {
        Runtime.NativeLibraries.EnsureLoaded(); // the pixels leave as tensors
        try
        {
            return OpenFile(list, preprocessing, options, cancellationToken);
        }
        catch (OutputException exception) when (DiskAccess.FindObstacle(Path.GetTempPath()) is null)
        {
            var folder = Directory.CreateTempSubdirectory("photoml-");
            try
            {
                return OpenFile(list, preprocessing, options with { CacheFolder = folder.FullName }, cancellationToken) with
                {
                    Notice = $"{exception.Message}; without it photos are read anew each time.",
                };
            }
            finally
            {
                folder.Delete(recursive: true); // whoever reads the file still has it
            }
        }
    }

    private static CachedPhotos OpenFile(
        PhotoList list, ImagePreprocessing preprocessing, DatasetLoadOptions options, CancellationToken cancellationToken)
    {
        var path = PhotoCacheFolder.PathOf(options.CacheFolder, list.Source, preprocessing);
        var waiting = new WorkProgress { Activity = "waiting for another process that reads the same photos", Done = 0 };
        using var hold = PhotoCacheFolder.Hold(path, () => options.Progress?.Report(waiting), cancellationToken);
        var photos = list.Photos;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        var records = new PhotoRecord[photos.Count];
        var slots = new int[photos.Count];
        var file = default(PhotoCacheFile);
        try
        {
            file = PhotoCacheFile.Open(path, preprocessing);
            var known = file.ReadRecords();
            Parallel.For(0, photos.Count, parallel, i =>
            {
                records[i] = PhotoRecord.Describe(photos[i].Path);
                var isCurrent = known.TryGetValue(records[i].PathHash, out var found)
                    && (found.Record.Size, found.Record.Time) == (records[i].Size, records[i].Time)
                    && (!found.Record.IsReadable || file.ReadRow(found.Slot, found.Record) is not null);
                (slots[i], records[i]) = isCurrent ? found : (-1, records[i]);
            });
            var missing = FindMissing();
            if (missing.Length > 0)
            {
                var (count, limit) = (file.Slots + missing.Length, options.CacheLimit);
                var isMadeAnew = count > 2 * photos.Count || file.LengthOf(count) > limit;
                CheckRoom(path, list, preprocessing, file.LengthOf(isMadeAnew ? photos.Count : count), limit);
                if (isMadeAnew)
                {
                    file = Compact(file, path, preprocessing, records, slots);
                    missing = FindMissing();
                }

                Read(file, missing);
            }

            File.SetLastWriteTimeUtc(path, DateTime.UtcNow); // the time of the last use
            var all = Enumerable.Range(0, photos.Count).ToLookup(i => records[i].IsReadable);
            var pixels = FilePixels.Open(
                path,
                [.. all[true].Select(i => (file.RowAt(slots[i]), records[i].RowChecksum))],
                (preprocessing.Channels, preprocessing.Height, preprocessing.Width));
            var unreadable = all[false].Select(i => new ImageFileEntry(photos[i].Path, records[i].Reason));
            return new CachedPhotos(pixels, [.. all[true].Select(i => photos[i])], [.. unreadable], missing.Count(i => slots[i] >= 0));
        }
        catch (InvalidDatasetException) when (file is { Slots: 0 })
        {
            File.Delete(path); // nothing came into it
            throw;
        }
        catch (Exception exception) when (AtomicFile.IsFailure(CauseOf(exception)))
        {
            AtomicFile.Delete(path); // the disk may be full
            throw new OutputException(path, AtomicFile.Describe(CauseOf(exception)), exception);
        }
        finally
        {
            file?.Dispose();
        }

        int[] FindMissing() => [.. Enumerable.Range(0, photos.Count).Where(i => slots[i] < 0)];

        // Memory stays bounded, for each thread has one photo in hand, and very large pictures are decoded one at a time.
        void Read(PhotoCacheFile target, int[] missing)
        {
            var reporting = new Lock();
            var done = photos.Count - missing.Length;
            var unreadable = records.Where((record, i) => slots[i] >= 0 && !record.IsReadable).Count();
            Parallel.ForEach(missing, parallel, i =>
            {
                (records[i], slots[i]) = ReadPhoto(photos[i], records[i], preprocessing, target, options);
                lock (reporting)
                {
                    done++;
                    unreadable += records[i].IsReadable ? 0 : 1;
                    options.Progress?.Report(new WorkProgress
                    {
                        Activity = "reading photos", Done = done, Total = photos.Count, Unreadable = unreadable,
                    });
                }
            });
        }

        // One of several threads' exceptions.
        static Exception CauseOf(Exception exception) => (exception as AggregateException)?.InnerExceptions[0] ?? exception;
    }

    // A file of the slots that count alone takes the place of the old one, which other processes may still read.
    private static PhotoCacheFile Compact(
        PhotoCacheFile old, string path, ImagePreprocessing preprocessing, PhotoRecord[] records, int[] slots)
    {
        var beside = path + ".new";
        File.Delete(beside); // of a process that was killed
        var compact = PhotoCacheFile.Open(beside, preprocessing);
        try
        {
            foreach (var i in Enumerable.Range(0, slots.Length).Where(i => slots[i] >= 0))
            {
                var row = records[i].IsReadable ? old.ReadRow(slots[i], records[i]) : null;
                slots[i] = row is not null || !records[i].IsReadable ? compact.Append(records[i], row) : -1;
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

    private static (PhotoRecord Record, int Slot) ReadPhoto(
        PhotoEntry photo, PhotoRecord found, ImagePreprocessing preprocessing, PhotoCacheFile target, DatasetLoadOptions options)
    {
        try
        {
            using var image = new OpenImage(photo.Path);
            var row = ImagePreprocessor.Prepare((_, width, height) => image.Decode(width, height), photo.Path, preprocessing).Bytes;
            options.Opened?.Invoke(photo, found, image);
            found = found with { RowChecksum = Crc32C.Of(row) };
            return (found, target.Append(found, row));
        }
        catch (UnreadableImageException exception)
        {
            // Content that is no image stays so until it changes; what the system refuses today may be there tomorrow.
            found = found with { Reason = exception.Reason };
            return (found, exception.InnerException is null ? target.Append(found, null) : -1);
        }
    }

    private static void CheckRoom(string path, PhotoList list, ImagePreprocessing preprocessing, long needed, long limit)
    {
        var others = PhotoCacheFolder.MakeRoom(path, needed, limit);
        if (others + needed > limit)
        {
            var size = $"{preprocessing.Channels}x{preprocessing.Height}x{preprocessing.Width}";
            var beside = needed <= limit ? $" beside {Gibibytes(others)} of others in use" : "";
            var found = $"{list.Photos.Count} photos that take {Gibibytes(needed)} at {size}{beside}";
            throw new InvalidDatasetException(
                list.Source,
                $"at most {Gibibytes(limit)} of cached pixels",
                $"{found}; choose a smaller image size or a larger limit of the cache");
        }
    }

    private static string Gibibytes(long bytes) =>
        (bytes / (double)(1L << 30)).ToString(bytes < 100 << 20 ? "0.####" : "0.0", CultureInfo.InvariantCulture) + " GiB";
}

/// <summary>The pixels of the photos that could be read, the others with their reasons, and how many files were decoded.</summary>
internal sealed record CachedPhotos(
    PixelStore Pixels, IReadOnlyList<PhotoEntry> Photos, IReadOnlyList<ImageFileEntry> Unreadable, int Decoded) : IDisposable
{
    /// <summary>Why they are not kept for the next time; null where they are.</summary>
    public string? Notice { get; init; }

    public void Dispose() => Pixels.Dispose();
}
