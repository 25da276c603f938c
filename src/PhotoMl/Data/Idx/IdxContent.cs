using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Security.Cryptography;

namespace PhotoMl.Data;

/// <summary>An IDX file, in which MNIST and its relatives are published, raw or gzip: its header, its dimensions and its values.</summary>
/// <remarks>Whether a file is compressed is found by its content, not its name. The format: two zero bytes, a type code, the number of
/// dimensions, each dimension as a big-endian 32-bit number, the values (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten
/// digits"). Integers of other types are read where all of them fit a byte, and a dimension of 1 that some tools add is dropped. Nothing is
/// allocated because a header claims it: memory follows the bytes that were really read.</remarks>
internal sealed record IdxContent(string Path, int[] Dimensions, byte[] Header, byte[] Stored, byte[] Body)
{
    // Deflate cannot shrink by more than this (zlib, "Technical Details": 1032 to 1).
    private const long BestDeflateRatio = 1032;
    private const byte UnsignedBytes = 0x08; // the type code; of 8, 16 and 32 bits with a sign 0x09, 0x0B and 0x0C
    private const int FirstBufferBytes = 1 << 20;
    private const int MostPadding = 1 << 20;

    /// <summary>Reads a raw or gzip file, and checks it against a catalog's byte count and hash where one is given.</summary>
    public static IdxContent Read(string path, IdxKind kind, DatasetFile? known = null, CancellationToken cancellationToken = default)
    {
        try
        {
            using var file = RegularFile.Open(path);
            return Read(path, kind, file, known, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            var found = exception is FileNotFoundException or DirectoryNotFoundException ? "no such file"
                : Directory.Exists(path) ? "a folder"
                : RegularFile.FindOtherKind(path) ?? $"one that cannot be read ({exception.Message.ReplaceLineEndings(" ")})";
            throw new InvalidDatasetException(path, $"an IDX file of {kind.Name}", found, exception);
        }
    }

    /// <summary>Reads a stream to its end in the same way; the path is for messages.</summary>
    public static IdxContent Read(string path, IdxKind kind, Stream file, DatasetFile? known, CancellationToken cancellationToken)
    {
        var isGzip = IsGzip(file);
        var fileBytes = file.Length;
        using var stream = isGzip ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
        try
        {
            var (type, header, sizes, bodyBytes) = ReadHeader(path, kind, stream);
            var wholeBytes = header.Length + (long)bodyBytes;
            if (known is not null && wholeBytes != known.ByteCount)
            {
                throw new InvalidDatasetException(path, $"{known.ByteCount} bytes uncompressed", $"a header for {wholeBytes} bytes");
            }

            if (isGzip ? wholeBytes > fileBytes * BestDeflateRatio : wholeBytes != fileBytes)
            {
                var found = isGzip ? $"{fileBytes} bytes of gzip data, too few for that" : $"{fileBytes} bytes";
                throw new InvalidDatasetException(path, $"{wholeBytes} bytes as its header says", found);
            }

            var body = ReadBody(stream, bodyBytes, cancellationToken);
            if (body.Length < bodyBytes || stream.ReadByte() >= 0)
            {
                var found = body.Length < bodyBytes ? $"{header.Length + body.Length} bytes" : "more bytes than that";
                throw new InvalidDatasetException(path, $"{wholeBytes} bytes as its header says", found);
            }

            if (isGzip && !HasGzipEnd(file, header, body))
            {
                throw new InvalidDatasetException(
                    path, "gzip data that end with their checksum and length", "another end: cut off, or followed by other bytes");
            }

            var content = new IdxContent(path, sizes, header, body, ToBytes(path, body, type));
            return known is null || content.Sha256() is var hash && hash == known.Sha256
                ? content
                : throw new InvalidDatasetException(path, $"SHA-256 {known.Sha256} (uncompressed)", hash);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDatasetException(path, "whole gzip data", "damaged or truncated gzip data", exception);
        }
    }

    /// <summary>Whether a file starts as gzip does; the position is back at the start afterwards.</summary>
    public static bool IsGzip(Stream file)
    {
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isGzip;
    }

    /// <summary>The SHA-256 of the uncompressed file, in lower-case hexadecimal digits.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Header);
        hash.AppendData(Stored);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // GZipStream reads all members (RFC 1952, section 2.2) and checks the checksum and length at the end of each, but is silent where the
    // file ends before those of the last, and about bytes behind them. Of these only zeros, as of tapes, are no fault. A checksum and
    // length may end with zeros too; those of no data at all are eight.
    private static bool HasGzipEnd(Stream file, byte[] header, byte[] body)
    {
        const int EndBytes = 8;
        var tail = new byte[Math.Min(file.Length, MostPadding)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        var first = tail.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        return Enumerable.Range(first, EndBytes + 1).Where(end => end >= EndBytes && end <= tail.Length).Any(IsEnd);

        bool IsEnd(int end)
        {
            var checksum = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end - EndBytes));
            var before = header.Length + (long)body.Length - BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end - 4)); // other members
            return before == 0 || (before > 0 && checksum == (before < header.Length
                ? Crc32.Of(body, Crc32.Of(header.AsSpan((int)before)))
                : Crc32.Of(body.AsSpan((int)before - header.Length))));
        }
    }

    private static (byte Type, byte[] Header, int[] Sizes, int BodyBytes) ReadHeader(string path, IdxKind kind, Stream stream)
    {
        var magic = new byte[4];
        var magicBytes = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        var (type, rank) = ParseMagic(path, kind, magic.AsSpan(0, magicBytes));
        byte[] header = [.. magic, .. new byte[4 * rank]];
        var headerBytes = magic.Length + stream.ReadAtLeast(header.AsSpan(magic.Length), 4 * rank, throwOnEndOfStream: false);
        if (headerBytes < header.Length)
        {
            throw new InvalidDatasetException(path, $"an IDX header of {header.Length} bytes", $"a file of {headerBytes} bytes");
        }

        var sizes = Enumerable.Range(1, rank).Select(i => BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 * i))).ToList();
        var found = string.Join(" x ", sizes);
        var bodyBytes = sizes.Aggregate(new BigInteger(SizeOf(type)), (product, size) => product * size);
        if (bodyBytes < 1 || bodyBytes > Array.MaxLength)
        {
            throw new InvalidDatasetException(path, $"dimensions of 1 to {Array.MaxLength} bytes together", $"a header for {found}");
        }

        // Some tools write labels as N x 1, and images as N x 1 x height x width or N x height x width x 1.
        if (rank > kind.Rank)
        {
            sizes.RemoveAt(sizes[1] == 1 ? 1 : sizes[^1] == 1 ? rank - 1 : throw new InvalidDatasetException(
                path, $"{kind.Name} in {kind.Rank} {(kind.Rank == 1 ? "dimension" : "dimensions, of one channel")}", found));
        }

        return (type, header, [.. sizes.Select(size => (int)size)], (int)bodyBytes);
    }

    private static (byte Type, int Rank) ParseMagic(string path, IdxKind kind, ReadOnlySpan<byte> bytes)
    {
        var expected = $"an IDX file of {kind.Name} (magic number 0x{(UnsignedBytes << 8) | kind.Rank:X8})";
        if (bytes.Length < 4)
        {
            var found = bytes.Length == 0 ? "an empty file" : $"a file of {PhotoMlException.Count(bytes.Length, "byte")}";
            throw new InvalidDatasetException(path, expected, found);
        }

        var magic = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var (type, rank) = (bytes[2], bytes[3]);
        var isKnown = bytes is [0, 0, UnsignedBytes or 0x09 or 0x0B or 0x0C, _];
        return isKnown && (rank == kind.Rank || rank == kind.Rank + 1)
            ? (type, rank)
            : throw new InvalidDatasetException(path, expected, bytes switch
            {
                [0, 0, 0x0D or 0x0E, _] => $"values that are not integers (0x{magic:X8})",
                _ when isKnown => $"{rank} {(rank == 1 ? "dimension" : "dimensions")} (0x{magic:X8})",
                _ => $"0x{magic:X8}",
            });
    }

    private static int SizeOf(byte type) => type < 0x0B ? 1 : type < 0x0C ? 2 : 4;

    private static byte[] ToBytes(string path, byte[] stored, byte type)
    {
        if (type == UnsignedBytes)
        {
            return stored;
        }

        var values = new byte[stored.Length / SizeOf(type)];
        for (var i = 0; i < values.Length; i++)
        {
            var value = SizeOf(type) switch
            {
                1 => (sbyte)stored[i],
                2 => BinaryPrimitives.ReadInt16BigEndian(stored.AsSpan(2 * i)),
                _ => BinaryPrimitives.ReadInt32BigEndian(stored.AsSpan(4 * i)),
            };
            values[i] = value is >= byte.MinValue and <= byte.MaxValue
                ? (byte)value
                : throw new InvalidDatasetException(path, "values from 0 to 255", $"{value} at index {i}");
        }

        return values;
    }

    // As many bytes as there are, at most the length.
    private static byte[] ReadBody(Stream stream, int length, CancellationToken cancellationToken)
    {
        var body = new byte[Math.Min(length, FirstBufferBytes)];
        for (var read = 0; read < length;)
        {
            if (read == body.Length)
            {
                Array.Resize(ref body, (int)Math.Min(length, body.Length * 2L));
            }

            cancellationToken.ThrowIfCancellationRequested();
            var count = stream.Read(body, read, Math.Min(body.Length - read, FirstBufferBytes));
            if (count == 0)
            {
                return body[..read];
            }

            read += count;
        }

        return body;
    }
}

/// <summary>What an IDX file holds: the name for messages and the number of dimensions.</summary>
internal sealed record IdxKind(string Name, int Rank)
{
    public static readonly IdxKind Images = new("images", 3);
    public static readonly IdxKind Labels = new("labels", 1);

    public static IdxKind Of(DatasetFileRole role) => role is DatasetFileRole.TrainImages or DatasetFileRole.TestImages ? Images : Labels;
}
