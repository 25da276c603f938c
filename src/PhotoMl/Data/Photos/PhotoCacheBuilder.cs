using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;
using PhotoMl.IO;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>Makes a cache file: takes over what an older or unfinished one has, and reads all other photos on all threads.</summary>
/// <remarks>Memory stays bounded, for each thread has one photo in hand, and very large pictures are decoded one at a time.</remarks>
internal sealed class PhotoCacheBuilder(
    PhotoCacheFile form, ImagePreprocessing preprocessing, IReadOnlyList<PhotoEntry> photos, PhotoRecord[] found, int threads)
{
    private readonly Lock _reporting = new();
    private int _decoded;
    private int _done;
    private int _unreadable;

    /// <summary>How many photo files were opened.</summary>
    public int Decoded => _decoded;

    /// <summary>Looks whether a cache file is sound and says of each photo what is on disk now.</summary>
    /// <param name="path">The cache file.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Its records; null where it must be made.</returns>
    public PhotoRecord[]? FindCurrent(string path, CancellationToken cancellationToken)
    {
        using var file = TryOpen(path);
        if (file is null || !form.IsMine(file))
        {
            return null;
        }

        var records = form.ReadRecords(file);
        var stale = 0;
        ForEachPhoto((i, row) =>
        {
            if (Volatile.Read(ref stale) == 0 && !IsCurrent(form, file, i, records[i], i, row))
            {
                Volatile.Write(ref stale, 1);
            }
        }, cancellationToken);
        return stale == 0 ? records.OfType<PhotoRecord>().ToArray() : null;
    }

    /// <summary>Makes the cache file.</summary>
    /// <param name="path">The cache file; it is replaced when the new one is whole.</param>
    /// <param name="progress">Told after every photo.</param>
    /// <param name="cancellationToken">Stops it; what is done is taken over the next time.</param>
    /// <returns>What became of each photo.</returns>
    public PhotoRecord[] Build(string path, IProgress<PhotoCacheProgress>? progress, CancellationToken cancellationToken)
    {
        var records = new PhotoRecord[photos.Count];
        using (var old = TryOpen(path))
        using (var partial = File.OpenHandle(PhotoCacheFolder.PartialOf(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            var oldForm = old is not null && PhotoCacheFile.FindCount(old, preprocessing) is { } count ? new PhotoCacheFile(count, preprocessing) : null;
            var oldRecords = oldForm?.ReadRecords(old!) ?? [];
            var oldIndices = new Dictionary<UInt128, int>();
            foreach (var (i, record) in oldRecords.Index())
            {
                oldIndices[record?.PathHash ?? 0] = i;
            }

            PhotoRecord?[]? finished = null;
            if (form.IsMine(partial))
            {
                finished = form.ReadRecords(partial);
            }
            else
            {
                form.Begin(partial);
            }

            ForEachPhoto((i, row) =>
            {
                if (finished?[i] is { } own && IsCurrent(form, partial, i, own, i, row))
                {
                    records[i] = own;
                }
                else if (oldIndices.TryGetValue(found[i].PathHash, out var j) && IsCurrent(oldForm!, old!, j, oldRecords[j], i, row))
                {
                    records[i] = oldRecords[j]!;
                    form.Write(partial, i, records[i], records[i].State == PhotoState.Readable ? row : []);
                }
                else
                {
                    (records[i], var pixels) = ReadPhoto(i);
                    form.Write(partial, i, records[i], pixels);
                }

                Report(records[i], progress);
            }, cancellationToken);
            RandomAccess.FlushToDisk(partial);
        }

        File.Move(PhotoCacheFolder.PartialOf(path), path, overwrite: true);
        return records;
    }

    /// <summary>Whether what a file says of a photo holds still; if it is readable, its pixels are in <paramref name="row"/> then.</summary>
    private bool IsCurrent(PhotoCacheFile file, SafeFileHandle handle, int index, PhotoRecord? record, int photo, byte[] row)
    {
        if (record is null || !record.IsSameFile(found[photo]))
        {
            return false;
        }

        return record.State switch
        {
            PhotoState.Readable => file.TryReadRow(handle, index, record, row),
            PhotoState.Damaged => true,
            _ => !CanOpen(photos[photo].Path),
        };
    }

    private static bool CanOpen(string path)
    {
        using var file = TryOpen(path);
        return file is not null;
    }

    private (PhotoRecord Record, byte[] Row) ReadPhoto(int index)
    {
        Interlocked.Increment(ref _decoded);
        try
        {
            var row = ImagePreprocessor.PrepareFile(photos[index].Path, preprocessing).Bytes;
            return (found[index] with { State = PhotoState.Readable, RowChecksum = Crc32C.Of(row) }, row);
        }
        catch (UnreadableImageException exception)
        {
            var state = exception.InnerException is null ? PhotoState.Damaged : PhotoState.Closed;
            return (found[index] with { State = state, Reason = exception.Reason }, []);
        }
    }

    private void Report(PhotoRecord record, IProgress<PhotoCacheProgress>? progress)
    {
        lock (_reporting)
        {
            _done++;
            _unreadable += record.State == PhotoState.Readable ? 0 : 1;
            progress?.Report(new PhotoCacheProgress(_done, photos.Count, _unreadable));
        }
    }

    /// <summary>Does something for each photo on all threads, each with a row of its own to read into.</summary>
    private void ForEachPhoto(Action<int, byte[]> body, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        try
        {
            Parallel.For(0, photos.Count, parallel, () => new byte[form.RowBytes], (i, _, row) =>
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

    private static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return RegularFile.OpenHandle(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // there is none yet, or none that can be used
        }
    }
}
