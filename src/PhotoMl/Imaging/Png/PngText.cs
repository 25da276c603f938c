using System.Buffers.Binary;

namespace PhotoMl.Imaging;

/// <summary>Text that a PNG file carries beside its pixels, such as how a generated image came about.</summary>
/// <remarks>PNG specification, third edition, section 11.3.3. Most programs that change a picture drop such text, and anybody can write it.</remarks>
public static class PngText
{
    /// <summary>The longest text that is written or read, in bytes of its encoding: 1 MiB.</summary>
    public const int MaximumTextBytes = 1 << 20;

    // A chunk of the longest text with the longest keyword.
    private const int MaximumChunkBytes = MaximumTextBytes + 128;

    /// <summary>Adds a text to an encoded picture; the pixels stay as they are.</summary>
    /// <param name="png">The PNG file's content; it is not changed.</param>
    /// <param name="keyword">What the text is: 1 to 79 printable Latin-1 characters without spaces at the ends or two in a row.</param>
    /// <param name="text">The text, at most 1 MiB as UTF-8, without null characters; it is stored uncompressed, as an iTXt chunk before the pixels.</param>
    /// <returns>The content of the PNG file with the text.</returns>
    /// <remarks>A text of the same keyword that is there already stays, and is the one that <see cref="Find(string, string)"/> finds.</remarks>
    /// <exception cref="ArgumentException">The content is no PNG with pixels, or the keyword or the text is not as described.</exception>
    public static byte[] Add(ReadOnlySpan<byte> png, string keyword, string text)
    {
        var chunk = PngTextChunk.Encode(keyword, text);
        var at = FindPixels(png);
        return [.. png[..at], .. chunk, .. png[at..]];
    }

    /// <summary>Finds a text in a PNG file; the pixels are skipped and not checked.</summary>
    /// <param name="path">The file, at most <see cref="ImageFile.MaximumFileBytes"/>; it is opened for reading only.</param>
    /// <param name="keyword">What the text is; upper and lower case differ.</param>
    /// <returns>The first text of that keyword, from a tEXt, zTXt or iTXt chunk; <see langword="null"/> where the file has none.</returns>
    /// <exception cref="UnreadableImageException">The file is missing, no PNG, damaged or cut off, or the text is longer than 1 MiB.</exception>
    /// <exception cref="ArgumentException">The keyword is none that a PNG file can have.</exception>
    public static string? Find(string path, string keyword)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var key = PngTextChunk.EncodeKeyword(keyword);
        return ImageFile.Read(path, file => Find(file, path, key));
    }

    /// <summary>Finds a text in an open file or in memory by its keyword's bytes.</summary>
    internal static string? Find(Stream png, string path, byte[] key)
    {
        var reader = new PngReader(png, path);
        string? found = null;
        while (reader.MoveNext()) // to the end even when it is found: a file that is cut off is no good
        {
            if (reader.Type == "IDAT")
            {
                continue;
            }

            if (reader.DataBytes <= MaximumChunkBytes)
            {
                var data = reader.ReadData();
                found ??= PngTextChunk.Decode(reader.Type, data, key, path);
            }
            else if (PngTextChunk.IsText(reader.Type) && reader.Peek(key.Length).AsSpan().SequenceEqual(key))
            {
                throw PngTextChunk.TooLong(path);
            }
        }

        return found;
    }

    private static int FindPixels(ReadOnlySpan<byte> png)
    {
        if (!png.StartsWith(PngReader.Signature))
        {
            throw new ArgumentException($"Expected the content of a PNG file but got {png.Length} other bytes.", nameof(png));
        }

        var at = PngReader.Signature.Length;
        while (png.Length - at >= PngReader.FrameBytes)
        {
            if (png.Slice(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                return at;
            }

            var length = BinaryPrimitives.ReadUInt32BigEndian(png[at..]);
            if (length > png.Length - at - PngReader.FrameBytes)
            {
                break;
            }

            at += PngReader.FrameBytes + (int)length;
        }

        throw new ArgumentException($"Expected a PNG file with pixels but got {png.Length} bytes without any.", nameof(png));
    }
}
