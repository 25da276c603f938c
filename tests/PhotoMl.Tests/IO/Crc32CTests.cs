namespace PhotoMl.Tests.IO;

public sealed class Crc32CTests
{
    // RFC 3720, appendix B.4, and the check value of the usual catalogues of such sums.
    [Fact]
    public void The_checksum_is_that_of_the_published_vectors()
    {
        Assert.Equal(0x8A9136AA, Crc32C.Of(new byte[32]));
        Assert.Equal(0x46DD794Eu, Crc32C.Of([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0xE3069283, Crc32C.Of("123456789"u8));
        Assert.Equal(0u, Crc32C.Of([]));
    }

    [Fact]
    public void Bytes_that_fill_no_whole_word_count_as_much_as_others()
    {
        for (var length = 0; length <= 20; length++)
        {
            var bytes = Enumerable.Range(1, length).Select(i => (byte)(37 * i)).ToArray();
            Assert.Equal(BitByBit(bytes), Crc32C.Of(bytes));
        }
    }

    /// <summary>The checksum as its definition has it, to hold others to.</summary>
    internal static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : 0x82F63B78 ^ (crc >> 1);
            }
        }

        return ~crc;
    }
}
