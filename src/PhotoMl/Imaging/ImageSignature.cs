namespace PhotoMl.Imaging;

/// <summary>Tells what a file is from its first bytes, so that only the formats promised ever reach the native decoder.</summary>
internal static class ImageSignature
{
    /// <summary>The formats that are read, for messages.</summary>
    public const string SupportedFormats = "JPEG, PNG, WebP, BMP or GIF";

    /// <summary>Names the format of a file that PhotoMl reads.</summary>
    /// <param name="content">The file, or at least its first 16 bytes.</param>
    /// <returns>The format's name, or <see langword="null"/> where it is none of the supported ones.</returns>
    public static string? FindSupported(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return "JPEG";
        }

        if (content.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']))
        {
            return "PNG";
        }

        if (content.StartsWith("GIF8"u8))
        {
            return "GIF";
        }

        if (content.StartsWith("RIFF"u8) && Holds(content, 8, "WEBP"u8))
        {
            return "WebP";
        }

        return content.StartsWith("BM"u8) ? "BMP" : null;
    }

    /// <summary>Names the format of an image that PhotoMl does not read.</summary>
    /// <param name="content">The file, or at least its first 16 bytes.</param>
    /// <returns>The format's name, or <see langword="null"/> where the file is no image that is known.</returns>
    public static string? FindUnsupported(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith("II*\0"u8) || content.StartsWith("MM\0*"u8))
        {
            return "TIFF or camera raw";
        }

        if (Holds(content, 4, "ftypavif"u8))
        {
            return "AVIF";
        }

        if (Holds(content, 4, "ftyphei"u8) || Holds(content, 4, "ftypmif1"u8))
        {
            return "HEIC";
        }

        return content.StartsWith("%PDF"u8) ? "PDF" : null;
    }

    private static bool Holds(ReadOnlySpan<byte> content, int offset, ReadOnlySpan<byte> expected) =>
        content.Length >= offset + expected.Length && content.Slice(offset, expected.Length).SequenceEqual(expected);
}
