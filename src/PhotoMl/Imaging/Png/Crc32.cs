namespace PhotoMl.Imaging;

/// <summary>The checksum of PNG's chunks.</summary>
/// <remarks>CRC-32 with the polynomial 0xEDB88320, lowest bit first (PNG specification, annex D); .NET has it only in a package of its
/// own.</remarks>
internal static class Crc32
{
    private static readonly uint[] Table =
        [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, Shift))];

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint Shift(uint crc, int bit) => (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ (crc >> 1);
}
