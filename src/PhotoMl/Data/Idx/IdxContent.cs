using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using PhotoMl.IO;

namespace PhotoMl.Data;

/// <summary>An IDX file, in which MNIST and its relatives are published, raw or gzip: its header, its dimensions and its values.</summary>
/// <remarks>Whether a file is compressed is found by its content, not its name. The format: two zero bytes, a type code, the number of
/// dimensions, each dimension as a big-endian 32-bit number, the values (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten
/// digits"). Nothing is allocated because a header claims it: memory follows the bytes that were really read.</remarks>
internal sealed record IdxContent(int[] Dimensions, byte[] Header, byte[] Body)
{
    // Deflate cannot shrink by more than this (zlib, "Technical Details": 1032 to 1).
    private const long BestDeflateRatio = 1032;
    private const int FirstBufferBytes = 1 << 20;

    /// <summary>Reads a raw or gzip file, and checks it against a catalogue's byte count and hash where one is given.</summary>
    public static IdxContent Read(string path, IdxKind kind, DatasetFile? known = null, CancellationToken cancellationToken = default)
    {
        try
        {
            using var file = RegularFile.Open(path);
            return Read(path, kind, file, known, cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDatasetException(path, $"an IDX file of {kind.Name}", "no such file", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            var found = Directory.Exists(path) ? "a folder" : RegularFile.FindOtherKind(path) ?? $"one that cannot be read ({exception.Message.ReplaceLineEndings(" ")})";
            throw new InvalidDatasetException(path, $"an IDX file of {kind.Name}", found, exception);
        }
    }

    /// <summary>Reads a file of a known set that is in memory, as the other one does; the path is for messages.</summary>
    public static IdxContent Read(string path, MemoryStream file, DatasetFile known, CancellationToken cancellationToken) =>
        Read(path, IdxKind.Of(known.Role), file, known, cancellationToken);

    /// <summary>Whether a file starts as gzip does; the position is back at the start afterwards.</summary>
    public static bool IsGzip(Stream file)
    {
        var compressed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return compressed;
    }

    /// <summary>Whether a gzip file ends with the length of its uncompressed data, as it does when it is whole and nothing follows
    /// it.</summary>
    /// <remarks>GZipStream checks the checksum only where it is whole, and is silent about a missing one and about bytes behind
    /// it.</remarks>
    private static bool HasGzipEnd(Stream file, long uncompressedBytes)
    {
        Span<byte> length = stackalloc byte[4];
        file.Position = Math.Max(0, file.Length - length.Length);
        return file.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) == length.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(length) == (uint)uncompressedBytes;
    }

    /// <summary>The SHA-256 of the uncompressed file, in lower-case hexadecimal digits.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Header);
        hash.AppendData(Body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IdxContent Read(string path, IdxKind kind, Stream file, DatasetFile? known, CancellationToken cancellationToken)
    {
        var compressed = IsGzip(file);
        using var stream = compressed ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
        try
        {
            var content = Read(path, kind, stream, file.Length, compressed, known, cancellationToken);
            var wholeBytes = content.Header.Length + (long)content.Body.Length;
            if (compressed && !HasGzipEnd(file, wholeBytes))
            {
                throw new InvalidDatasetException(
                    path, $"gzip data that end with their length, {wholeBytes}", "another end: cut off, or followed by other bytes");
            }

            content.CheckHash(path, known);
            return content;
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDatasetException(path, "whole gzip data", "damaged or truncated gzip data", exception);
        }
    }

    private static IdxContent Read(
        string path, IdxKind kind, Stream stream, long fileBytes, bool compressed, DatasetFile? known, CancellationToken cancellationToken)
    {
        var header = new byte[kind.HeaderBytes];
        var headerBytes = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        CheckMagic(path, kind, header.AsSpan(0, headerBytes));
        if (headerBytes < header.Length)
        {
            throw new InvalidDatasetException(path, $"an IDX header of {header.Length} bytes", $"a file of {headerBytes} bytes");
        }

        var (dimensions, bodyBytes) = ReadDimensions(path, kind, header);
        var wholeBytes = header.Length + bodyBytes;
        if (known is not null && wholeBytes != known.ByteCount)
        {
            throw new InvalidDatasetException(path, $"{known.ByteCount} bytes uncompressed", $"a header for {wholeBytes} bytes");
        }

        var most = compressed ? fileBytes * BestDeflateRatio : fileBytes;
        if (wholeBytes > most || (!compressed && wholeBytes < most))
        {
            var found = compressed ? $"{fileBytes} bytes of gzip data, too few for that" : $"{fileBytes} bytes";
            throw new InvalidDatasetException(path, $"{wholeBytes} bytes as its header says", found);
        }

        return new IdxContent(dimensions, header, ReadBody(path, stream, (int)bodyBytes, header.Length, cancellationToken));
    }

    private static void CheckMagic(string path, IdxKind kind, ReadOnlySpan<byte> header)
    {
        var expected = $"an IDX file of {kind.Name} (magic number 0x{kind.Magic:X8})";
        if (header.Length < 4)
        {
            throw new InvalidDatasetException(path, expected, header.Length == 0 ? "an empty file" : $"a file of {header.Length} bytes");
        }

        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (magic == kind.Magic)
        {
            return;
        }

        var found = (magic >> 8) switch
        {
            IdxKind.UnsignedByte when (magic & 0xFF) == 1 => $"1 dimension (0x{magic:X8})",
            IdxKind.UnsignedByte => $"{magic & 0xFF} dimensions (0x{magic:X8})",
            0x09 or 0x0B or 0x0C or 0x0D or 0x0E => $"values that are not unsigned bytes (0x{magic:X8})",
            _ => $"0x{magic:X8}",
        };
        throw new InvalidDatasetException(path, expected, found);
    }

    private static (int[] Dimensions, long BodyBytes) ReadDimensions(string path, IdxKind kind, ReadOnlySpan<byte> header)
    {
        var dimensions = new int[kind.Rank];
        var bodyBytes = UInt128.One; // three dimensions of 32 bits do not fit 64
        var text = new List<uint>();
        for (var i = 0; i < kind.Rank; i++)
        {
            var dimension = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + (4 * i))..]);
            text.Add(dimension);
            bodyBytes *= dimension;
            dimensions[i] = (int)Math.Min(dimension, int.MaxValue);
        }

