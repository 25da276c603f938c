using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace PhotoMl.Data;

/// <summary>An IDX file, in which MNIST and its relatives are published, raw or gzip: its header, its dimensions and its values.</summary>
/// <remarks>Whether a file is compressed is found by its content, not its name. The format: two zero bytes, a type code, the number of
/// dimensions, each dimension as a big-endian 32-bit number, the values (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten
/// digits"). Nothing is allocated because a header claims it: memory follows the bytes that were really read.</remarks>
internal sealed record IdxContent(string Path, int[] Dimensions, byte[] Header, byte[] Body)
{
    // Deflate cannot shrink by more than this (zlib, "Technical Details": 1032 to 1).
    private const long BestDeflateRatio = 1032;
    private const int FirstBufferBytes = 1 << 20;

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
            var (header, sizes, bodyBytes) = ReadHeader(path, kind, stream);
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

            if (isGzip && !HasGzipEnd(file, wholeBytes))
            {
                throw new InvalidDatasetException(
                    path, $"gzip data that end with their length, {wholeBytes}", "another end: cut off, or followed by other bytes");
            }

            var content = new IdxContent(path, Array.ConvertAll(sizes, size => (int)size), header, body);
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
        hash.AppendData(Body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // A whole gzip file ends with the length of its uncompressed data. GZipStream checks the checksum only where it is whole, and is silent
    // about a missing one and about bytes behind it.
    private static bool HasGzipEnd(Stream file, long uncompressedBytes)
    {
        Span<byte> length = stackalloc byte[4];
        file.Position = Math.Max(0, file.Length - length.Length);
        return file.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) == length.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(length) == (uint)uncompressedBytes;
    }

    private static (byte[] Header, uint[] Sizes, int BodyBytes) ReadHeader(string path, IdxKind kind, Stream stream)
    {
        var header = new byte[4 + (4 * kind.Rank)];
        var headerBytes = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        CheckMagic(path, kind, header.AsSpan(0, headerBytes));
        if (headerBytes < header.Length)
        {
            throw new InvalidDatasetException(path, $"an IDX header of {header.Length} bytes", $"a file of {headerBytes} bytes");
        }

        var sizes = Enumerable.Range(1, kind.Rank).Select(i => BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 * i))).ToArray();
        var bodyBytes = sizes.Aggregate(UInt128.One, (product, size) => product * size); // three numbers of 32 bits do not fit 64
        return bodyBytes >= 1 && bodyBytes <= (UInt128)Array.MaxLength
            ? (header, sizes, (int)bodyBytes)
            : throw new InvalidDatasetException(
                path, $"dimensions of 1 to {Array.MaxLength} bytes together", $"a header for {string.Join(" x ", sizes)}");
    }

    private static void CheckMagic(string path, IdxKind kind, ReadOnlySpan<byte> header)
    {
        var expected = $"an IDX file of {kind.Name} (magic number 0x{kind.Magic:X8})";
        if (header.Length < 4)
        {
            throw new InvalidDatasetException(path, expected, header.Length == 0 ? "an empty file" : $"a file of {header.Length} bytes");
        }

        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (magic != kind.Magic)
        {
            throw new InvalidDatasetException(path, expected, (magic >> 8, magic & 0xFF) switch
            {
                (0x08, 1) => $"1 dimension (0x{magic:X8})",
                (0x08, var rank) => $"{rank} dimensions (0x{magic:X8})",
                (0x09 or 0x0B or 0x0C or 0x0D or 0x0E, _) => $"values that are not unsigned bytes (0x{magic:X8})",
                _ => $"0x{magic:X8}",
            });
        }
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

/// <summary>What an IDX file holds: the name for messages, the number of dimensions and so the magic number.</summary>
internal sealed record IdxKind(string Name, int Rank)
{
    public static readonly IdxKind Images = new("images", 3);
    public static readonly IdxKind Labels = new("labels", 1);

    public uint Magic => 0x0800 | (uint)Rank; // 0x08 is the type code of unsigned bytes

    public static IdxKind Of(DatasetFileRole role) => role is DatasetFileRole.TrainImages or DatasetFileRole.TestImages ? Images : Labels;
}
