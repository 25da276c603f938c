using System.Runtime.InteropServices;

namespace PhotoMl.IO;

/// <summary>The checksum of PNG chunks, gzip data and zip entries, which .NET has only in a package of its own.</summary>
/// <remarks>CRC-32 of the polynomial 0xEDB88320, lowest bit first (RFC 1952, section 8), eight bytes at a time: M. Kounavis, F. Berry,
/// "Novel Table Lookup-Based Algorithms for High-Performance CRC Generation".</remarks>
internal static class Crc32
{
    // Row n: the checksum of each byte with n zeros behind it.
    private static readonly uint[] Table = CreateTable();

    /// <summary>Continues the checksum of the bytes before these, which is 0 where there are none.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        var crc = ~before;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            var (low, high) = ((uint)word ^ crc, (uint)(word >> 32));
            crc = At(7, low) ^ At(6, low >> 8) ^ At(5, low >> 16) ^ At(4, low >> 24)
                ^ At(3, high) ^ At(2, high >> 8) ^ At(1, high >> 16) ^ At(0, high >> 24);
        }

        foreach (var value in bytes[(8 * words.Length)..])
        {
            crc = At(0, crc ^ value) ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint At(int row, uint value) => Table[(row << 8) | (byte)value];

    private static uint[] CreateTable()
    {
        var table = new uint[8 * 256];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = i < 256
                ? Enumerable.Range(0, 8).Aggregate((uint)i, (crc, _) => (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ (crc >> 1))
                : table[(byte)table[i - 256]] ^ (table[i - 256] >> 8);
        }

        return table;
    }
}
