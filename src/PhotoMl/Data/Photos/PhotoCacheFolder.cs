using System.Security.Cryptography;
using System.Text;
using PhotoMl.IO;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>The folder of the cache files: whose turn it is to write one, and which must make way.</summary>
/// <remarks>For each collection <c>KEY.pixels</c>, beside it <c>KEY.pixels.partial</c> while it is made, and <c>KEY.pixels.lock</c>, which is held meanwhile and stays.</remarks>
internal static class PhotoCacheFolder
{
    private const string Extension = ".pixels";
    private const string Partial = ".partial";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>The cache file of a collection, prepared in one way.</summary>
    public static string PathOf(string folder, string source, ImagePreprocessing preprocessing)
    {
        var key = SHA256.HashData([.. PhotoCacheFile.HashOf(preprocessing), .. Encoding.UTF8.GetBytes(Path.GetFullPath(source))]);
        return Path.Combine(folder, Convert.ToHexStringLower(key.AsSpan(0, 16)) + Extension);
    }

    /// <summary>The name of a cache file while it is made.</summary>
    public static string PartialOf(string path) => path + Partial;

    /// <summary>Waits until no other process makes a cache file, and keeps all others waiting until the result is disposed, or this process ends however it ends.</summary>
    /// <param name="path">The cache file.</param>
    /// <param name="waiting">Called before each wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="OutputException">The folder cannot be written.</exception>
    public static FileStream Hold(string path, Action waiting, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            Directory.CreateDirectory(folder);
            while (true)
            {
                if (TryHold(path) is { } hold)
                {
                    return hold;
                }

                waiting();
                cancellationToken.WaitHandle.WaitOne(Patience);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var remedy = OperatingSystem.IsLinux() ? "; XDG_CACHE_HOME names another place for the cache of photos" : "";
            throw new OutputException(folder, AtomicFile.Describe(exception) + remedy, exception);
        }
    }

    /// <summary>Deletes cache files that were not used for longest until one more fits; never one that a process uses.</summary>
    /// <param name="path">The file that needs room; what is there of it does not count.</param>
    /// <param name="needed">Its length in bytes.</param>
    /// <param name="limit">The most bytes of all files.</param>
    /// <returns>The bytes of the other files that are left; with <paramref name="needed"/> more than the limit where no room could be made.</returns>
    public static long MakeRoom(string path, long needed, long limit)
    {
        var files = new DirectoryInfo(Path.GetDirectoryName(path)!).GetFiles("*" + Extension + "*")
            .Where(file => (file.Name.EndsWith(Extension, StringComparison.Ordinal) || file.Name.EndsWith(Partial, StringComparison.Ordinal)) && KeyOf(file.FullName) != Path.GetFullPath(path))
            .OrderBy(file => file.LastWriteTimeUtc)
            .ToList();
        var others = files.Sum(file => file.Length);
        foreach (var file in files.TakeWhile(_ => needed <= limit))
        {
            if (others + needed <= limit)
            {
                break;
            }

            var length = file.Length;
            others -= TryDelete(file.FullName) ? length : 0;
        }

        return others;
    }

    private static string KeyOf(string file) => file.EndsWith(Partial, StringComparison.Ordinal) ? file[..^Partial.Length] : file;

    /// <summary>Holds a cache file's lock; null where another process does.</summary>
    private static FileStream? TryHold(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }
    }

    private static bool TryDelete(string file)
    {
        try
        {
            using var hold = TryHold(KeyOf(file));
            if (hold is null)
            {
                return false;
            }

            // Whoever reads a file holds it too, by a lock that others may share but this one may not.
            using (new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))
            {
            }

            File.Delete(file);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Windows' ERROR_SHARING_VIOLATION; elsewhere the errno EWOULDBLOCK.
    private static bool IsHeld(IOException exception) =>
        exception.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsMacOS() ? 35 : 11);
}
