using System.IO.Compression;
using System.Text;

namespace PhotoMl.Imaging;

/// <summary>Text that a PNG file carries beside its pixels, such as how a generated image came about.</summary>
/// <remarks>PNG specification, third edition, section 11.3.3. Most programs that change a picture drop such text, and anybody can write
/// it.</remarks>
internal static class PngText
{
    private const int MaximumTextBytes = 1 << 20;
    private const int HeaderBytes = 13;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Adds a text of at most 1 MiB to an encoded picture; the pixels stay as they are.</summary>
    /// <remarks>A text of the same keyword that is there already stays, and is the one that is found.</remarks>
    public static byte[] Add(ReadOnlySpan<byte> png, string keyword, string text)
    {
        // Uncompressed, of no stated language and with no translated keyword.
        var chunk = PngChunks.Encode("iTXt"u8, [.. EncodeKeyword(keyword), 0, 0, 0, 0, .. Utf8.GetBytes(text)]);
        var chunks = new PngChunks(png);
        return chunks.MoveTo("IDAT"u8)
            ? [.. png[..chunks.Start], .. chunk, .. png[chunks.Start..]]
            : throw new ArgumentException($"Expected the content of a PNG file with pixels but got {png.Length} other bytes.", nameof(png));
    }

    public static string? Find(string path, string keyword) => Find(ImageFile.ReadContent(path), path, keyword);

    internal static string? Find(ReadOnlySpan<byte> png, string path, string keyword)
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
            hasPixels |= type == "IDAT";
            var damage = !type.All(char.IsAsciiLetter) ? $"at byte {chunks.Start} there is no chunk"
                : chunks.Start == PngChunks.Signature.Length && (type, chunks.Data.Length) != ("IHDR", HeaderBytes)
                    ? "it does not begin with its header"
                : type != "IDAT" && !chunks.IsIntact ? $"its {type} chunk does not match its checksum"
                : type == "IEND" && !hasPixels ? "it ends without pixels"
                : type == "IEND" && chunks.Data.Length > 0 ? "there are data in its end"
                : null;
            if (damage is not null)
            {
                throw Damaged(path, damage);
            }

            if (type == "IEND")
            {
                return found;
            }

            try
            {
                found ??= Decode(type, chunks.Data, keyword, path);
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or DecoderFallbackException)
            {
                throw Damaged(path, "its text cannot be read", exception);
            }
        }

        throw new UnreadableImageException(path, "the PNG file is cut off: it ends before its chunks do");
    }

    // A keyword's bytes with the zero after them, which every text chunk begins with.
    private static byte[] EncodeKeyword(string keyword) => [.. Encoding.Latin1.GetBytes(keyword), 0];

    /// <summary>Reads the text from a chunk's data; null where they are no text or one of another keyword.</summary>
    private static string? Decode(string type, ReadOnlySpan<byte> data, string keyword, string path)
    {
        var key = EncodeKeyword(keyword);
        if (type is not ("tEXt" or "zTXt" or "iTXt") || !data.StartsWith(key))
        {
            return null;
        }

        // Behind the keyword comes, in zTXt, how the text is compressed; in iTXt whether it is, how, its language and the keyword in that.
        var text = data[key.Length..];
        var (isCompressed, header) = type switch
        {
            "tEXt" => (false, 0),
            "zTXt" => (true, 1),
            _ => (text is [1, ..], 2),
        };
        if (text.Length < header || (isCompressed && text[header - 1] != 0) || (type == "iTXt" && text[0] > 1))
        {
            throw new InvalidDataException();
        }

        text = text[header..];
        for (var skipped = 0; type == "iTXt" && skipped < 2; skipped++)
        {
            text = text.IndexOf((byte)0) is >= 0 and var at ? text[(at + 1)..] : throw new InvalidDataException();
        }

        if (isCompressed)
        {
            var inflated = new byte[MaximumTextBytes + 1];
            using var zlib = new ZLibStream(new MemoryStream(text.ToArray()), CompressionMode.Decompress);
            text = inflated.AsSpan(0, zlib.ReadAtLeast(inflated, inflated.Length, throwOnEndOfStream: false));
        }

        return text.Length > MaximumTextBytes
            ? throw new UnreadableImageException(
                path, $"expected a text of at most {MaximumTextBytes >> 20} MiB in the PNG file but it is longer")
            : (type == "iTXt" ? Utf8 : Encoding.Latin1).GetString(text);
    }

    private static UnreadableImageException Damaged(string path, string reason, Exception? innerException = null) =>
        new(path, $"the PNG file is damaged: {reason}", innerException);
}
