namespace PhotoMl.Tests.Models;

public sealed class SafetensorsReaderTests : FolderTests
{
    private const string Valid = """{"__metadata__":{"format":"pt"}"""
        + ""","a":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}  """;

    private string FilePath => Folder.File("model.safetensors");

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
        { """{"a":{"dtype":"U8","shape":[1],"offsets":[0,1]}}""", 1, "dtype, shape and data_offsets of a" },
        { A("F8_E4M3", "[1]", "[0,1]"), 1, "one of BOOL, U8, I8, I16, I32, I64, F16, BF16, F32, F64, but found F8_E4M3 (1)" },
        { A("F8_E5M2", "[2]", "[0,1]"), 1, "expected 2 bytes for a, F8_E5M2 (2), but found 1" },
        { A("U64", "[2]", "[0,8]"), 8, "expected 16 bytes for a, U64 (2), but found 8" },
        { A("F4", "[3]", "[0,2]"), 2, "expected a countable number of bytes for a, F4 (3), but found 2" },
        { A("f32", "[1]", "[0,4]"), 4, "a of a dtype" },
        { A("", "[1]", "[0,4]"), 4, "a of a dtype" },
        { """{"a":{"dtype":4,"shape":[1],"data_offsets":[0,4]}}""", 4, "a dtype of a" },
        { """{"a":{"dtype":null,"shape":[1],"data_offsets":[0,4]}}""", 4, "a dtype of a" },
        { """{"a":{"dtype":["F32"],"shape":[1],"data_offsets":[0,4]}}""", 4, "a dtype of a" },
        { A("U8", "1", "[0,1]"), 1, "a shape of a" },
        { A("U8", "null", "[0,1]"), 1, "a shape of a" },
        { A("U8", "[\"1\"]", "[0,1]"), 1, "a shape of a" },
        { A("U8", "[1.0]", "[0,1]"), 1, "a shape of a" },
        { A("U8", "[1e0]", "[0,1]"), 1, "a shape of a" },
        { A("U8", "[-1]", "[0,1]"), 1, "but found [-1]" },
        { A("U8", "[-1,-1]", "[0,1]"), 1, "a shape of a" },
        { A("U8", "[9223372036854775808]", "[0,1]"), 1, "a shape of a" },
        { A("U8", "[1,1,1,1,1,1,1,1,1]", "[0,1]"), 1, "at most 8 dimensions" },
        { A("F32", "[4611686018427387904]", "[0,0]"), 0, "expected a countable number of bytes" },
        { A("U8", "[4294967296,4294967296]", "[0,0]"), 0, "expected a countable number of bytes" },
        { A("U8", "[0,9223372036854775807,9223372036854775807]", "[0,0]"), 0, "expected a countable number of bytes" },
        { A("U8", "[1]", "1"), 1, "data_offsets of a" },
        { A("U8", "[1]", "[]"), 1, "data_offsets of a" },
        { A("U8", "[1]", "[0]"), 1, "data_offsets of a" },
        { A("U8", "[1]", "[0,1,2]"), 1, "data_offsets of a" },
        { A("U8", "[1]", "[-1,0]"), 1, "data_offsets of a" },
        { A("U8", "[1]", "[1,0]"), 1, "expected data_offsets of a from a start to an end, but found [1,0]" },
        { A("U8", "[1]", "[0,18446744073709551616]"), 1, "data_offsets of a" },
        { A("U8", "[1]", "[9223372036854775806,9223372036854775807]"), 1, "data_offsets of a" },
        { A("F32", "[2]", "[0,7]"), 7, "expected 8 bytes for a, F32 (2), but found 7" },
        { A("F32", "[2]", "[0,8]"), 7, "expected the data of a to end within the 7 bytes there are, but found an end at 8" },
        { A("F32", "[2]", "[0,8]"), 9, "expected 8 bytes of data, as its tensors have, but found 9" },
        { A("U8", "[9223372036854775807]", "[0,9223372036854775807]"), 1, "data_offsets of a" },
        { A("U8", "[9000000000000000000]", "[0,9000000000000000000]"), 1, "to end within the 1 bytes there are" },
        { A("U8", "[1]", "[9000000000000000000,9000000000000000001]"), 1, "the data of a at offset 0" },
        { AB("[2]", "[0,2]", "[2]", "[1,3]"), 3, "expected the data of b at offset 2, where those before it end, but found offset 1" },
        { AB("[2]", "[0,2]", "[2]", "[0,2]"), 2, "the data of b at offset 2" },
        { AB("[2]", "[0,2]", "[0]", "[1,1]"), 2, "the data of b at offset 2" },
        { AB("[2]", "[0,2]", "[2]", "[3,5]"), 5, "expected the data of b at offset 2, where those before it end, but found offset 3" },
        { A("U8", "[2]", "[1,3]"), 3, "the data of a at offset 0" },
        { AB("[1]", "[0,1]", "[1]", "[1,2]").Replace("\"b\"", "\"a\"", StringComparison.Ordinal), 2, "without duplicate keys" },
        { AB("[1]", "[0,1]", "[1]", "[1,2]").Replace("\"b\"", "\"\\u0061\"", StringComparison.Ordinal), 2, "without duplicate keys" },
        { """{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "without duplicate keys" },
        { """{"__metadata__":{"k":"1","k":"2"}}""", 0, "without duplicate keys" },
        { """{"__metadata__":{},"__metadata__":{}}""", 0, "without duplicate keys" },
        { """{"__metadata__":[]}""", 0, "text only in __metadata__" },
        { """{"__metadata__":{"k":1}}""", 0, "expected text only in __metadata__, but found Number for k" },
        { """{"__metadata__":{"k":{"l":"m"}}}""", 0, "text only in __metadata__" },
        { """{"__metadata__":{"k":"\uD800"}}""", 0, "JSON" },
        { """{"\uDC00":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "JSON" },
        { """{"a":{"dtype":"\uD800","shape":[1],"data_offsets":[0,1]}}""", 1, "JSON" },
        { A("U8", "[[[[1]]]]", "[0,1]"), 1, "a shape of a" },
        { A("U8", $"{new string('[', 20)}1{new string(']', 20)}", "[0,1]"), 1, "JSON" },
        { """{"a\nb\u0000":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}""", 1, "expected 2 bytes for a?b?, U8 (2), but found 1" },
    };

