namespace PhotoMl.Tests.Imaging;

/// <summary>JPEG files that Skia's encoder does not make: one block of one colour, in any number of components.</summary>
internal static class JpegBytes
{
    /// <summary>8 x 8 pixels of one grey.</summary>
    public static byte[] Grey(byte value) => Encode([], value);

    /// <summary>Any number of pixels of 128, each block of which takes five bits of 0.</summary>
    public static byte[] MiddleGrey(int width, int height)
    {
        var block = Grey(128);
        var frame = block.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(frame + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(frame + 7), (ushort)width);
        return [.. block[..^3], .. new byte[((width + 7) / 8 * ((height + 7) / 8) * 5 / 8) + 1], 0xFF, 0xD9];
    }

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

    public static byte[] WithOrientation(byte[] jpeg, int orientation) => ExifBytes.Into(jpeg, ExifBytes.Orientation(orientation));

    private static byte ToByte(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);

    private static byte[] Encode(byte[] marker, params byte[] values)
    {
        var count = (byte)values.Length;
        byte[] quantisation = [0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)8, 64)]; // so that a block's mean is its first coefficient
        byte[] components = [.. values.SelectMany((_, i) => new byte[] { (byte)(i + 1), 0x11, 0 })];
        byte[] frame = [0xFF, 0xC0, 0, (byte)(8 + (3 * count)), 8, 0, 8, 0, 8, count, .. components];

        // Twelve codes of four bits for the sizes of means; the one code 0 for "no further coefficient".
        byte[] sizes = [.. Enumerable.Range(0, 12).Select(size => (byte)size)];
        byte[] means = [0xFF, 0xC4, 0, 31, 0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. sizes];
        byte[] rest = [0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] tables = [.. values.SelectMany((_, i) => new byte[] { (byte)(i + 1), 0 })];
        byte[] scan = [0xFF, 0xDA, 0, (byte)(6 + (2 * count)), count, .. tables, 0, 63, 0];
        byte[] pixels = [.. Pack(string.Concat(values.Select(Block)))];
        return [0xFF, 0xD8, .. marker, .. quantisation, .. frame, .. means, .. rest, .. scan, .. pixels, 0xFF, 0xD9];
    }

    private static string Block(byte value)
    {
        var mean = value - 128;
        var size = mean == 0 ? 0 : (int)Math.Log2(Math.Abs(mean)) + 1;
        var bits = size == 0 ? "" : Convert.ToString(mean > 0 ? mean : mean + (1 << size) - 1, 2).PadLeft(size, '0');
        return Convert.ToString(size, 2).PadLeft(4, '0') + bits + "0";
    }

    // After a byte of ones comes one of zeros, so that it is no marker.
    public static IEnumerable<byte> Pack(string bits) => bits.Chunk(8)
        .Select(part => Convert.ToByte(new string(part).PadRight(8, '1'), 2))
        .SelectMany(value => value == 0xFF ? new byte[] { value, 0 } : [value]);
}
