using System.IO.Compression;

namespace PhotoMl.Tests.Data;

/// <summary>Makes the bytes of IDX files, sound and unsound, without the code under test.</summary>
internal static class IdxBytes
{
    public static byte[] Of(uint magic, uint[] dimensions, byte[] values)
    {
        var bytes = new byte[4 + (4 * dimensions.Length) + values.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, magic);
        for (var i = 0; i < dimensions.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 + (4 * i)), dimensions[i]);
        }

        values.CopyTo(bytes, 4 + (4 * dimensions.Length));
        return bytes;
    }

    public static byte[] Images(int count, int height = 2, int width = 3) =>
        Of(0x803, [(uint)count, (uint)height, (uint)width], Pattern(count * height * width));

    public static byte[] Labels(params byte[] labels) => Of(0x801, [(uint)labels.Length], labels);

    public static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 37) + (i >> 8)))];

    public static byte[] Gzip(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return output.ToArray();
    }
}
