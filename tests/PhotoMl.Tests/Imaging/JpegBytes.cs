namespace PhotoMl.Tests.Imaging;

/// <summary>JPEG files that Skia's encoder does not make: one block of one colour, in any number of components.</summary>
internal static class JpegBytes
{
    /// <summary>8 x 8 pixels of one grey.</summary>
    public static byte[] Grey(byte value) => Encode([], value);

    /// <summary>8 x 8 pixels of four inks, with Adobe's marker.</summary>
    /// <param name="transform">0 stores the inks; 2 stores luma and chroma of the first three.</param>
    /// <param name="cyan">255 is no ink, as for the others.</param>
    public static byte[] FourInks(byte transform, byte cyan, byte magenta, byte yellow, byte black)
    {
        byte[] marker = [0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, transform];
        if (transform == 0)
        {
            return Encode(marker, cyan, magenta, yellow, black);
        }

        // YCCK is the YCbCr of the inverted inks, which libjpeg inverts back.
        double[] rgb = [255 - cyan, 255 - magenta, 255 - yellow];
        var luma = (0.299 * rgb[0]) + (0.587 * rgb[1]) + (0.114 * rgb[2]);
        return Encode(marker, ToByte(luma), ToByte(((rgb[2] - luma) / 1.772) + 128), ToByte(((rgb[0] - luma) / 1.402) + 128), black);
    }

    /// <summary>Puts an APP1 segment with nothing but the orientation right after the start of a JPEG.</summary>
    public static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] segment = [0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. OrientationBlock(orientation)];
        return [.. jpeg[..2], .. segment, .. jpeg[2..]];
    }

    /// <summary>Puts a colour profile in one APP2 segment right after the start of a JPEG.</summary>
    public static byte[] WithProfile(byte[] jpeg, byte[] profile)
    {
        var length = 2 + 14 + profile.Length;
        byte[] segment = [0xFF, 0xE2, (byte)(length >> 8), (byte)length, .. "ICC_PROFILE\0"u8, 1, 1, .. profile];
        return [.. jpeg[..2], .. segment, .. jpeg[2..]];
    }

    /// <summary>An EXIF block with nothing but the orientation, from its TIFF header on.</summary>
    public static byte[] OrientationBlock(int orientation) =>
        [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    private static byte ToByte(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);

    private static byte[] Encode(byte[] marker, params byte[] values)
    {
        byte[] quantisation = [0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)8, 64)]; // of 8, so that a block's mean is its first coefficient
        byte[] frame = [0xFF, 0xC0, 0, (byte)(8 + (3 * values.Length)), 8, 0, 8, 0, 8, (byte)values.Length, .. values.SelectMany((_, i) => new byte[] { (byte)(i + 1), 0x11, 0 })];

        // Twelve codes of four bits for the sizes of means; the one code 0 for "no further coefficient".
        byte[] means = [0xFF, 0xC4, 0, 31, 0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. Enumerable.Range(0, 12).Select(size => (byte)size)];
        byte[] rest = [0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] scan = [0xFF, 0xDA, 0, (byte)(6 + (2 * values.Length)), (byte)values.Length, .. values.SelectMany((_, i) => new byte[] { (byte)(i + 1), 0 }), 0, 63, 0];
        return [0xFF, 0xD8, .. marker, .. quantisation, .. frame, .. means, .. rest, .. scan, .. Pack(string.Concat(values.Select(Block))), 0xFF, 0xD9];
    }

    private static string Block(byte value)
    {
        var mean = value - 128;
        var size = mean == 0 ? 0 : (int)Math.Log2(Math.Abs(mean)) + 1;
        var bits = size == 0 ? "" : Convert.ToString(mean > 0 ? mean : mean + (1 << size) - 1, 2).PadLeft(size, '0');
        return Convert.ToString(size, 2).PadLeft(4, '0') + bits + "0";
    }

    private static IEnumerable<byte> Pack(string bits)
    {
        bits = bits.PadRight((bits.Length + 7) / 8 * 8, '1');
        for (var i = 0; i < bits.Length; i += 8)
        {
            var value = Convert.ToByte(bits.Substring(i, 8), 2);
            yield return value;
            if (value == 0xFF)
            {
                yield return 0;
            }
        }
    }
}