    [Fact]
    public void A_file_made_by_hand_is_read_as_it_says()
    {
        var file = SafetensorsFile.Build(Valid, 12);
        (file[^1], file[^2]) = (0x3f, 0x80);
        using var reader = SafetensorsFile.Open(file);
        using var tensor = reader.ReadTensor("a");

        Assert.Equal(SafetensorsFile.Name, reader.Path);
        Assert.Equal("pt", Assert.Single(reader.Metadata, text => text.Key == "format").Value);
        Assert.Equal(["a", "b"], reader.Tensors.Keys);
        Assert.Equal((file.Length - 8, 8), (reader.Tensors["a"].Offset, reader.Tensors["a"].Length));
        Assert.Equal([0f, 1f], tensor.data<float>().ToArray());
        Assert.Equal([2, 1], tensor.shape);
    }

    [Theory]
    [InlineData("""{"__metadata__":null,@}   """)]
    [InlineData("""{@,"b":{"dtype":"F8_E4M3","shape":[5],"data_offsets":[4,9]}}""")]
    [InlineData("""{"b":{"dtype":"F4","shape":[2,5],"data_offsets":[4,9]},@}""")]
    [InlineData("""{@,"b":{"dtype":"OF_LATER","shape":[7],"data_offsets":[4,9]}}""")]
    [InlineData("""{@,"b":{"dtype":"U16","shape":[0,2],"data_offsets":[4,4]},"c":{"dtype":"U8","shape":[5],"data_offsets":[4,9]}}""")]
    public void What_the_reference_reads_is_read_and_only_a_tensor_of_another_dtype_is_not(string header)
    {
        const string Tensor = "\"a\":{\"shape\":[1],\"more\":[{\"of\":null}],\"dtype\":\"F32\",\"data_offsets\":[0,4]}";
        var file = SafetensorsFile.Build(header.Replace("@", Tensor, StringComparison.Ordinal), header.Contains("[4,9]") ? 9 : 4);
        using var reader = SafetensorsFile.Open(file);

        Assert.Empty(reader.Metadata);
        using var tensor = reader.ReadTensor("a");
        Assert.Equal(0, tensor.item<float>());
        Assert.All(reader.Tensors.Where(entry => entry.Key == "b"), entry =>
        {
            var exception = Assert.Throws<InvalidModelException>(() => reader.ReadTensor("b"));
            Assert.EndsWith($"but found {entry.Value}", exception.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(HostileHeaders))]
    public void A_hostile_header_is_refused_in_one_line_that_says_what_is_wrong(string header, int dataLength, string message) =>
        AssertRefused(SafetensorsFile.Build(header, dataLength), message);

    [Fact]
    public void A_file_cut_off_at_any_byte_is_refused()
    {
        var file = SafetensorsFile.Build(Valid, 12);
        for (var length = 0; length < file.Length; length++)
        {
            var found = $"but found only {length} byte{(length == 1 ? "" : "s")}";
            AssertRefused(file[..length], length < 8 ? $"expected a safetensors file, {found}" : "expected ");
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
        AssertRefused(file, $"a file that is none, or is damaged: its header would have {length} bytes, of 92 at most");
    }

    [Fact]
    public void What_a_file_claims_takes_no_memory()
    {
        using (var stream = File.Create(FilePath))
        {
            stream.Write(BitConverter.GetBytes(100_000_001L));
            stream.SetLength(200_000_000);
        }

        AssertRefused(FilePath, "its header would have 100000001 bytes, of 100000000 at most");
        AssertRefused(SafetensorsFile.Build(A("F32", "[268435456]", "[0,1073741824]"), 8), "to end within the 8 bytes there are");
    }

    [Fact]
    public void More_tensors_than_any_network_has_and_deep_nesting_are_refused()
    {
        var entries = Enumerable.Range(0, 65_537).Select(i => $$"""
            "{{i}}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}
            """);
        var file = SafetensorsFile.Build($"{{{string.Join(",", entries)}}}", 0);
        AssertRefused(file, "expected at most 65536 tensors, but found 65537", int.MaxValue);
        AssertRefused(SafetensorsFile.Build("""{"a":""" + new string('[', 1_000_000), 0), "JSON", int.MaxValue);
    }

    [Theory]
    [InlineData("""{"__metadata__":{"k":"@"}}""")]
    [InlineData("""{"@":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""")]
    [InlineData("""{"a":{"dtype":"@","shape":[0],"data_offsets":[0,0]}}""")]
    public void Text_that_is_not_UTF8_is_refused(string header)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        bytes[Array.IndexOf(bytes, (byte)'@')] = 0xff;
        AssertRefused(SafetensorsFile.Build(bytes, 0), "JSON");
    }

    [Fact]
    public void What_cannot_be_opened_is_named()
    {
        AssertRefused(FilePath, "expected a safetensors file, but found no such file");
        AssertRefused(Folder.Path, "expected a safetensors file, but found a folder");
        AssertRefused(Path.Combine(Folder.Write("file", []), "model.safetensors"), "expected a safetensors file");
    }

    [LinuxFact]
    public void A_device_without_end_is_refused() => AssertRefused("/dev/zero", "a character device");

    [Fact]
    public void A_bool_of_any_other_byte_is_refused_when_it_is_read()
    {
        var file = SafetensorsFile.Build(A("BOOL", "[3]", "[0,3]"), 3);
        file[^1] = 2;
        AssertRefused(file, "expected 0 or 1 in tensors of BOOL");
    }

    [Fact]
    public void A_file_cut_off_while_it_is_open_is_refused_and_one_that_is_refused_is_not_kept_open()
    {
        File.WriteAllBytes(FilePath, SafetensorsFile.Build(Valid, 12));
        using (var reader = SafetensorsReader.Open(FilePath))
        {
            File.WriteAllText(FilePath, "");
            Assert.Throws<InvalidModelException>(() => reader.ReadTensor("a"));
        }

        AssertRefused(FilePath, "");
        using var exclusive = new FileStream(FilePath, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Fact]
    public void A_tensor_is_read_in_place_into_one_with_a_gradient_and_one_of_other_strides()
    {
        using var scope = NewDisposeScope();
        using var reader = Written(arange(6, float32).reshape(2, 3));
        using var layer = nn.Linear(3, 2);
        var weight = layer.weight!;
        var memory = zeros(3, 2);
        var turned = memory.t();
        reader.CopyTo("weight", weight);
        reader.CopyTo("weight", turned);

        Assert.Equal([0f, 1, 2, 3, 4, 5], weight.data<float>().ToArray());
        Assert.True(weight is { requires_grad: true, is_leaf: true });
        Assert.Equal([0f, 3, 1, 4, 2, 5], memory.data<float>().ToArray());
    }

    [Theory]
    [InlineData(ScalarType.Float32, "F32 (3, 2)", 3, 2)]
    [InlineData(ScalarType.Float32, "F32 (6)", 6)]
    [InlineData(ScalarType.Float32, "F32 (4, 2, 3)", 4, 2, 3)]
    [InlineData(ScalarType.Float32, "F32 ()")]
    [InlineData(ScalarType.Int32, "I32 (2, 3)", 2, 3)]
    public void Another_dtype_or_shape_is_refused_and_the_destination_kept(ScalarType type, string expected, params int[] shape)
    {
        using var scope = NewDisposeScope();
        using var reader = Written(ones(2, 3));
        var destination = zeros([.. shape.Select(size => (long)size)], type);

        var exception = Assert.Throws<InvalidModelException>(() => reader.CopyTo("weight", destination));

        Assert.Equal($"{FilePath}: expected weight of {expected}, but found F32 (2, 3)", exception.Message);
        Assert.Equal(0, destination.count_nonzero().item<long>());
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_named_and_reading_and_refusing_leave_no_tensor_behind()
    {
        using var weight = ones(3, 2);
        using var other = zeros(7);
        TensorAssert.NoneIsLeftBehind(() =>
        {
            using var reader = Written(weight);
            reader.ReadTensor("weight").Dispose();
            reader.CopyTo("weight", weight);
            var exception = Assert.Throws<InvalidModelException>(() => reader.ReadTensor("bias"));
            Assert.Equal($"{FilePath}: expected a tensor bias, but found none of that name among its 1", exception.Message);
            Assert.Throws<InvalidModelException>(() => reader.CopyTo("weight", other));
            File.WriteAllText(FilePath, "");
            Assert.Throws<InvalidModelException>(() => reader.ReadTensor("weight"));
            Assert.Throws<InvalidModelException>(() => reader.CopyTo("weight", weight));
        });
    }

    private static string A(string dtype, string shape, string offsets) =>
        $$$"""{"a":{"dtype":"{{{dtype}}}","shape":{{{shape}}},"data_offsets":{{{offsets}}}}}""";

    private static string AB(string shape, string offsets, string otherShape, string otherOffsets) =>
        $"{A("U8", shape, offsets)[..^1]},{A("U8", otherShape, otherOffsets)[1..].Replace("\"a\"", "\"b\"", StringComparison.Ordinal)}";

    private SafetensorsReader Written(Tensor weight)
    {
        SafetensorsFile.Write(FilePath, [new("weight", weight)]);
        return SafetensorsReader.Open(FilePath);
    }

    private static void AssertRefused(string path, string message) =>
        AssertRefused(path, () => SafetensorsReader.Open(path), message, 64 << 10);

    private static void AssertRefused(byte[] file, string message, int mostBytes = 64 << 10) =>
        AssertRefused(SafetensorsFile.Name, () => SafetensorsFile.Open(file), message, mostBytes);

    // Reads all of a file, so that nothing it holds is left unchecked.
    private static void AssertRefused(string path, Func<SafetensorsReader> open, string message, int mostBytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<InvalidModelException>(() =>
        {
            using var reader = open();
            reader.Tensors.Keys.ToList().ForEach(name => reader.ReadTensor(name).Dispose());
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, mostBytes);
        Assert.StartsWith($"{path}: expected ", exception.Message);
        Assert.Contains(message, exception.Message);
        Assert.DoesNotContain(exception.Message, char.IsControl);
        Assert.Equal(path, exception.Path);
    }
}
