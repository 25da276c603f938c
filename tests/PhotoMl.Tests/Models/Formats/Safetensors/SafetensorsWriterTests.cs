using System.Buffers.Binary;
using System.Text;

namespace PhotoMl.Tests.Models;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("model.safetensors");

    [Fact]
    public void A_file_is_byte_for_byte_what_the_format_says()
    {
        using var scope = NewDisposeScope();
        var metadata = new Dictionary<string, string> { ["photoml"] = """{"a":1}""" };
        SafetensorsWriter.Write(FilePath, [new("ü", tensor(new[] { 1f, 2 })), new("n", tensor(3L))], metadata);

        var file = File.ReadAllBytes(FilePath);
        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(file);
        const string Header = """{"__metadata__":{"photoml":"{\"a\":1}"},"ü":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}""";
        Assert.Equal(0, headerLength % 8);
        Assert.Equal(Header, Encoding.UTF8.GetString(file, 8, (int)headerLength).TrimEnd(' '));
        Assert.Equal([3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40], file[(8 + (int)headerLength)..]);
    }

    [Fact]
    public void No_tensors_and_no_metadata_make_a_valid_file()
    {
        SafetensorsWriter.Write(FilePath, []);
        using var reader = SafetensorsReader.Open(FilePath);
        Assert.Empty(reader.Tensors);
        Assert.Empty(reader.Metadata);
    }

    [Fact]
    public void An_older_file_is_replaced_while_it_is_open()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(FilePath, [new("a", ones(1))]);
        using var old = SafetensorsReader.Open(FilePath);

        SafetensorsWriter.Write(FilePath, [new("a", zeros(1))]);

        using var current = SafetensorsReader.Open(FilePath);
        Assert.Equal(1f, old.ReadTensor("a").item<float>());
        Assert.Equal(0f, current.ReadTensor("a").item<float>());
    }

    [Fact]
    public void What_the_reader_would_refuse_is_refused_before_a_file_is_made()
    {
        using var scope = NewDisposeScope();
        var one = ones(1);
        AssertRefused("a", [new("a", one), new("a", one)]);
        AssertRefused("__metadata__", [new("__metadata__", one)]);
        AssertRefused("ComplexFloat32", [new("a", zeros([1], complex64))]);
        AssertRefused("9", [new("a", zeros([1, 1, 1, 1, 1, 1, 1, 1, 1]))]);
        AssertRefused("65537", Enumerable.Range(0, 65_537).Select(i => KeyValuePair.Create($"{i}", one)));
    }

    [Fact]
    public void Text_that_UTF8_cannot_hold_is_refused_before_a_file_is_made()
    {
        using var scope = NewDisposeScope();
        AssertRefused("D800", [new("\ud800", ones(1))]);
        AssertRefused("D800", [], new() { ["\ud800"] = "" });
        AssertRefused("D800", [], new() { [""] = "\ud800" });
    }

    [Fact]
    public void A_missing_folder_is_an_output_error() =>
        Assert.Throws<OutputException>(() => SafetensorsWriter.Write(_folder.File("missing/model.safetensors"), []));

    public void Dispose() => _folder.Dispose();

    private void AssertRefused(string message, IEnumerable<KeyValuePair<string, Tensor>> tensors, Dictionary<string, string>? metadata = null)
    {
        var exception = Assert.ThrowsAny<ArgumentException>(() => SafetensorsWriter.Write(FilePath, tensors, metadata));
        Assert.Contains(message, exception.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }
}
