using System.Buffers.Binary;
using System.Text;

namespace PhotoMl.Tests.Models;

public sealed class SafetensorsReaderTests : IDisposable
{
    private const string Valid = """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}  """;

    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("model.safetensors");

    /// <summary>What the header says, how many bytes of data follow, and what the message must hold.</summary>
    public static TheoryData<string, int, string> HostileHeaders => new()
    {
        { "", 0, "expected a header that starts with {, but found an empty one" },
        { " {}", 0, "expected a header that starts with {, but found the byte 0x20" },
        { "[]", 0, "expected a header that starts with {, but found the byte 0x5b" },
        { "{", 0, "JSON" },
        { "{}{}", 0, "JSON" },
        { "{},", 0, "JSON" },
        { "{/**/}", 0, "JSON" },
        { "{}", 1, "expected 0 bytes of data, as its tensors have, but found 1" },
        { """{"a":1}""", 0, "expected dtype, shape and data_offsets of a, but found 1" },
        { """{"a":null}""", 0, "dtype, shape and data_offsets of a" },
        { """{"a":{}}""", 0, "dtype, shape and data_offsets of a" },
        { """{"a":{"dtype":"U8","shape":[1]}}""", 1, "dtype, shape and data_offsets of a" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"more":0}}""", 1, "dtype, shape and data_offsets of a" },
        { """{"a":{"dtype":"U8","shape":[1],"offsets":[0,1]}}""", 1, "dtype, shape and data_offsets of a" },
        { """{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", 1, "expected a dtype of a that is one of BOOL, U8, I8, I16, I32, I64, F16, BF16, F32, F64, but found F8_E4M3" },
        { """{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}""", 4, "a dtype of a" },
        { """{"a":{"dtype":"","shape":[1],"data_offsets":[0,4]}}""", 4, "a dtype of a" },
        { """{"a":{"dtype":4,"shape":[1],"data_offsets":[0,4]}}""", 4, "a dtype of a" },
        { """{"a":{"dtype":null,"shape":[1],"data_offsets":[0,4]}}""", 4, "a dtype of a" },
        { """{"a":{"dtype":["F32"],"shape":[1],"data_offsets":[0,4]}}""", 4, "a dtype of a" },
        { """{"a":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}""", 1, "a shape of a" },
        { """{"a":{"dtype":"U8","shape":null,"data_offsets":[0,1]}}""", 1, "a shape of a" },
        { """{"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}""", 1, "a shape of a" },
        { """{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}""", 1, "a shape of a" },
        { """{"a":{"dtype":"U8","shape":[1e0],"data_offsets":[0,1]}}""", 1, "a shape of a" },
        { """{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", 1, "but found [-1]" },
        { """{"a":{"dtype":"U8","shape":[-1,-1],"data_offsets":[0,1]}}""", 1, "a shape of a" },
        { """{"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,1]}}""", 1, "a shape of a" },
        { """{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}}""", 1, "at most 8 dimensions" },
        { """{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}""", 0, "expected a countable number of bytes" },
        { """{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "expected a countable number of bytes" },
        { """{"a":{"dtype":"U8","shape":[0,9223372036854775807,9223372036854775807],"data_offsets":[0,0]}}""", 0, "expected a countable number of bytes" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":1}}""", 1, "data_offsets of a" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[]}}""", 1, "data_offsets of a" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}""", 1, "data_offsets of a" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}""", 1, "data_offsets of a" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}}""", 1, "data_offsets of a" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", 1, "expected data_offsets of a from a start to an end, but found [1,0]" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,18446744073709551616]}}""", 1, "data_offsets of a" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[9223372036854775806,9223372036854775807]}}""", 1, "data_offsets of a" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,7]}}""", 7, "expected 8 bytes for a, F32 (2), but found 7" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "expected the data of a to end within the 7 bytes there are, but found an end at 8" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "expected 8 bytes of data, as its tensors have, but found 9" },
        { """{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""", 1, "data_offsets of a" },
        { """{"a":{"dtype":"U8","shape":[9000000000000000000],"data_offsets":[0,9000000000000000000]}}""", 1, "to end within the 1 bytes there are" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[9000000000000000000,9000000000000000001]}}""", 1, "the data of a at offset 0" },
        { """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "expected the data of b at offset 2, where those before it end, but found offset 1" },
        { """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 2, "the data of b at offset 2" },
        { """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[0],"data_offsets":[1,1]}}""", 2, "the data of b at offset 2" },
        { """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}}""", 5, "expected the data of b at offset 2, where those before it end, but found offset 3" },
        { """{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "the data of a at offset 0" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "without duplicate keys" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "without duplicate keys" },
        { """{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "without duplicate keys" },
        { """{"__metadata__":{"k":"1","k":"2"}}""", 0, "without duplicate keys" },
        { """{"__metadata__":{},"__metadata__":{}}""", 0, "without duplicate keys" },
        { """{"__metadata__":null}""", 0, "expected text only in __metadata__, but found Null" },
        { """{"__metadata__":[]}""", 0, "text only in __metadata__" },
        { """{"__metadata__":{"k":1}}""", 0, "expected text only in __metadata__, but found Number for k" },
        { """{"__metadata__":{"k":{"l":"m"}}}""", 0, "text only in __metadata__" },
        { """{"__metadata__":{"k":"\uD800"}}""", 0, "JSON" },
        { """{"\uDC00":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "JSON" },
        { """{"a":{"dtype":"\uD800","shape":[1],"data_offsets":[0,1]}}""", 1, "JSON" },
        { """{"a":{"dtype":"U8","shape":[[[[1]]]],"data_offsets":[0,1]}}""", 1, "JSON" },
        { """{"a\nb\u0000":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}""", 1, "expected 2 bytes for a?b?, U8 (2), but found 1" },
    };

    [Fact]
    public void A_file_made_by_hand_is_read_as_it_says()
    {
        var file = SafetensorsFile.Build(Valid, 12);
        file[^1] = 0x3f;
        file[^2] = 0x80;
        File.WriteAllBytes(FilePath, file);

        using var reader = SafetensorsReader.Open(FilePath);
        using var tensor = reader.ReadTensor("a");

        Assert.Equal(FilePath, reader.Path);
        Assert.Equal("pt", Assert.Single(reader.Metadata, text => text.Key == "format").Value);
        Assert.Equal(["a", "b"], reader.Tensors.Keys);
        Assert.Equal((file.Length - 8, 8), (reader.Tensors["a"].Offset, reader.Tensors["a"].Length));
        Assert.Equal([0f, 1f], tensor.data<float>().ToArray());
        Assert.Equal([2, 1], tensor.shape);
    }

    [Theory]
    [MemberData(nameof(HostileHeaders))]
    public void A_hostile_header_is_refused_in_one_line_that_says_what_is_wrong(string header, int dataLength, string message)
    {
        File.WriteAllBytes(FilePath, SafetensorsFile.Build(header, dataLength));
        AssertRefused(message);
    }

    [Fact]
    public void A_file_cut_off_at_any_byte_is_refused()
    {
        var file = SafetensorsFile.Build(Valid, 12);
        for (var length = 0; length < file.Length; length++)
        {
            File.WriteAllBytes(FilePath, file[..length]);
            AssertRefused(length < 8 ? $"expected a safetensors file, but found only {length} bytes" : "expected ");
        }
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData((1UL << 63) - 1)]
    [InlineData(1UL << 30)]
    [InlineData(93UL)]
    public void Reading_a_header_longer_than_the_file_names_the_file(ulong length)
    {
        var file = new byte[100];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        File.WriteAllBytes(FilePath, file);
        AssertRefused($"expected a safetensors file, but found a file that is none, or is damaged: its header would have {length} bytes, of 92 at most");
    }

    [Fact]
    public void A_header_of_more_than_100_MB_is_refused_even_where_the_file_has_it()
    {
        using (var stream = File.Create(FilePath))
        {
            stream.Write(BitConverter.GetBytes(100_000_001L));
            stream.SetLength(200_000_000);
        }

        Assert.InRange(AllocatedBy(() => AssertRefused("its header would have 100000001 bytes, of 100000000 at most")), 0, 64 << 10);
    }

    [Fact]
    public void A_gigabyte_claimed_in_a_hundred_bytes_takes_no_memory()
    {
        File.WriteAllBytes(FilePath, SafetensorsFile.Build("""{"a":{"dtype":"F32","shape":[268435456],"data_offsets":[0,1073741824]}}""", 8));
        AssertRefused("to end within the 8 bytes there are");
        Assert.InRange(AllocatedBy(() => AssertRefused("")), 0, 64 << 10);
    }

    [Fact]
    public void More_tensors_than_any_network_has_are_refused()
    {
        var entries = Enumerable.Range(0, 65_537).Select(i => $$"""
            "{{i}}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}
            """);
        File.WriteAllBytes(FilePath, SafetensorsFile.Build($"{{{string.Join(",", entries)}}}", 0));
        AssertRefused("expected at most 65536 tensors, but found 65537");
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        File.WriteAllBytes(FilePath, SafetensorsFile.Build("""{"a":""" + new string('[', 1_000_000), 0));
        AssertRefused("JSON");
    }

    [Theory]
    [InlineData("""{"__metadata__":{"k":"@"}}""")]
    [InlineData("""{"@":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""")]
    [InlineData("""{"a":{"dtype":"@","shape":[0],"data_offsets":[0,0]}}""")]
    public void Text_that_is_not_UTF8_is_refused(string header)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        bytes[Array.IndexOf(bytes, (byte)'@')] = 0xff;
        File.WriteAllBytes(FilePath, SafetensorsFile.Build(bytes, 0));
        AssertRefused("JSON");
    }

    [Fact]
    public void A_missing_file_is_named() => AssertRefused("expected a safetensors file, but found no such file");

    [Fact]
    public void A_folder_is_named()
    {
        Directory.CreateDirectory(FilePath);
        AssertRefused("expected a safetensors file, but found a folder");
    }

    [Fact]
    public void A_path_below_a_file_is_refused()
    {
        File.WriteAllText(_folder.File("file"), "");
        Assert.Throws<InvalidModelException>(() => SafetensorsReader.Open(_folder.File("file/model.safetensors")));
    }

    [LinuxFact]
    public void A_device_without_end_is_refused() => Assert.Throws<InvalidModelException>(() => SafetensorsReader.Open("/dev/zero"));

    [Fact]
    public void A_bool_of_any_other_byte_is_refused_when_it_is_read()
    {
        var file = SafetensorsFile.Build("""{"a":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}}""", 3);
        file[^1] = 2;
        File.WriteAllBytes(FilePath, file);
        AssertRefused("expected 0 or 1 in a, which is of BOOL, but found 2");
    }

    [Fact]
    public void A_file_cut_off_while_it_is_open_is_refused()
    {
        File.WriteAllBytes(FilePath, SafetensorsFile.Build(Valid, 12));
        using var reader = SafetensorsReader.Open(FilePath);
        File.WriteAllText(FilePath, "");
        Assert.Throws<InvalidModelException>(() => reader.ReadBytes("a"));
        Assert.Throws<InvalidModelException>(() => reader.ReadTensor("a"));
    }

    [Fact]
    public void A_refused_file_is_not_kept_open()
    {
        File.WriteAllText(FilePath, "");
        AssertRefused("");
        using var exclusive = new FileStream(FilePath, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    public void Dispose() => _folder.Dispose();

    private static long AllocatedBy(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private void AssertRefused(string message)
    {
        var exception = Assert.Throws<InvalidModelException>(() => SafetensorsFile.ReadAll(FilePath));
        Assert.StartsWith($"{FilePath}: expected ", exception.Message);
        Assert.Contains(message, exception.Message);
        Assert.DoesNotContain(exception.Message, char.IsControl);
        Assert.Equal(FilePath, exception.Path);
    }
}
