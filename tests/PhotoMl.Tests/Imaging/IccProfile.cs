using System.Buffers.Binary;
using System.Text;

namespace PhotoMl.Tests.Imaging;

/// <summary>Colour profiles as cameras and screens have them: three primaries and one curve (ICC.1:2001-04, a display profile of version 2).</summary>
internal static class IccProfile
{
    /// <summary>Adobe RGB (1998), whose curve is a power of 563/256.</summary>
    public static byte[] AdobeRgb { get; } = Matrix(
        [0.60974, 0.31111, 0.01947], [0.20528, 0.62567, 0.06087], [0.14919, 0.06322, 0.74457], Curve([563]));

    /// <summary>Display P3, whose curve is that of sRGB, here as a table.</summary>
    public static byte[] DisplayP3 { get; } = Matrix(
        [0.51512, 0.24120, -0.00105], [0.29198, 0.69225, 0.04189], [0.15710, 0.06657, 0.78407],
        Curve([.. Enumerable.Range(0, 1024).Select(i => (ushort)Math.Round(65_535 * Linear(i / 1023.0)))]));

    private static double Linear(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);

    private static byte[] Matrix(double[] red, double[] green, double[] blue, byte[] curve)
    {
        const int HeaderBytes = 128;
        const int EntryBytes = 12;
        (string Tag, byte[] Data)[] tags =
        [
            ("desc", Description("test")), ("cprt", [.. "text"u8, 0, 0, 0, 0, .. "none\0\0\0\0"u8]), ("wtpt", Xyz(0.9642, 1, 0.8249)),
            ("rXYZ", Xyz(red)), ("gXYZ", Xyz(green)), ("bXYZ", Xyz(blue)), ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
        ];
        var at = HeaderBytes + 4 + (EntryBytes * tags.Length);
        var table = new List<byte>(Big(tags.Length));
        foreach (var (tag, data) in tags)
        {
            table.AddRange([.. Encoding.ASCII.GetBytes(tag), .. Big(at), .. Big(data.Length)]);
            at += data.Length;
        }

        var header = new byte[HeaderBytes];
        Big(at).CopyTo(header, 0);
        Big(0x0210_0000).CopyTo(header, 8);
        "mntrRGB XYZ "u8.CopyTo(header.AsSpan(12));
        "acsp"u8.CopyTo(header.AsSpan(36));
        Xyz(0.9642, 1, 0.8249).AsSpan(8).CopyTo(header.AsSpan(68)); // all colours are as seen under D50
        return [.. header, .. table, .. tags.SelectMany(tag => tag.Data)];
    }

    // One value is an exponent in 256ths; several are the curve itself.
    private static byte[] Curve(ushort[] values)
    {
        byte[] data = [.. "curv"u8, 0, 0, 0, 0, .. Big(values.Length), .. values.SelectMany(value => new[] { (byte)(value >> 8), (byte)value })];
        return [.. data, .. new byte[-data.Length & 3]];
    }

    private static byte[] Xyz(params double[] values) => [.. "XYZ "u8, 0, 0, 0, 0, .. values.SelectMany(value => Big((int)Math.Round(65_536 * value)))];

    private static byte[] Description(string text)
    {
        byte[] data = [.. "desc"u8, 0, 0, 0, 0, .. Big(text.Length + 1), .. Encoding.ASCII.GetBytes(text), 0, .. new byte[78]];
        return [.. data, .. new byte[-data.Length & 3]];
    }

    private static byte[] Big(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
