using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using PhotoMl.IO;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>The form of a cache file: a header, a record for every photo of a list, and a row of pixels for each.</summary>
/// <remarks>
/// All places follow from the number of photos and the size of a row, so nothing in a file can lead a reader out of it. A row counts only with its record, and a
/// record only with its checksum: what a killed process had finished can be told from what it had not.
/// </remarks>
internal sealed class PhotoCacheFile
{
    // The header: the magic with the version in its seventh byte, then these, all numbers little-endian.
    private const int CountAt = 8; // int32
    private const int RowBytesAt = 12; // int32
    private const int PreprocessingAt = 16; // SHA-256
    private const int HeaderChecksumAt = HeaderBytes - 4; // CRC-32C of all before
    private const int HeaderBytes = 64;
    private const int PageBytes = 4096; // at whose multiple the rows begin, behind the records

    // Counts the changes of what a photo's pixels come out as; with each, older caches are no longer taken.
    private const int Revision = 2;

    private readonly byte[] _header;

    /// <param name="count">The number of photos.</param>
    /// <param name="preprocessing">How they are prepared.</param>
    public PhotoCacheFile(int count, ImagePreprocessing preprocessing)
    {
        Count = count;
        RowBytes = preprocessing.Channels * preprocessing.Height * preprocessing.Width;
        RowsOffset = (HeaderBytes + ((long)count * PhotoRecord.Bytes) + PageBytes - 1) / PageBytes * PageBytes;
        _header = MakeHeader(preprocessing);
    }

    /// <summary>The number of photos.</summary>
    public int Count { get; }

    /// <summary>The bytes of one photo's pixels.</summary>
    public int RowBytes { get; }

    /// <summary>Where the first row begins.</summary>
    public long RowsOffset { get; }

    /// <summary>The length of the file.</summary>
    public long Length => RowsOffset + ((long)Count * RowBytes);

    /// <summary>The hash of all that decides over a photo's pixels beside the photo.</summary>
    public static byte[] HashOf(ImagePreprocessing preprocessing) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Revision} {JsonSerializer.Serialize(preprocessing, PhotoMlJson.Line)}"));

    /// <summary>Where the row of a photo begins.</summary>
    public long RowAt(int index) => RowsOffset + ((long)index * RowBytes);

    /// <summary>Whether a file has this form, for this many photos prepared in this way.</summary>
    public bool IsMine(SafeFileHandle file)
    {
        var header = new byte[HeaderBytes];
        return RandomAccess.GetLength(file) == Length && ReadFully(file, header, 0) && header.AsSpan().SequenceEqual(_header);
    }

    /// <summary>How many photos a file of this form is for, prepared in this way; null where it is none.</summary>
    public static int? FindCount(SafeFileHandle file, ImagePreprocessing preprocessing)
    {
        var header = new byte[HeaderBytes];
        if (!ReadFully(file, header, 0) || BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(CountAt)) is not (>= 0 and var count))
        {
            return null;
        }

        return new PhotoCacheFile(count, preprocessing).IsMine(file) ? count : null;
    }

    /// <summary>Makes a file of the full length, without any record.</summary>
    public void Begin(SafeFileHandle file)
    {
        RandomAccess.SetLength(file, 0);
        RandomAccess.SetLength(file, Length);
        RandomAccess.Write(file, _header, 0);
    }

    /// <summary>Writes what became of a photo: first its pixels, then the record that makes them count.</summary>
    public void Write(SafeFileHandle file, int index, PhotoRecord record, ReadOnlySpan<byte> row)
    {
        Span<byte> bytes = stackalloc byte[PhotoRecord.Bytes];
        record.Write(bytes);
        if (row.Length > 0)
        {
            RandomAccess.Write(file, row, RowAt(index));
        }

        RandomAccess.Write(file, bytes, HeaderBytes + ((long)index * PhotoRecord.Bytes));
    }

    /// <summary>Reads the records; null stands for those that are missing or damaged.</summary>
    public PhotoRecord?[] ReadRecords(SafeFileHandle file)
    {
        var records = new PhotoRecord?[Count];
        var bytes = new byte[PhotoRecord.Bytes];
        for (var i = 0; i < Count; i++)
        {
            if (ReadFully(file, bytes, HeaderBytes + ((long)i * PhotoRecord.Bytes)))
            {
                records[i] = PhotoRecord.Read(bytes);
            }
        }

        return records;
    }

    /// <summary>Reads the pixels of a photo if they are what its record says.</summary>
    public bool TryReadRow(SafeFileHandle file, int index, PhotoRecord record, Span<byte> row) =>
        ReadFully(file, row[..RowBytes], RowAt(index)) && Crc32C.Of(row[..RowBytes]) == record.RowChecksum;

    private byte[] MakeHeader(ImagePreprocessing preprocessing)
    {
        var header = new byte[HeaderBytes];
        "PMLPIX\x01\0"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(CountAt), Count);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(RowBytesAt), RowBytes);
        HashOf(preprocessing).CopyTo(header.AsSpan(PreprocessingAt));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(HeaderChecksumAt), Crc32C.Of(header.AsSpan(0, HeaderChecksumAt)));
        return header;
    }

    /// <summary>Fills memory from a file; false where the file ends before.</summary>
    public static bool ReadFully(SafeFileHandle file, Span<byte> target, long offset)
    {
        while (target.Length > 0)
        {
            var read = RandomAccess.Read(file, target, offset);
            if (read == 0)
            {
                return false;
            }

            target = target[read..];
            offset += read;
        }

        return true;
    }
}