        if (bodyBytes == 0 || bodyBytes > (UInt128)Array.MaxLength)
        {
            throw new InvalidDatasetException(
                path, $"dimensions of 1 to {Array.MaxLength} bytes together", $"a header for {string.Join(" x ", text)}");
        }

        return (dimensions, (long)bodyBytes);
    }

    private static byte[] ReadBody(string path, Stream stream, int length, int headerBytes, CancellationToken cancellationToken)
    {
        var body = new byte[Math.Min(length, FirstBufferBytes)];
        var read = 0;
        while (read < length)
        {
            if (read == body.Length)
            {
                Array.Resize(ref body, (int)Math.Min(length, body.Length * 2L));
            }

            cancellationToken.ThrowIfCancellationRequested();
            var count = stream.Read(body, read, Math.Min(body.Length - read, FirstBufferBytes));
            if (count == 0)
            {
                throw new InvalidDatasetException(
                    path, $"{headerBytes + (long)length} bytes as its header says", $"{headerBytes + (long)read} bytes");
            }

            read += count;
        }

        if (stream.ReadByte() >= 0)
        {
            throw new InvalidDatasetException(path, $"{headerBytes + (long)length} bytes as its header says", "more bytes than that");
        }

        return body;
    }

    private void CheckHash(string path, DatasetFile? known)
    {
        if (known is not null && Sha256() is var hash && hash != known.Sha256)
        {
            throw new InvalidDatasetException(path, $"SHA-256 {known.Sha256} (uncompressed)", hash);
        }
    }
}

/// <summary>What an IDX file holds: the name for messages, the number of dimensions and so the magic number.</summary>
internal sealed record IdxKind(string Name, int Rank)
{
    public const byte UnsignedByte = 0x08;
    public static readonly IdxKind Images = new("images", 3);
    public static readonly IdxKind Labels = new("labels", 1);
    public uint Magic => ((uint)UnsignedByte << 8) | (uint)Rank;
    public int HeaderBytes => 4 + (4 * Rank);

    public static IdxKind Of(DatasetFileRole role) =>
        role is DatasetFileRole.TrainImages or DatasetFileRole.TestImages ? Images : Labels;
}
