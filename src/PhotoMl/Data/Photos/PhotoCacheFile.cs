using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using PhotoMl.IO;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>A cache file: a header, and slots of a <see cref="PhotoRecord"/> and a row of pixels each, to which more are
/// appended.</summary>
/// <remarks>All places follow from the size of a row, so nothing in a file can lead a reader out of it. A row counts only with its record,
/// and a record only with its checksum: what a killed process had finished can be distinguished from what it had not. A slot is never
/// written twice, so other processes may read meanwhile; of two slots of one photo the later counts.</remarks>
internal sealed class PhotoCacheFile : IDisposable
{
    // The header: the magic with the version in its seventh byte, then these, all numbers little-endian.
    private const int RowBytesAt = 8; // int32
    private const int PreprocessingAt = 16; // SHA-256
    private const int HeaderChecksumAt = HeaderBytes - 4; // CRC-32C of all before
    private const int HeaderBytes = 64;

    // Counts the changes of what a photo's pixels come out as; with each, older caches are no longer taken.
    private const int Revision = 2;

    private readonly SafeFileHandle _file;
    private readonly int _rowBytes;
    private int _slots;

    private PhotoCacheFile(SafeFileHandle file, int rowBytes)
    {
        (_file, _rowBytes) = (file, rowBytes);
        _slots = (int)((RandomAccess.GetLength(file) - HeaderBytes) / SlotBytes);
    }

    /// <summary>The number of whole slots; new ones come behind them.</summary>
    public int Slots => _slots;

    private long SlotBytes => PhotoRecord.Bytes + _rowBytes;

    /// <summary>Opens a file; one that is none, or of other preprocessing, makes way for a new one.</summary>
    public static PhotoCacheFile Open(string path, ImagePreprocessing preprocessing)
    {
        var header = MakeHeader(preprocessing);
        var file = OpenHandle(path);
        var found = new byte[HeaderBytes];
        if (!ReadFully(file, found, 0) || !found.AsSpan().SequenceEqual(header))
        {
            file.Dispose();
            File.Delete(path); // whoever reads it still has it
            file = OpenHandle(path);
            RandomAccess.Write(file, header, 0);
        }

        return new PhotoCacheFile(file, BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(RowBytesAt)));
    }

    /// <summary>The hash of all that decides over a photo's pixels beside the photo.</summary>
    public static byte[] HashOf(ImagePreprocessing preprocessing) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Revision} {JsonSerializer.Serialize(preprocessing, PhotoMlJson.Line)}"));

    public long LengthOf(int slots) => HeaderBytes + (slots * SlotBytes);

    public long RowAt(int slot) => LengthOf(slot) + PhotoRecord.Bytes;

    public Dictionary<UInt128, (int Slot, PhotoRecord Record)> ReadRecords()
    {
        var records = new Dictionary<UInt128, (int Slot, PhotoRecord Record)>();
        var bytes = new byte[PhotoRecord.Bytes];
        for (var slot = 0; slot < Slots; slot++)
        {
            if (ReadFully(_file, bytes, LengthOf(slot)) && PhotoRecord.Read(bytes) is { } record)
            {
                records[record.PathHash] = (slot, record);
            }
        }

        return records;
    }

    public bool TryReadRow(int slot, PhotoRecord record, Span<byte> row) => ReadFully(_file, row, RowAt(slot)) && Crc32C.Of(row) == record.RowChecksum;

    /// <summary>Writes what became of a photo into a new slot, from any thread: first its pixels, then the record that makes them count.</summary>
    /// <returns>The slot.</returns>
    public int Append(PhotoRecord record, ReadOnlySpan<byte> row)
    {
        var slot = Interlocked.Increment(ref _slots) - 1;
        Span<byte> bytes = stackalloc byte[PhotoRecord.Bytes];
        record.Write(bytes);
        RandomAccess.Write(_file, row, RowAt(slot));
        RandomAccess.Write(_file, bytes, LengthOf(slot));
        return slot;
    }

    public void Dispose() => _file.Dispose();

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

    private static SafeFileHandle OpenHandle(string path)
    {
        RegularFile.Check(path);
        return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    private static byte[] MakeHeader(ImagePreprocessing preprocessing)
    {
        var header = new byte[HeaderBytes];
        "PMLPIX\x02\0"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(RowBytesAt), preprocessing.Channels * preprocessing.Height * preprocessing.Width);
        HashOf(preprocessing).CopyTo(header.AsSpan(PreprocessingAt));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(HeaderChecksumAt), Crc32C.Of(header.AsSpan(0, HeaderChecksumAt)));
        return header;
    }
}
