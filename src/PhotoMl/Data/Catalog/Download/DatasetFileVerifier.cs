using System.IO.Compression;
using System.Security.Cryptography;
using PhotoMl.IO;

namespace PhotoMl.Data;

/// <summary>Tells whether a file on disk is the one the catalogue means, raw or gzip, in little memory.</summary>
internal static class DatasetFileVerifier
{
    /// <summary>Compares size and hash of the uncompressed file; never reads beyond the expected size.</summary>
    /// <returns>What is wrong in a few words, or null where nothing is.</returns>
    public static string? FindFault(string path, DatasetFile expected, CancellationToken cancellationToken)
    {
        using var file = RegularFile.Open(path, FileShare.ReadWrite | FileShare.Delete);
        var compressed = IdxContent.IsGzip(file);
        using var stream = compressed ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : (Stream)file;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        var length = 0L;
        try
        {
            while (stream.Read(buffer) is > 0 and var count)
            {
                cancellationToken.ThrowIfCancellationRequested();
                length += count;
                if (length > expected.ByteCount)
                {
                    return $"more than the {expected.ByteCount} bytes expected";
                }

                hash.AppendData(buffer, 0, count);
            }
        }
        catch (InvalidDataException)
        {
            return "damaged gzip data";
        }

        if (length < expected.ByteCount)
        {
            return $"{length} bytes where {expected.ByteCount} were expected";
        }

        if (compressed && !IdxContent.HasGzipEnd(file, length))
        {
            return "gzip data cut at the end, or followed by other bytes";
        }

        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        return found == expected.Sha256 ? null : $"SHA-256 {found} where {expected.Sha256} was expected";
    }

    public static bool IsGzip(string path)
    {
        using var file = RegularFile.Open(path, FileShare.ReadWrite | FileShare.Delete);
        return IdxContent.IsGzip(file);
    }
}
