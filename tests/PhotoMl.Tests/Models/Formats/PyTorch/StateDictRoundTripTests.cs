using System.IO.Compression;

namespace PhotoMl.Tests.Models;

public sealed class StateDictRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("weights.pth");

    [Theory]
    [InlineData(ScalarType.Bool)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Every_dtype_round_trips(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var written = tensor(new float[] { 0, 1, 1, 0, 1, 0 }).to(type).reshape(2, 3);
        StateDictFile.Write(FilePath, new Dictionary<string, Tensor> { ["b"] = written, ["a"] = written.t(), ["empty"] = empty([0, 3], type), ["scalar"] = written[0, 1] });
        var read = StateDictFile.Read(FilePath);

        Assert.Equal(["b", "a", "empty", "scalar"], read.Keys);
        TensorAssert.Equal(written, read["b"]);
        TensorAssert.Equal(written.t().contiguous(), read["a"]);
        Assert.Equal([0L, 3L], read["empty"].shape);
        Assert.Equal(1, read["scalar"].to(ScalarType.Float32).item<float>());
        Assert.All(read.Values, tensor => Assert.Equal(type, tensor.dtype));
    }

    [Fact]
    public void The_file_names_no_time_and_its_data_are_not_compressed()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["a"] = full(5, 0x41424344, ScalarType.Int32), ["b"] = full(5, 0x45464748, ScalarType.Int32) };
        StateDictFile.Write(FilePath, tensors);
        var first = File.ReadAllBytes(FilePath);
        using (var zip = ZipFile.OpenRead(FilePath))
        {
            Assert.All(zip.Entries, entry => Assert.Equal(new DateTime(1980, 1, 1, 0, 0, 0, DateTimeKind.Unspecified), entry.LastWriteTime.DateTime));
        }

        StateDictFile.Write(FilePath, tensors);
        Assert.Equal(first, File.ReadAllBytes(FilePath));
        Assert.True(first.AsSpan().IndexOf("DCBADCBADCBADCBADCBA"u8) > 0);
        Assert.True(first.AsSpan().IndexOf("HGFEHGFEHGFEHGFEHGFE"u8) > 0);
    }

    [Fact]
    public void The_pickle_of_a_single_tensor_is_as_written_by_hand()
    {
        const string Expected =
            "\u0080\u0002ccollections\nOrderedDict\n)R(X\u0001\0\0\0w"
            + "ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\u00000X\u0003\0\0\0cpuK\u0006tQ"
            + "K\0(K\u0002K\u0003t(K\u0003K\u0001t\u0089ccollections\nOrderedDict\n)RtRu.";
        var pickle = PickleWriter.Write([("w", new StoredTensor(new TensorStorage("F32", "0", 6), 0, [2, 3], [3, 1]))]);

        Assert.Equal(Expected, System.Text.Encoding.Latin1.GetString(pickle));
    }

    public void Dispose() => _folder.Dispose();
}
