using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>A cache file: a header, and slots of a <see cref="PhotoRecord"/> and a row of pixels each; more are appended.</summary>
/// <remarks>All places follow from the size of a row, so nothing in a file can lead a reader out of it. A row counts only with its record,
/// and a record only with its checksum: what a killed process had finished can be distinguished from what it had not. A slot is never
/// written twice, so other processes may read meanwhile; of two slots of one photo the later counts.</remarks>
internal sealed class PhotoCacheFile(SafeFileHandle file, int rowBytes) : IDisposable
{
    private const int HeaderBytes = 64;

    // Counts the changes of what a photo's pixels come out as; with each, older caches are no longer taken.
    private const int Revision = 3;

    private readonly ThreadLocal<byte[]> _row = new(() => new byte[rowBytes]);
    private int _slots = (int)((RandomAccess.GetLength(file) - HeaderBytes) / (PhotoRecord.Bytes + rowBytes));

    /// <summary>The number of whole slots; new ones come behind them.</summary>
    public int Slots => _slots;

    /// <summary>Opens a file; one that is none, or of other preprocessing, makes way for a new one.</summary>
    public static PhotoCacheFile Open(string path, ImagePreprocessing preprocessing)
    {
        // The magic with the version in its seventh byte, the bytes of a row, what the pixels depend on, and at the end a checksum.
        var rowBytes = preprocessing.Channels * preprocessing.Height * preprocessing.Width;
        byte[] header = [.. "PMLPIX\x02\0"u8, .. BitConverter.GetBytes((long)rowBytes), .. HashOf(preprocessing), .. new byte[12]];
        header = [.. header, .. BitConverter.GetBytes(Crc32C.Of(header))];
        var file = OpenHandle(path);
        var found = new byte[HeaderBytes];
        if (!ReadFully(file, found, 0) || !found.AsSpan().SequenceEqual(header))
        {
            file.Dispose();
            File.Delete(path); // whoever reads it still has it
            file = OpenHandle(path);
            RandomAccess.Write(file, header, 0);
        }

        return new PhotoCacheFile(file, rowBytes);
    }

    /// <summary>The hash of all that determines a photo's pixels beside the photo.</summary>
    public static byte[] HashOf(ImagePreprocessing preprocessing) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Revision} {JsonSerializer.Serialize(preprocessing, PhotoMlJson.Line)}"));

    public long LengthOf(int slots) => HeaderBytes + (slots * (long)(PhotoRecord.Bytes + rowBytes));

    public long RowAt(int slot) => LengthOf(slot) + PhotoRecord.Bytes;

    public Dictionary<UInt128, (int Slot, PhotoRecord Record)> ReadRecords()
    {
        var records = new Dictionary<UInt128, (int Slot, PhotoRecord Record)>();
        var bytes = new byte[PhotoRecord.Bytes];
        for (var slot = 0; slot < Slots; slot++)
        {
            if (ReadFully(file, bytes, LengthOf(slot)) && PhotoRecord.Read(bytes) is { } record)
            {
                records[record.PathHash] = (slot, record);
            }
        }

        return records;
    }

    /// <summary>Reads the pixels of a photo into memory of the thread's own; null where they are damaged.</summary>
    public byte[]? ReadRow(int slot, PhotoRecord record) =>
        ReadFully(file, _row.Value, RowAt(slot)) && Crc32C.Of(_row.Value) == record.RowChecksum ? _row.Value : null;

    /// <summary>Writes a photo into a new slot, from any thread: first its pixels, if any, then the record that makes them count.</summary>
    public int Append(PhotoRecord record, byte[]? row)
    {
        var slot = Interlocked.Increment(ref _slots) - 1;
        RandomAccess.Write(file, row ?? new byte[rowBytes], RowAt(slot));
        RandomAccess.Write(file, record.ToBytes(), LengthOf(slot));
        return slot;
    }

    public void Dispose()
    {
        file.Dispose();
        _row.Dispose();
    }

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

    private static SafeFileHandle OpenHandle(string path) => File.OpenHandle(
        RegularFile.Check(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
}

/// <summary>What a cache file knows of one photo; it must agree with the photo on disk before its pixels are used.</summary>
/// <param name="PathHash">The first 16 bytes of the SHA-256 of the full path.</param>
/// <param name="Size">The photo's length in bytes.</param>
/// <param name="Time">When it was last changed, by the system's record where that can be read: a program that keeps a photo's size and
/// sets its time back does not hide the change. A hard link made of the photo costs one decoding.</param>
/// <param name="RowChecksum">The CRC-32C of its pixels.</param>
/// <param name="Reason">Why it cannot be read; empty where it can.</param>
internal sealed record PhotoRecord(UInt128 PathHash, long Size, long Time, uint RowChecksum = 0, string Reason = "")
{
    public const int Bytes = 256;

    private const int ReasonAt = 44; // behind the numbers, in UTF-8
    private const int ChecksumAt = Bytes - 4; // CRC-32C of all before
    private const int Readable = 1;
    private const int Damaged = 2;

    public bool IsReadable => Reason.Length == 0;

    public static PhotoRecord Describe(string path)
    {
        var hash = BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path))));
        try
        {
            var file = new FileInfo(path);
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file; // of a link, what it leads to
            return new PhotoRecord(hash, file.Length, RegularFile.FindChangeTime(path) ?? file.LastWriteTimeUtc.Ticks);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new PhotoRecord(hash, -1, 0); // reading it will say why
        }
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];

        // What is too long loses its end, but no half of a character.
        Encoding.UTF8.GetEncoder().Convert(Reason, bytes.AsSpan(ReasonAt..ChecksumAt), flush: true, out _, out var length, out _);
        MemoryMarshal.Write(bytes, new Numbers(PathHash, Size, Time, IsReadable ? Readable : Damaged, RowChecksum, length));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChecksumAt), Crc32C.Of(bytes.AsSpan(..ChecksumAt)));
        return bytes;
    }

    /// <summary>Reads a record; null where there is none, or a damaged one.</summary>
    public static PhotoRecord? Read(byte[] bytes)
    {
        var (pathHash, size, time, state, rowChecksum, length) = MemoryMarshal.Read<Numbers>(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(ChecksumAt)) == Crc32C.Of(bytes.AsSpan(..ChecksumAt))
            && ((state == Readable && length == 0) || (state == Damaged && length is > 0 and <= ChecksumAt - ReasonAt))
            ? new PhotoRecord(pathHash, size, time, rowChecksum, Encoding.UTF8.GetString(bytes, ReasonAt, length))
            : null;
    }

    // As a record begins, little-endian as all processors are that TorchSharp is made for.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct Numbers(UInt128 PathHash, long Size, long Time, int State, uint RowChecksum, int ReasonLength);
}
