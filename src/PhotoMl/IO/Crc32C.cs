using System.Numerics;
using System.Runtime.InteropServices;

namespace PhotoMl.IO;

/// <summary>The checksum of cached pixels and of TensorBoard's records, for which most processors have an instruction.</summary>
/// <remarks>CRC-32C, of the polynomial 0x82F63B78, lowest bit first (RFC 3720, appendix B.4).</remarks>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var value in bytes[(8 * words.Length)..])
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
