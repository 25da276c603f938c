using System.IO.Compression;
using System.Text;

namespace PhotoMl.Imaging;

/// <summary>Text that a PNG file carries beside its pixels, such as how a generated image came about.</summary>
/// <remarks>PNG specification, third edition, section 11.3.3. Most programs that change a picture drop such text, and anybody can write
/// it.</remarks>
internal static class PngText
{
    /// <summary>The longest text that is written or read, in bytes of its encoding: 1 MiB.</summary>
    public const int MaximumTextBytes = 1 << 20;

    private const int MaximumChunkBytes = MaximumTextBytes + 128; // the longest text with the longest keyword
    private const int HeaderBytes = 13;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Adds a text to an encoded picture; the pixels stay as they are.</summary>
    /// <remarks>A text of the same keyword that is there already stays, and is the one that <see cref="Find(string, string)"/>
    /// finds.</remarks>
    public static byte[] Add(ReadOnlySpan<byte> png, string keyword, string text)
    {
        // Uncompressed, of no stated language and with no translated keyword.
        var chunk = PngChunks.Encode("iTXt"u8, [.. EncodeKeyword(keyword), 0, 0, 0, 0, .. Utf8.GetBytes(text)]);
        var chunks = new PngChunks(png);
        while (chunks.MoveNext())
        {
            if (chunks.Type.SequenceEqual("IDAT"u8))
            {
                return [.. png[..chunks.Start], .. chunk, .. png[chunks.Start..]];
            }
        }

        throw new ArgumentException($"Expected the content of a PNG file with pixels but got {png.Length} other bytes.", nameof(png));
    }

    public static string? Find(string path, string keyword)
    {
        var key = EncodeKeyword(keyword);
        return Find(ImageFile.ReadContent(path), path, key);
    }

    internal static string? Find(ReadOnlySpan<byte> png, string path, byte[] key)
    {
        if (!png.StartsWith(PngChunks.Signature))
        {
            throw new UnreadableImageException(path, "expected a PNG file but found something else");
        }

        var chunks = new PngChunks(png);
        var hasPixels = false;
        string? found = null;
        while (chunks.MoveNext()) // to the end even when it is found: a file that is cut off is no good
        {
            var type = Encoding.Latin1.GetString(chunks.Type);
            if (!type.All(char.IsAsciiLetter))
            {
                throw Damaged(path, $"at byte {chunks.Start} there is no chunk");
            }

            if (chunks.Start == PngChunks.Signature.Length && (type, chunks.Data.Length) != ("IHDR", HeaderBytes))
            {
                throw Damaged(path, "it does not begin with its header");
            }

            if (type == "IDAT")
            {
                hasPixels = true;
            }
            else if (chunks.Data.Length > MaximumChunkBytes)
            {
                if (type is "tEXt" or "zTXt" or "iTXt" && chunks.Data.StartsWith(key))
                {
                    throw TooLong(path);
                }
            }
            else if (!chunks.IsIntact)
            {
                throw Damaged(path, $"its {type} chunk does not match its checksum");
            }
            else if (type == "IEND")
            {
                return !hasPixels ? throw Damaged(path, "it ends without pixels")
                    : chunks.Data.Length > 0 ? throw Damaged(path, "there are data in its end")
                    : found;
            }
            else
            {
                found ??= Decode(type, chunks.Data, key, path);
            }
        }

        throw new UnreadableImageException(path, "the PNG file is cut off: it ends before its chunks do");
    }

    /// <summary>Makes a keyword's bytes with the zero after them, which every text chunk begins with.</summary>
    internal static byte[] EncodeKeyword(string keyword) => [.. Encoding.Latin1.GetBytes(keyword), 0];

    /// <summary>Reads the text from a chunk's data; null where they are no text or one of another keyword.</summary>
    private static string? Decode(string type, ReadOnlySpan<byte> data, byte[] key, string path)
    {
        if (!data.StartsWith(key))
        {
            return null;
        }

        var content = data[key.Length..];
        return type switch
        {
            "tEXt" => Encoding.Latin1.GetString(content),
            "zTXt" => Encoding.Latin1.GetString(content.IsEmpty ? throw Damaged(path) : Inflate(content[0], content[1..], path)),
            "iTXt" => DecodeInternational(content, path),
            _ => null,
        };
    }

    // Whether it is compressed, how, the language and a zero, the translated keyword and a zero, the text.
    private static string DecodeInternational(ReadOnlySpan<byte> content, string path)
    {
        if (content.Length < 2 || content[0] > 1)
        {
            throw Damaged(path);
        }

        var text = AfterZero(AfterZero(content[2..], path), path);
        try
        {
            return Utf8.GetString(content[0] == 0 ? text : Inflate(content[1], text, path));
        }
        catch (DecoderFallbackException exception)
        {
            throw Damaged(path, innerException: exception);
        }
    }

    private static ReadOnlySpan<byte> AfterZero(ReadOnlySpan<byte> content, string path) =>
        content.IndexOf((byte)0) is >= 0 and var at ? content[(at + 1)..] : throw Damaged(path);

    private static ReadOnlySpan<byte> Inflate(byte method, ReadOnlySpan<byte> content, string path)
    {
        if (method != 0)
        {
            throw Damaged(path);
        }

        var text = new byte[MaximumTextBytes + 1];
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(content.ToArray()), CompressionMode.Decompress);
            var length = zlib.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return length < text.Length ? text.AsSpan(0, length) : throw TooLong(path);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw Damaged(path, innerException: exception);
        }
    }

    private static UnreadableImageException TooLong(string path) =>
        new(path, $"expected a text of at most {MaximumTextBytes >> 20} MiB in the PNG file but it is longer");

    private static UnreadableImageException Damaged(
        string path, string reason = "its text cannot be read", Exception? innerException = null) =>
        new(path, $"the PNG file is damaged: {reason}", innerException);
}
