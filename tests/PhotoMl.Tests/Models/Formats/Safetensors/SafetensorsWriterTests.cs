using TorchSharp;

namespace PhotoMl.Tests.Models;

/// <summary>What is written is what the format says, and comes back.</summary>
public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    private string FilePath => _folder.File("model.safetensors");

    [Fact]
    public void A_file_is_byte_for_byte_what_the_format_says()
    {
        var metadata = new Dictionary<string, string> { ["photoml"] = """{"a":1}""" };
        SafetensorsWriter.Write(FilePath, [new("ü", tensor(new[] { 1f, 2 })), new("n", tensor(3L))], metadata);

        var file = File.ReadAllBytes(FilePath);
        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(file);
        const string Header = """{"__metadata__":{"photoml":"{\"a\":1}"}"""
            + ""","ü":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}""";
        Assert.Equal(0, headerLength % 8);
        Assert.Equal(Header, Encoding.UTF8.GetString(file, 8, (int)headerLength).TrimEnd(' '));
        Assert.Equal([3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40], file[(8 + (int)headerLength)..]);
    }

    [Fact]
    public void The_order_of_the_tensors_and_the_metadata_are_kept()
    {
        var metadata = new Dictionary<string, string> { ["photoml"] = """{"kind":"classifier"}""", ["ä\n\"\\"] = "\u0000 Ω 🙂" };
        SafetensorsWriter.Write(FilePath, [new("b", ones(2)), new("a", zeros(0, 3)), new("c", tensor(1.5f))], metadata);
        using var reader = SafetensorsReader.Open(FilePath);

        Assert.Equal(["b", "a", "c"], reader.Tensors.Keys);
        Assert.Equal(metadata, reader.Metadata);
        Assert.Equal([0, 3], reader.ReadTensor("a").shape);
        Assert.Equal(1.5f, reader.ReadTensor("c").item<float>());
        SafetensorsFile.Write(FilePath, []);
        using var empty = SafetensorsReader.Open(FilePath);
        Assert.Empty(empty.Tensors);
        Assert.Empty(empty.Metadata);
    }

    [Fact]
    public void A_source_of_other_strides_or_a_part_of_another_is_written_in_row_major_order()
    {
        var source = arange(6, float32);
        SafetensorsFile.Write(FilePath, [new("turned", source.reshape(3, 2).t().requires_grad_()), new("part", source.narrow(0, 2, 2))]);
        using var reader = SafetensorsReader.Open(FilePath);

        Assert.Equal([0f, 2, 4, 1, 3, 5], reader.ReadTensor("turned").data<float>().ToArray());
        Assert.Equal([2f, 3], reader.ReadTensor("part").data<float>().ToArray());
    }

    [Fact]
    public void A_tensor_larger_than_one_piece_of_memory_round_trips()
    {
        var large = arange(5_000_000, int64);
        SafetensorsFile.Write(FilePath, [new("large", large)]);
        using var reader = SafetensorsReader.Open(FilePath);

        Assert.True(reader.ReadTensor("large").bytes.SequenceEqual(large.bytes));
    }

    [Fact]
    public void What_no_file_can_hold_is_refused_before_a_file_is_made()
    {
        var one = ones(1);
        AssertRefused("a", [new("a", one), new("a", one)]);
        AssertRefused("__metadata__", [new("__metadata__", one)]);
        AssertRefused("ComplexFloat32", [new("a", zeros([1], complex64))]);
        Assert.Throws<OutputException>(() => SafetensorsFile.Write(_folder.File("missing/model.safetensors"), []));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private void AssertRefused(string message, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var exception = Assert.ThrowsAny<ArgumentException>(() => SafetensorsFile.Write(FilePath, tensors));
        Assert.Contains(message, exception.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }
}
