using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PhotoMl.Data;
using PhotoMl.IO;

namespace PhotoMl.Quality;

/// <summary>Keeps what was measured on each photo of a collection, so that a second check decodes and hashes only what is new or
/// changed.</summary>
internal sealed class PhotoCheckCache
{
    // Counts the changes of what is measured; with each, older files are no longer taken.
    private const int Revision = 1;

    private readonly string _path;
    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>Reads what an earlier check kept; nothing where there is none, or a damaged one.</summary>
    public PhotoCheckCache(string folder, string source)
    {
        var key = SHA256.HashData(Encoding.UTF8.GetBytes($"{Revision} {Path.GetFullPath(source)}"));
        _path = Path.Combine(folder, "photos", Convert.ToHexStringLower(key.AsSpan(0, 16)) + ".check");
        try
        {
            foreach (var entry in (JsonSerializer.Deserialize<Entry?[]>(RegularFile.ReadAllBytes(_path), PhotoMlJson.Line) ?? []).OfType<Entry>())
            {
                _entries[entry.Info.Path] = entry;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            _entries.Clear();
        }
    }

    /// <summary>What is known of a photo that is on disk as it was; null where it is to be examined.</summary>
    public PhotoInfo? Find(string path, PhotoRecord found) =>
        _entries.TryGetValue(path, out var entry) && (entry.Size, entry.Time) == (found.Size, found.Time) ? entry.Info : null;

    /// <summary>Keeps what is known now of the photos that can be read; a folder that cannot be written costs time only.</summary>
    public void Save(IEnumerable<(PhotoInfo Info, PhotoRecord Found)> photos)
    {
        var entries = photos.Where(photo => photo.Info.Problem is null).Select(photo => new Entry(photo.Found.Size, photo.Found.Time, photo.Info)).ToList();
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            AtomicFile.Write(_path, stream => JsonSerializer.Serialize(stream, entries, PhotoMlJson.Line));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OutputException)
        {
            // The next check measures again.
        }
    }

    private sealed record Entry(long Size, long Time, PhotoInfo Info);
}
