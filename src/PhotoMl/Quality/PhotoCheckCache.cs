using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PhotoMl.Data;
using PhotoMl.Imaging;

namespace PhotoMl.Quality;

/// <summary>Keeps what was measured on each photo of a collection, so that a second check decodes and hashes only what is new or
/// changed.</summary>
internal sealed class PhotoCheckCache
{
    // Counts the changes of what is measured; with each, older files are no longer taken.
    private const int Revision = 4;

    private readonly string _path;
    private readonly ConcurrentDictionary<string, Entry> _entries = [];
    private bool _isChanged;

    /// <summary>Reads what an earlier check kept; nothing where there is none, or a damaged one.</summary>
    public PhotoCheckCache(string folder, string source)
    {
        var key = SHA256.HashData(Encoding.UTF8.GetBytes($"{Revision} {Path.GetFullPath(source)}"));
        _path = Path.Combine(folder, "photos", Convert.ToHexStringLower(key.AsSpan(0, 16)) + ".check");
        try
        {
            var kept = JsonSerializer.Deserialize<Entry?[]>(RegularFile.ReadAllBytes(_path), PhotoMlJson.Line) ?? [];
            foreach (var entry in kept.OfType<Entry>())
            {
                _entries[entry.Info.Path] = entry;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            _entries.Clear();
        }
    }

    /// <summary>What is known of a photo that is on disk as it was; else it is examined.</summary>
    public PhotoInfo Find(PhotoEntry photo, string className) =>
        Find(photo, PhotoRecord.Describe(photo.Path), opened: null) with { Class = className, Split = photo.Split };

    /// <summary>Examines a photo that somebody else opened, unless it is known.</summary>
    public void Add(PhotoEntry photo, PhotoRecord found, OpenImage opened) => Find(photo, found, opened);

    /// <summary>Keeps what is known now of the photos of a list.</summary>
    /// <returns>Why it could not be kept, which costs time only; null where it was.</returns>
    public string? Save(IEnumerable<PhotoEntry> photos)
    {
        if (!_isChanged)
        {
            return null;
        }

        var entries = photos.Select(photo => _entries.GetValueOrDefault(photo.Path)).OfType<Entry>();
        var folder = Path.GetDirectoryName(_path)!;
        try
        {
            AtomicFile.CreateFolder(folder);
            AtomicFile.Write(_path, stream => JsonSerializer.Serialize(stream, entries, PhotoMlJson.Line), flush: false);
            return null;
        }
        catch (OutputException exception)
        {
            return $"{folder}: cannot be written: {exception.Reason}; without it photos are measured anew each time.";
        }
    }

    private PhotoInfo Find(PhotoEntry photo, PhotoRecord found, OpenImage? opened)
    {
        if (_entries.TryGetValue(photo.Path, out var known) && (known.Size, known.Time) == (found.Size, found.Time))
        {
            return known.Info;
        }

        var info = PhotoExaminer.Examine(photo, opened);
        if (info.Problem is null)
        {
            _entries[photo.Path] = new Entry(found.Size, found.Time, info);
            _isChanged = true;
        }

        return info;
    }

    private sealed record Entry(long Size, long Time, PhotoInfo Info);
}
