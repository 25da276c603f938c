namespace PhotoMl.Tests.IO;

public sealed class Crc32Tests
{
    [Fact]
    public void The_checksum_is_that_of_the_published_vectors()
    {
        Assert.Equal(0xAE426082, Crc32.Of("IEND"u8)); // the last four bytes of every PNG file
        Assert.Equal(0xCBF43926, Crc32.Of("123456789"u8)); // the check value of CRC-32/ISO-HDLC
        Assert.Equal(0x190A55ADu, Crc32.Of(new byte[32]));
        Assert.Equal(0u, Crc32.Of([]));
    }

    [Fact]
    public void Bytes_may_be_given_in_any_pieces()
    {
        var bytes = Enumerable.Range(1, 40).Select(i => (byte)(37 * i)).ToArray();
        var bytewise = bytes.Aggregate(0u, (crc, value) => Crc32.Of([value], crc));
        Assert.All(Enumerable.Range(0, 41), at => Assert.Equal(bytewise, Crc32.Of(bytes.AsSpan(at), Crc32.Of(bytes.AsSpan(0, at)))));
    }
}
