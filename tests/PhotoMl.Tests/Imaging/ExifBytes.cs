namespace PhotoMl.Tests.Imaging;

/// <summary>EXIF blocks of a test's making, and files with them.</summary>
internal static class ExifBytes
{
    /// <summary>Puts an EXIF block, from its TIFF header on, behind the first two bytes of a JPEG.</summary>
    public static byte[] Into(byte[] jpeg, byte[] block)
    {
        var length = block.Length + 8;
        return [.. jpeg[..2], 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. "Exif\0\0"u8, .. block, .. jpeg[2..]];
    }

    public static byte[] Into(byte[] jpeg, string make, string model, string taken, bool isLittle = true)
    {
        const int ImageFolder = 8;
        const int PhotoFolder = ImageFolder + 2 + (3 * 12) + 4;
        const int Texts = PhotoFolder + 2 + 12 + 4;
        var texts = new List<byte>();
        byte[] pointer = [.. Half(0x8769), .. Half(4), .. Word(1), .. Word(PhotoFolder)];
        byte[] image = [.. Half(3), .. Text(0x010F, make), .. Text(0x0110, model), .. pointer];
        byte[] photo = [.. Half(1), .. Text(0x9003, taken)];
        byte[] header = [.. isLittle ? "II"u8 : "MM"u8, .. Half(42), .. Word(ImageFolder)];
        return Into(jpeg, [.. header, .. image, .. Word(0), .. photo, .. Word(0), .. texts]);

        // One of at most four bytes lies in its entry.
        byte[] Text(int tag, string text)
        {
            byte[] bytes = [.. Encoding.Latin1.GetBytes(text), 0];
            byte[] value = bytes.Length <= 4 ? [.. bytes, .. new byte[4 - bytes.Length]] : Word(Texts + texts.Count);
            texts.AddRange(bytes.Length <= 4 ? [] : bytes);
            return [.. Half(tag), .. Half(2), .. Word(bytes.Length), .. value];
        }

        byte[] Half(int value) => Order(BitConverter.GetBytes((ushort)value));

        byte[] Word(int value) => Order(BitConverter.GetBytes(value));

        byte[] Order(byte[] bytes) => [.. isLittle ? bytes : bytes.Reverse()];
    }

    /// <summary>A block with nothing but the orientation, in the first folder, or the second, which is the preview's.</summary>
    public static byte[] Orientation(int value, int type = 3, bool isLittle = false, bool isOfPreview = false)
    {
        var size = type is 3 or 8 ? 2 : type is 4 or 9 ? 4 : 1;
        byte[] padded = [.. Order(value, size), .. new byte[4 - size]];
        byte[] entry = [.. Order(0x0112, 2), .. Order(type, 2), .. Order(1, 4), .. padded, 0, 0, 0, 0];
        byte[] folders = isOfPreview ? [0, 0, .. Order(14, 4), .. Order(1, 2), .. entry] : [.. Order(1, 2), .. entry];
        return [.. isLittle ? "II"u8 : "MM"u8, .. Order(42, 2), .. Order(8, 4), .. folders];

        byte[] Order(int number, int bytes) =>
            isLittle ? BitConverter.GetBytes(number)[..bytes] : [.. BitConverter.GetBytes(number)[..bytes].Reverse()];
    }

    /// <summary>Makes a simple WebP file one of the extended kind (RFC 9649, section 2.7) with a block of an even length behind the
    /// picture.</summary>
    public static byte[] IntoWebp(byte[] webp, int width, int height, byte[] block, byte flags = 0x08)
    {
        byte[] canvas = [flags, 0, 0, 0, .. BitConverter.GetBytes(width - 1)[..3], .. BitConverter.GetBytes(height - 1)[..3]];
        byte[] chunks = [.. "VP8X"u8, 10, 0, 0, 0, .. canvas, .. webp[12..], .. "EXIF"u8, .. BitConverter.GetBytes(block.Length), .. block];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(chunks.Length + 4), .. "WEBP"u8, .. chunks];
    }
}
