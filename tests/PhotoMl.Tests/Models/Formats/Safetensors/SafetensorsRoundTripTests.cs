namespace PhotoMl.Tests.Models;

public sealed class SafetensorsRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("model.safetensors");

    [Theory]
    [InlineData(ScalarType.Bool, "BOOL")]
    [InlineData(ScalarType.Byte, "U8")]
    [InlineData(ScalarType.Int8, "I8")]
    [InlineData(ScalarType.Int16, "I16")]
    [InlineData(ScalarType.Int32, "I32")]
    [InlineData(ScalarType.Int64, "I64")]
    [InlineData(ScalarType.Float16, "F16")]
    [InlineData(ScalarType.BFloat16, "BF16")]
    [InlineData(ScalarType.Float32, "F32")]
    [InlineData(ScalarType.Float64, "F64")]
    public void Every_dtype_round_trips(ScalarType type, string name)
    {
        using var scope = NewDisposeScope();
        var written = tensor(new float[] { 0, 1, 1, 0, 1, 0 }).to(type).reshape(2, 3);
        SafetensorsWriter.Write(FilePath, [new("weight", written)]);

        using var reader = SafetensorsReader.Open(FilePath);
        var entry = reader.Tensors["weight"];
        var read = reader.ReadTensor("weight");

        Assert.Equal("weight", entry.Name);
        Assert.Equal($"{name} (2, 3)", entry.ToString());
        Assert.Equal(type, read.dtype);
        Assert.Equal(written.bytes.ToArray(), read.bytes.ToArray());
        Assert.Equal(written.bytes.ToArray(), reader.ReadBytes("weight"));
    }

    [Fact]
    public void The_order_of_the_tensors_and_the_metadata_are_kept()
    {
        using var scope = NewDisposeScope();
        var metadata = new Dictionary<string, string> { ["photoml"] = """{"kind":"classifier"}""", ["ä\n\"\\"] = "\u0000 Ω 🙂" };
        SafetensorsWriter.Write(FilePath, [new("b", ones(2)), new("a", zeros(0, 3)), new("c", tensor(1.5f))], metadata);

        using var reader = SafetensorsReader.Open(FilePath);

        Assert.Equal(["b", "a", "c"], reader.Tensors.Keys);
        Assert.Equal(metadata, reader.Metadata);
        Assert.Equal([0, 3], reader.ReadTensor("a").shape);
        Assert.Equal(1.5f, reader.ReadTensor("c").item<float>());
    }

    public void Dispose() => _folder.Dispose();
}
