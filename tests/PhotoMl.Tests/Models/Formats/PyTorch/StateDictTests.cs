using System.IO.Compression;

namespace PhotoMl.Tests.Models;

/// <summary>What is read of a state_dict, and what is written.</summary>
public sealed class StateDictTests : FolderTests
{
    private const string Name = "}X\u0001\0\0\0w";
    private const string Tensor =
        "ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\u00000X\u0003\0\0\0cpuK\u0006tQ";
    private const string Rest = "\u0089ccollections\nOrderedDict\n)RtR";
    private const string Whole = Name + Tensor + "K\0(K\u0002K\u0003t(K\u0003K\u0001t" + Rest + "s";

    private string FilePath => Folder.File("weights.pt");

    [Theory]
    [InlineData("\u0080\u0002cos\nsystem\n(X\u0004\0\0\0truetR.", "but found os.system; nothing in it was run")]
    [InlineData("\u0080\u0002cposix\nsystem\nX\u0004\0\0\0true\u0085R.", "but found posix.system; nothing")]
    [InlineData("\u0080\u0002cbuiltins\neval\n.", "but found builtins.eval; nothing")]
    [InlineData("\u0080\u0002c\u0007\n\u001b\n.", "but found ?.?; nothing")]
    [InlineData("\u0080\u0002S'text'\n.", "opcode 0x53 at byte 2")]
    [InlineData("\u0080\u0004\u0095\u0003\0\0\0\0\0\0\0}.", "a frame without its end")]
    [InlineData("\u0080\u0004\u008C\u0002os\u008C\u0006system\u0093.", "but found os.system; nothing in it was run")]
    [InlineData("\u0080\u0004K\u0001\u008C\u0006system\u0093.", "a name in two texts, but found another object")]
    [InlineData("\u0080\u0004\u0094.", "nothing to work on")]
    [InlineData("\u0080\u0004\u008F.", "opcode 0x8F at byte 2")]
    [InlineData("\u0080\u0009}.", "a pickle of protocol 5 at most, but found protocol 9")]
    [InlineData("}(K\u0001u.", "a value for every key")]
    [InlineData("}N", "its end after 2 bytes")]
    [InlineData("t.", "a list without its beginning")]
    [InlineData("h\u0005.", "a reference to object 5")]
    [InlineData("K\u0001.", "a dictionary of tensors, but found another object")]
    [InlineData("}.", "a checkpoint with exactly one, but found none")]
    [InlineData("}X\u0001\0\0\0aK\u0001s.", "a checkpoint with exactly one, but found none")]
    [InlineData("}(X\u0001\0\0\0a" + Whole + "X\u0001\0\0\0b" + Whole + "u.", "a checkpoint with exactly one, but found those of a, b")]
    [InlineData(Name + Tensor + "K\u0001(K\u0002K\u0003t(K\u0003K\u0001t" + Rest + "s.", "of sizes (2, 3), strides (3, 1) and offset 1")]
    [InlineData(Name + Tensor + "K\0(K\u00ff\u0085(K\0t" + Rest + "s.", "")]
    [InlineData(Name + Tensor + "K\0K\u00ff\u0085K\0\u0085" + Rest + "s.", "found one of sizes (255), strides (0)")]
    [InlineData(Name + Tensor + "K\0J\u00ff\u00ff\u00ff\u00ff\u0085K\u0001\u0085" + Rest + "s.", "found one of sizes (-1)")]
    public void A_pickle_of_anything_else_is_refused_and_named(string pickle, string message)
    {
        WriteZip(Encoding.Latin1.GetBytes(pickle), new byte[24]);
        AssertRefused(message);
    }

