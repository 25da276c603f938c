using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PhotoMl.IO;

namespace PhotoMl.Data;

/// <summary>What a cache file knows of one photo; it must agree in all with the photo on disk before its pixels are used.</summary>
/// <param name="PathHash">The first 16 bytes of the SHA-256 of the full path.</param>
/// <param name="Size">The photo's length in bytes.</param>
/// <param name="Time">When it was last changed, in ticks of UTC.</param>
/// <param name="State">What became of it.</param>
/// <param name="RowChecksum">The CRC-32C of its pixels.</param>
/// <param name="Reason">Why it cannot be read; empty where it can.</param>
internal sealed record PhotoRecord(UInt128 PathHash, long Size, long Time, PhotoState State, uint RowChecksum = 0, string Reason = "")
{
    public const int Bytes = 256;

    // Where its parts lie, all numbers little-endian.
    private const int PathHashAt = 0; // uint128
    private const int SizeAt = 16; // int64
    private const int TimeAt = 24; // int64
    private const int StateAt = 32; // int32
    private const int RowChecksumAt = 36; // uint32
    private const int ReasonLengthAt = 40; // int32
    private const int ReasonAt = 44; // UTF-8
    private const int ChecksumAt = Bytes - 4; // CRC-32C of all before

    public bool IsSameFile(PhotoRecord other) => (PathHash, Size, Time) == (other.PathHash, other.Size, other.Time);

    public static PhotoRecord Describe(string path)
    {
        var hash = BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path))));
        try
        {
            var file = new FileInfo(path);
            file = file.ResolveLinkTarget(returnFinalTarget: true) is { } target ? new FileInfo(target.FullName) : file; // of a link, what it leads to
            return new PhotoRecord(hash, file.Length, file.LastWriteTimeUtc.Ticks, PhotoState.Unknown);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new PhotoRecord(hash, -1, 0, PhotoState.Unknown); // reading it will say why
        }
    }

    public void Write(Span<byte> target)
    {
        target[..Bytes].Clear();
        BinaryPrimitives.WriteUInt128LittleEndian(target[PathHashAt..], PathHash);
        BinaryPrimitives.WriteInt64LittleEndian(target[SizeAt..], Size);
        BinaryPrimitives.WriteInt64LittleEndian(target[TimeAt..], Time);
        BinaryPrimitives.WriteInt32LittleEndian(target[StateAt..], (int)State);
        BinaryPrimitives.WriteUInt32LittleEndian(target[RowChecksumAt..], RowChecksum);

        // What is too long loses its end, but no half of a character.
        Encoding.UTF8.GetEncoder().Convert(Reason, target[ReasonAt..ChecksumAt], flush: true, out _, out var length, out _);
        BinaryPrimitives.WriteInt32LittleEndian(target[ReasonLengthAt..], length);
        BinaryPrimitives.WriteUInt32LittleEndian(target[ChecksumAt..], Crc32C.Of(target[..ChecksumAt]));
    }

    /// <summary>Reads a record; null where there is none, or a damaged one.</summary>
    public static PhotoRecord? Read(ReadOnlySpan<byte> source)
    {
        var state = (PhotoState)BinaryPrimitives.ReadInt32LittleEndian(source[StateAt..]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(source[ReasonLengthAt..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumAt..]) != Crc32C.Of(source[..ChecksumAt])
            || state is not (PhotoState.Readable or PhotoState.Damaged or PhotoState.Closed)
            || length is < 0 or > ChecksumAt - ReasonAt)
        {
            return null;
        }

        return new PhotoRecord(
            BinaryPrimitives.ReadUInt128LittleEndian(source[PathHashAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[SizeAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[TimeAt..]),
            state,
            BinaryPrimitives.ReadUInt32LittleEndian(source[RowChecksumAt..]),
            Encoding.UTF8.GetString(source.Slice(ReasonAt, length)));
    }
}

/// <summary>What became of a photo when it was read.</summary>
internal enum PhotoState
{
    Unknown,
    Readable,

    /// <summary>Its content is no image that can be read, and will not be one until it changes.</summary>
    Damaged,

    Closed,
}
