using System.Security.Cryptography;
using System.Text;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>The folder of the cache files: whose turn it is to write one, and which must make way.</summary>
/// <remarks>For each collection <c>KEY.pixels</c>, and <c>KEY.pixels.lock</c>, which is held while the other is written.</remarks>
internal static class PhotoCacheFolder
{
    private const string Extension = ".pixels";
    private const string LockExtension = ".lock";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    public static string PathOf(string cache, string source, ImagePreprocessing preprocessing)
    {
        var key = SHA256.HashData([.. PhotoCacheFile.HashOf(preprocessing), .. Encoding.UTF8.GetBytes(Path.GetFullPath(source))]);
        return Path.Combine(cache, "photos", Convert.ToHexStringLower(key.AsSpan(0, 16)) + Extension);
    }

    /// <summary>Waits until no other process writes a cache file, and keeps others waiting until the result is disposed.</summary>
    public static FileStream Hold(string path, Action waiting, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            Directory.CreateDirectory(folder);
            FileStream? hold;
            while ((hold = TryHold(path)) is null)
            {
                waiting();
                cancellationToken.WaitHandle.WaitOne(Patience);
                cancellationToken.ThrowIfCancellationRequested();
            }

            return hold;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var remedy = OperatingSystem.IsLinux() ? "; XDG_CACHE_HOME names another place for the cache of photos" : "";
            throw new OutputException(folder, AtomicFile.Describe(exception) + remedy, exception);
        }
    }

    /// <summary>Deletes cache files that were not used for longest until one more fits; never one that a process uses.</summary>
    public static long MakeRoom(string path, long needed, long limit)
    {
        var files = new DirectoryInfo(Path.GetDirectoryName(path)!).GetFiles("*" + Extension + "*")
            .Where(file => file.Extension != LockExtension && file.FullName != Path.GetFullPath(path))
            .OrderBy(file => file.LastWriteTimeUtc)
            .Select(file => (file.FullName, file.Length))
            .ToList();
        var others = files.Sum(file => file.Length);
        for (var i = 0; i < files.Count && needed <= limit && others + needed > limit; i++)
        {
            others -= TryDelete(files[i].FullName) ? files[i].Length : 0;
        }

        return others;
    }

    /// <summary>Holds a cache file's lock; null where another process does.</summary>
    private static FileStream? TryHold(string path)
    {
        try
        {
            return new FileStream(path + LockExtension, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception) when (RegularFile.IsHeld(exception))
        {
            return null;
        }
    }

    private static bool TryDelete(string file)
    {
        try
        {
            // Whoever reads a file holds it too, by a lock that others may share but this one may not.
            using var hold = TryHold(file);
            using var alone = hold is null ? null : new FileStream(
                file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            return alone is not null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
