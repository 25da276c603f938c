namespace PhotoMl.Imaging;

/// <summary>Tells what a file is from its first bytes, so that only the formats promised ever reach the native decoder.</summary>
internal static class ImageSignature
{
    public const string SupportedFormats = "JPEG, PNG, WebP, BMP or GIF";

    private static readonly (string Name, int Offset, byte[] Bytes)[] Supported =
    [
        ("JPEG", 0, [0xFF, 0xD8, 0xFF]),
        ("PNG", 0, [0x89, .. "PNG"u8]),
        ("GIF", 0, [.. "GIF8"u8]),
        ("BMP", 0, [.. "BM"u8]),
    ];

    private static readonly (string Name, int Offset, byte[] Bytes)[] Unsupported =
    [
        ("TIFF or camera raw", 0, [.. "II*\0"u8]),
        ("TIFF or camera raw", 0, [.. "MM\0*"u8]),
        ("AVIF", 4, [.. "ftypavif"u8]),
        ("HEIC", 4, [.. "ftyphei"u8]),
        ("HEIC", 4, [.. "ftypmif1"u8]),
        ("PDF", 0, [.. "%PDF"u8]),
    ];

    public static string? FindSupported(ReadOnlySpan<byte> content) =>
        content.StartsWith("RIFF"u8) && content.Length >= 12 && content[8..].StartsWith("WEBP"u8) ? "WebP" : Find(Supported, content);

    public static string? FindUnsupported(ReadOnlySpan<byte> content) => Find(Unsupported, content);

    private static string? Find((string Name, int Offset, byte[] Bytes)[] formats, ReadOnlySpan<byte> content)
    {
        foreach (var (name, offset, bytes) in formats)
        {
            if (content.Length >= offset && content[offset..].StartsWith(bytes))
            {
                return name;
            }
        }

        return null;
    }
}
