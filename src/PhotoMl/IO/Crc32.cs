namespace PhotoMl.IO;

/// <summary>The checksum of PNG chunks, gzip data and zip entries, which .NET has only in a package of its own.</summary>
/// <remarks>CRC-32 of the polynomial 0xEDB88320, lowest bit first (RFC 1952, section 8).</remarks>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value =>
        Enumerable.Range(0, 8).Aggregate((uint)value, (crc, _) => (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ (crc >> 1)))];

    /// <summary>Continues the checksum of the bytes before these, which is 0 where there are none.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        var crc = ~before;
        foreach (var value in bytes)
        {
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }
}
