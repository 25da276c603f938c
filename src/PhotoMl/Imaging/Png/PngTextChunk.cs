using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace PhotoMl.Imaging;

/// <summary>The bytes of a PNG file's text chunks.</summary>
internal static class PngTextChunk
{
    private const int MaximumKeywordLength = 79;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether chunks of a type hold text.</summary>
    public static bool IsText(string type) => type is "tEXt" or "zTXt" or "iTXt";

    /// <summary>Makes a whole iTXt chunk: length, type, data and checksum.</summary>
    public static byte[] Encode(string keyword, string text)
    {
        // Uncompressed, of no stated language and with no translated keyword.
        byte[] data = [.. "iTXt"u8, .. EncodeKeyword(keyword), 0, 0, 0, 0, .. EncodeText(text)];
        var chunk = new byte[data.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length - PngReader.TypeBytes);
        data.CopyTo(chunk.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + data.Length), Crc32.Of(data));
        return chunk;
    }

    /// <summary>Makes a keyword's bytes with the zero after them, which every text chunk begins with.</summary>
    public static byte[] EncodeKeyword(string keyword)
    {
        ArgumentNullException.ThrowIfNull(keyword);
        var isValid = keyword.Length is >= 1 and <= MaximumKeywordLength
            && keyword.All(c => c is >= ' ' and <= '~' or >= '\u00A1' and <= '\u00FF')
            && keyword.Trim(' ') == keyword
            && !keyword.Contains("  ", StringComparison.Ordinal);
        return isValid
            ? [.. Encoding.Latin1.GetBytes(keyword), 0]
            : throw new ArgumentException(
                $"Expected a keyword of 1 to {MaximumKeywordLength} printable Latin-1 characters, with single spaces only inside, but got '{keyword}'.",
                nameof(keyword));
    }

    /// <summary>Reads the text from a chunk's data; null where they are no text or one of another keyword.</summary>
    public static string? Decode(string type, byte[] data, byte[] key, string path)
    {
        if (!data.AsSpan().StartsWith(key))
        {
            return null;
        }

        var content = data.AsMemory(key.Length);
        return type switch
        {
            "tEXt" => Encoding.Latin1.GetString(content.Span),
            "zTXt" when content.Length > 0 => Encoding.Latin1.GetString(Inflate(content.Span[0], content[1..], path)),
            "zTXt" => throw Damaged(path),
            "iTXt" => DecodeInternational(content, path),
            _ => null,
        };
    }

    /// <summary>Refuses a text, compressed or not, that is longer than <see cref="PngText.MaximumTextBytes"/>.</summary>
    public static UnreadableImageException TooLong(string path) =>
        new(path, $"expected a text of at most {PngText.MaximumTextBytes >> 20} MiB in the PNG file but it is longer");

    private static byte[] EncodeText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.IndexOf('\0') is >= 0 and var at)
        {
            throw new ArgumentException($"Expected a text without null characters but got one at index {at}.", nameof(text));
        }

        byte[] bytes;
        try
        {
            bytes = Utf8.GetBytes(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException($"Expected a text of whole characters but got half of one at index {exception.Index}.", nameof(text), exception);
        }

        return bytes.Length <= PngText.MaximumTextBytes
            ? bytes
            : throw new ArgumentException($"Expected a text of at most {PngText.MaximumTextBytes} bytes but got {bytes.Length}.", nameof(text));
    }

    // Whether it is compressed, how, the language and a zero, the translated keyword and a zero, the text.
    private static string DecodeInternational(ReadOnlyMemory<byte> content, string path)
    {
        if (content.Length < 2 || content.Span[0] > 1)
        {
            throw Damaged(path);
        }

        var text = AfterZero(AfterZero(content[2..], path), path);
        try
        {
            return Utf8.GetString(content.Span[0] == 0 ? text.Span : Inflate(content.Span[1], text, path));
        }
        catch (DecoderFallbackException exception)
        {
            throw Damaged(path, exception);
        }
    }

    private static ReadOnlyMemory<byte> AfterZero(ReadOnlyMemory<byte> content, string path) =>
        content.Span.IndexOf((byte)0) is >= 0 and var at ? content[(at + 1)..] : throw Damaged(path);

    private static ReadOnlySpan<byte> Inflate(byte method, ReadOnlyMemory<byte> content, string path)
    {
        if (method != 0)
        {
            throw Damaged(path);
        }

        var text = new byte[PngText.MaximumTextBytes + 1];
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(content.ToArray()), CompressionMode.Decompress);
            var length = zlib.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return length < text.Length ? text.AsSpan(0, length) : throw TooLong(path);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw Damaged(path, exception);
        }
    }

    private static UnreadableImageException Damaged(string path, Exception? exception = null) =>
        new(path, "the PNG file is damaged: its text cannot be read", exception);
}
