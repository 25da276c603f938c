using System.Buffers.Binary;
using System.Text;

namespace PhotoMl.Tests.Imaging;

/// <summary>WebP files of the extended kind (RFC 9649, section 2.7), whose chunks Skia's encoder does not write.</summary>
internal static class WebpBytes
{
    private const int FileHeaderBytes = 12;

    /// <summary>Puts a colour profile before the picture of a simple file, and an EXIF block, from its TIFF header on, behind it.</summary>
    public static byte[] Extend(byte[] simple, int width, int height, byte[]? profile = null, byte[]? exif = null)
    {
        var flags = (byte)((profile is null ? 0 : 0x20) | (exif is null ? 0 : 0x08));
        byte[] canvas = [flags, 0, 0, 0, .. Little(width - 1)[..3], .. Little(height - 1)[..3]];
        byte[] chunks = [.. Chunk("VP8X", canvas), .. Chunk("ICCP", profile), .. simple[FileHeaderBytes..], .. Chunk("EXIF", exif)];
        return [.. "RIFF"u8, .. Little(chunks.Length + 4), .. "WEBP"u8, .. chunks];
    }

    private static byte[] Chunk(string name, byte[]? data) =>
        data is null ? [] : [.. Encoding.ASCII.GetBytes(name), .. Little(data.Length), .. data, .. new byte[data.Length & 1]];

    private static byte[] Little(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
