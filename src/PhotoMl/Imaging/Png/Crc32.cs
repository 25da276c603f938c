namespace PhotoMl.Imaging;

/// <summary>The checksum of PNG's chunks.</summary>
/// <remarks>CRC-32 with the polynomial 0xEDB88320, lowest bit first (PNG specification, annex D); .NET has it only in a package of its own.</remarks>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>Computes the checksum.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ (crc >> 1);
            }

            table[i] = crc;
        }

        return table;
    }
}
