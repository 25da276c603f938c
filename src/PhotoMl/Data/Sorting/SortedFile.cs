using System.Security.Cryptography;
using PhotoMl.IO;

namespace PhotoMl.Data;

/// <summary>The copy or hard link of a photo, and whether one is unchanged.</summary>
internal static class SortedFile
{
    /// <summary>Makes the temporary file.</summary>
    /// <returns>The SHA-256 of what is in it.</returns>
    public static string Make(string source, string part, bool useHardLinks)
    {
        if (useHardLinks)
        {
            HardLink.Create(source, part);
            return HashOf(part);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var input = RegularFile.Open(source, FileShare.ReadWrite | FileShare.Delete))
        using (var output = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            var buffer = new byte[1 << 16];
            int read;
            while ((read = input.Read(buffer)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                output.Write(buffer, 0, read);
            }

            output.Flush(flushToDisk: true);
        }

        File.SetLastWriteTimeUtc(part, File.GetLastWriteTimeUtc(source));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whether a file is there and has a content.</summary>
    public static bool Holds(string path, string sha256)
    {
        try
        {
            return File.Exists(path) && HashOf(path) == sha256;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string HashOf(string path)
    {
        using var file = RegularFile.Open(path, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
