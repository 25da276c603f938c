using System.Buffers.Binary;
using System.Text;

namespace PhotoMl.Tests.Imaging;

/// <summary>JPEG files with an EXIF block of a test's making.</summary>
internal static class ExifBytes
{
    /// <summary>Puts an EXIF block behind the first two bytes of a JPEG.</summary>
    public static byte[] Into(byte[] jpeg, string make, string model, string taken, bool isLittle = true)
    {
        var block = Block(make, model, taken, isLittle);
        byte[] segment = [0xFF, 0xE1, (byte)((block.Length + 2) >> 8), (byte)(block.Length + 2)];
        return [.. jpeg[..2], .. segment, .. block, .. jpeg[2..]];
    }

    public static byte[] Block(string make, string model, string taken, bool isLittle)
    {
        const int First = 8;
        const int Second = First + 2 + (3 * 12) + 4;
        const int Texts = Second + 2 + 12 + 4;
        var texts = new[] { make, model, taken }.Select(text => Encoding.Latin1.GetBytes(text + "\0")).ToArray();
        var tiff = new byte[Texts + texts.Sum(text => text.Length)];
        Encoding.ASCII.GetBytes(isLittle ? "II" : "MM").CopyTo(tiff, 0);
        Half(2, 42);
        Word(4, First);
        Half(First, 3);
        Half(Second, 1);
        var at = Texts;
        foreach (var (index, text) in texts.Index())
        {
            var entry = index < 2 ? First + 2 + (12 * index) : Second + 2;
            Half(entry, index switch { 0 => 0x010F, 1 => 0x0110, _ => 0x9003 });
            Half(entry + 2, 2);
            Word(entry + 4, text.Length);
            if (text.Length <= 4)
            {
                text.CopyTo(tiff, entry + 8);
                continue;
            }

            Word(entry + 8, at);
            text.CopyTo(tiff, at);
            at += text.Length;
        }

        Half(First + 2 + 24, 0x8769);
        Half(First + 2 + 26, 4);
        Word(First + 2 + 28, 1);
        Word(First + 2 + 32, Second);
        return [.. "Exif\0\0"u8, .. tiff];

        void Half(int offset, int value)
        {
            if (isLittle)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(offset), (ushort)value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(offset), (ushort)value);
            }
        }

        void Word(int offset, int value)
        {
            if (isLittle)
            {
                BinaryPrimitives.WriteInt32LittleEndian(tiff.AsSpan(offset), value);
            }
            else
            {
                BinaryPrimitives.WriteInt32BigEndian(tiff.AsSpan(offset), value);
            }
        }
    }
}