    [Theory]
    [InlineData("K\0(K\u0002K\u0003t(K\u0003K\u0001t", new float[] { 0, 1, 2, 3, 4, 5 }, new long[] { 2, 3 })]
    [InlineData("K\0(K\u0003K\u0002t(K\u0001K\u0003t", new float[] { 0, 3, 1, 4, 2, 5 }, new long[] { 3, 2 })]
    [InlineData("K\u0001K\u0003\u0085K\u0002\u0085", new float[] { 1, 3, 5 }, new long[] { 3 })]
    [InlineData("K\u0005))", new float[] { 5 }, new long[0])]
    public void A_view_is_gathered_whatever_its_strides(string view, float[] expected, long[] shape)
    {
        byte[] data = [.. Enumerable.Range(0, 6).SelectMany(value => BitConverter.GetBytes((float)value))];
        WriteZip(Encoding.Latin1.GetBytes(Name + Tensor + view + Rest + "s."), data);
        using var reader = TensorReader.OpenAny(FilePath);
        using var tensor = reader.ReadTensor("w");

        Assert.Equal(shape, tensor.shape);
        Assert.Equal(expected, tensor.data<float>().ToArray());
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model")]
    public void A_checkpoint_gives_its_only_dictionary_of_tensors(string key)
    {
        // Beside it the number of the epoch, an optimizer's state {"state": {0: {"w": tensor}}} and a random state.
        var pickle = $"}}(X\u0005\0\0\0epochK\u0007X{(char)key.Length}\0\0\0{key}{Whole}X\u0003\0\0\0opt}}X\u0005\0\0\0state}}K\0{Whole}ss"
            + $"{Whole[1..^1]}u.";
        WriteZip(Encoding.Latin1.GetBytes(pickle), new byte[24]);
        using var reader = TensorReader.OpenAny(FilePath);

        Assert.Equal("F32 (2, 3)", Assert.Single(reader.Tensors).Value.ToString());
        Assert.Equal([$"of this checkpoint the tensors of {key} are taken."], reader.Notices);
    }

    [Fact]
    public void Plain_values_beside_the_tensors_of_a_dictionary_are_left_out()
    {
        WriteZip(Encoding.Latin1.GetBytes($"{Whole[..^1]}sX\u0005\0\0\0epochK\u0007sK\u0001}}s."), new byte[24]);
        using var reader = TensorReader.OpenAny(FilePath);
        Assert.Equal(["w"], reader.Tensors.Keys);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void A_pickle_of_a_newer_protocol_is_read(byte protocol)
    {
        const string Dict = "\u008C\u000Bcollections\u0094\u008C\u000BOrderedDict\u0094\u0093\u0094)R\u0094";
        const string Storage = "(\u008C\u0007storage\u0094\u008C\u0005torch\u0094\u008C\u000CFloatStorage\u0094\u0093\u0094"
            + "\u008C\u00010\u0094\u008C\u0003cpu\u0094K\u0006t\u0094Q";
        const string Rebuild = "\u008C\u000Ctorch._utils\u0094\u008C\u0012_rebuild_tensor_v2\u0094\u0093\u0094";
        const string View = "K\0K\u0002K\u0003\u0086\u0094K\u0003K\u0001\u0086\u0094";
        var body = $"{Dict}\u008C\u0001w\u0094{Rebuild}({Storage}{View}\u0089h\u0002)R\u0094t\u0094R\u0094s.";
        WriteZip(Encoding.Latin1.GetBytes($"\u0080{(char)protocol}\u0095{(char)body.Length}\0\0\0\0\0\0\0{body}"), new byte[24]);
        using var reader = TensorReader.OpenAny(FilePath);

        Assert.Equal("F32 (2, 3)", Assert.Single(reader.Tensors).Value.ToString());
    }

    [Fact]
    public void Data_of_another_checksum_are_refused_as_their_tensor_is_read()
    {
        WriteZip(Encoding.Latin1.GetBytes($"{Whole}."), [.. Enumerable.Repeat((byte)'@', 24)]);
        var bytes = File.ReadAllBytes(FilePath);
        bytes[bytes.AsSpan().IndexOf("@@@@"u8) + 5] ^= 1;
        File.WriteAllBytes(FilePath, bytes);
        using var reader = TensorReader.OpenAny(FilePath);

        var exception = Assert.Throws<InvalidModelException>(() => reader.ReadTensor("w"));
        Assert.Matches("expected weights/data/0 of CRC-32 [0-9a-f]{8}, but found [0-9a-f]{8}: the file is damaged$", exception.Message);
    }

    [Fact]
    public void A_file_of_before_1_6_a_compressed_one_and_one_of_another_byte_order_are_refused()
    {
        File.WriteAllBytes(FilePath, [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46]);
        AssertRefused("torch before 1.6");
        WriteZip([.. Enumerable.Repeat((byte)'N', 1000)], [], level: CompressionLevel.Optimal);
        AssertRefused("not compressed");
        WriteZip("}."u8.ToArray(), [], "big");
        AssertRefused("little-endian");
        WriteZip(Encoding.Latin1.GetBytes($"{Name}{Tensor}K\0(K\u0002K\u0003t(K\u0003K\u0001t{Rest}s."), new byte[23]);
        AssertRefused("6 elements of F32 in a storage, but found 23 bytes");
        File.Delete(FilePath);
        AssertRefused("no such file");
    }

    [Fact]
    public void Data_that_claim_more_than_the_file_has_take_no_memory()
    {
        const int Claimed = 2_000_000_000;
        var elements = Encoding.Latin1.GetString(BitConverter.GetBytes(Claimed / 4));
        var pickle = $"{Whole}.".Replace("cpuK\u0006", $"cpuJ{elements}", StringComparison.Ordinal);
        WriteZip(Encoding.Latin1.GetBytes(pickle), new byte[24]);
        var bytes = File.ReadAllBytes(FilePath).AsSpan();
        for (var at = bytes.IndexOf(Sizes(24)); at >= 0; at = bytes.IndexOf(Sizes(24)))
        {
            Sizes(Claimed).CopyTo(bytes[at..]);
        }

        File.WriteAllBytes(FilePath, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var reader = TensorReader.OpenAny(FilePath);
        Assert.Throws<InvalidModelException>(() => reader.ReadTensor("w"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);

        static byte[] Sizes(int size) => [.. BitConverter.GetBytes(size), .. BitConverter.GetBytes(size)];
    }

    [Fact]
    public void A_zip_file_of_something_else_is_named_by_what_it_holds()
    {
        using (var zip = ZipFile.Open(FilePath, ZipArchiveMode.Create))
        {
            zip.CreateEntry("config.json");
            zip.CreateEntry("model.weights.h5");
        }

        AssertRefused("but found a zip file of config.json, model.weights.h5 without data.pkl");
    }

    [Fact]
    public void A_file_is_known_by_what_it_holds_not_by_its_name()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["w"] = ones(2) };
        SafetensorsFile.Write(FilePath, tensors);
        using var safetensors = TensorReader.OpenAny(FilePath);
        StateDictFile.Write(Folder.File("weights.safetensors"), tensors);
        using var stateDict = TensorReader.OpenAny(Folder.File("weights.safetensors"));

        Assert.IsType<SafetensorsReader>(safetensors);
        Assert.IsType<StateDictReader>(stateDict);
    }

    [Fact]
    public void Every_dtype_round_trips()
    {
        using var scope = NewDisposeScope();
        foreach (var name in TensorDtype.Names.Split(", "))
        {
            var type = TensorDtype.Find(name)!.Type;
            var written = tensor(new float[] { 0, 1, 1, 0, 1, 0 }).to(type).reshape(2, 3);
            var tensors = new Dictionary<string, Tensor> { ["b"] = written, ["a"] = written.t() };
            (tensors["empty"], tensors["scalar"]) = (empty([0, 3], type), written[0, 1]);
            StateDictFile.Write(FilePath, tensors);
            var read = StateDictFile.Read(FilePath);

            Assert.Equal(["b", "a", "empty", "scalar"], read.Keys);
            TensorAssert.Equal(written, read["b"]);
            TensorAssert.Equal(written.t().contiguous(), read["a"]);
            Assert.Equal([0L, 3L], read["empty"].shape);
            Assert.Equal(1, read["scalar"].to(ScalarType.Float32).item<float>());
            Assert.All(read.Values, tensor => Assert.Equal(type, tensor.dtype));
        }
    }

    [Fact]
    public void The_file_names_no_time_and_its_data_are_not_compressed()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["a"] = tensor(Enumerable.Repeat(0x41424344, 5).ToArray()) };
        tensors["b"] = tensor(Enumerable.Repeat(0x45464748, 5).ToArray());
        StateDictFile.Write(FilePath, tensors);
        var first = File.ReadAllBytes(FilePath);
        using (var zip = ZipFile.OpenRead(FilePath))
        {
            Assert.All(zip.Entries, entry => Assert.Equal("1980-01-01T00:00:00", $"{entry.LastWriteTime:s}"));
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
        var pickle = PickleWriter.Write([("w", new StoredTensor(new TensorStorage(TensorDtype.Find("F32")!, "0", 6), 0, [2, 3], [3, 1]))]);

        Assert.Equal(Expected, System.Text.Encoding.Latin1.GetString(pickle));
    }

    private void AssertRefused(string message)
    {
        var exception = Assert.Throws<InvalidModelException>(() => TensorReader.OpenAny(FilePath));
        Assert.StartsWith($"{FilePath}: expected ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(exception.Message, char.IsControl);
    }

    private void WriteZip(byte[] pickle, byte[] data, string order = "little", CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var zip = new ZipArchive(File.Create(FilePath), ZipArchiveMode.Create);
        foreach (var (name, bytes) in new[] { ("data.pkl", pickle), ("byteorder", Encoding.ASCII.GetBytes(order)), ("data/0", data) })
        {
            using var entry = zip.CreateEntry($"weights/{name}", level).Open();
            entry.Write(bytes);
        }
    }
}
