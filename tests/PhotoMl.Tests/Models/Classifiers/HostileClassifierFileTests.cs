using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace PhotoMl.Tests.Models;

public sealed class HostileClassifierFileTests : IDisposable
{
    // One copy of the file, its header as text, and its metadata parsed: nothing that grows with what the file claims.
    private const long MostAllocatedBytes = 8 << 20;

    private static readonly Dictionary<string, Func<byte[]>> Files = new()
    {
        ["an empty file"] = () => [],
        ["random bytes"] = () => RandomBytes(5000),
        ["random bytes after a plausible length"] = () => [100, 0, 0, 0, 0, 0, 0, 0, .. RandomBytes(5000)],
        ["a header length of 2^63"] = () => WithHeaderLength(1UL << 63),
        ["a header length of 2^63 - 1"] = () => WithHeaderLength(long.MaxValue),
        ["a header length of 2^64 - 1"] = () => WithHeaderLength(ulong.MaxValue),
        ["a header longer than the file"] = () => WithHeaderLength((ulong)ModelFileBytes.Valid.Length),
        ["a header that is cut"] = () => WithHeaderLength((ulong)ModelFileBytes.HeaderLength / 2),
        ["a byte too many"] = () => [.. ModelFileBytes.Valid, 0],
        ["a gigabyte claimed in a hundred bytes"] = () => ModelFileBytes.Compose("""{"conv1.weight":{"dtype":"F32","shape":[268435456],"data_offsets":[0,1073741824]}}""", []),
        ["2^62 elements claimed"] = () => ModelFileBytes.Compose("""{"conv1.weight":{"dtype":"F32","shape":[2147483648,2147483648],"data_offsets":[0,0]}}""", []),
        ["a deeply nested header"] = () => ModelFileBytes.Compose($$"""{"a":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}""", []),
        ["no metadata"] = () => ModelFileBytes.WithHeader(header => header.Remove("__metadata__")),
        ["metadata of another program"] = () => ModelFileBytes.WithHeader(header => header["__metadata__"] = new JsonObject { ["format"] = "pt" }),
        ["overlapping tensors"] = () => ModelFileBytes.WithHeader(header => header["conv1.bias"]!["data_offsets"] = new JsonArray(0, 128)),
        ["a missing tensor"] = () => ModelFileBytes.WithHeader(header => header.Remove("conv1.bias")),
        ["a missing tensor at the end"] = WithoutLastTensor,
        ["an extra tensor"] = () => ModelFileBytes.WithHeader(header => header["extra"] = Entry("F32", [0], 0, 0)),
        ["a renamed tensor"] = () => ModelFileBytes.WithHeader(header => Rename(header, "conv2.bias", "conv2.bias2")),
        ["a tensor of another dtype"] = () => ModelFileBytes.WithHeader(header => header["conv1.bias"]!["dtype"] = "I32"),
        ["a tensor of an unknown dtype"] = () => ModelFileBytes.WithHeader(header => header["conv1.bias"]!["dtype"] = "F12"),
        ["a tensor of another shape"] = () => ModelFileBytes.WithHeader(header => header["conv1.bias"]!["shape"] = new JsonArray(4, 8)),
        ["a tensor of a negative size"] = () => ModelFileBytes.WithHeader(header => header["conv1.bias"]!["shape"] = new JsonArray(-4, -8)),
        ["swapped shapes"] = () => ModelFileBytes.WithHeader(header => header["conv2.weight"]!["shape"] = new JsonArray(32, 64, 3, 3)),
        ["duplicate keys"] = () => ModelFileBytes.Compose(Header().Replace("\"conv2.bias\"", "\"conv1.bias\"", StringComparison.Ordinal), ModelFileBytes.Data),
        ["a NaN weight"] = () => ModelFileBytes.WithWeight("dense2.bias", float.NaN),
        ["an infinite weight"] = () => ModelFileBytes.WithWeight("conv1.weight", float.NegativeInfinity),
        ["a weight changed behind its back"] = () => ModelFileBytes.WithWeight("dense2.bias", 1),
        ["a weight so large that the logits overflow"] = () => ModelFileBytes.WithWeight("dense2.weight", 3e38f),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> FileNames => [.. Files.Keys];

    private string FilePath => _folder.File("model.safetensors");

    [Theory]
    [MemberData(nameof(FileNames))]
    public void A_damaged_file_gives_one_error_that_names_it(string name) => AssertRefused(Files[name]());

    [Fact]
    public void A_file_cut_anywhere_gives_one_error_that_names_it()
    {
        var header = ModelFileBytes.HeaderLength;
        var offsets = Enumerable.Range(0, 20)
            .Concat(Enumerable.Range(1, (header / 97) + 1).Select(i => i * 97))
            .Concat(Enumerable.Range(0, 60).Select(i => header + 8 + (int)((long)i * ModelFileBytes.Data.Length / 60)))
            .Append(ModelFileBytes.Valid.Length - 1);
        foreach (var offset in offsets)
        {
            AssertRefused(ModelFileBytes.Valid[..offset]);
        }
    }

    [Fact]
    public void A_missing_file_a_folder_and_a_forbidden_file_are_named()
    {
        Assert.Contains("no such file", Refusal(_folder.File("none")).Message, StringComparison.Ordinal);
        Assert.Contains("folder", Refusal(_folder.Path).Message, StringComparison.Ordinal);
    }

    [Property(MaxTest = 300)]
    public Property A_file_with_any_bytes_changed_loads_or_is_refused()
    {
        // Half of the changes hit the header, which is where they hurt.
        var place = Gen.OneOf(Gen.Choose(0, ModelFileBytes.HeaderLength + 8), Gen.Choose(0, ModelFileBytes.Valid.Length - 1));
        var changes = Gen.ArrayOf(place.SelectMany(at => Gen.Choose(0, 255).Select(value => (at, value))));
        return Prop.ForAll(changes.ToArbitrary(), list =>
        {
            byte[] bytes = [.. ModelFileBytes.Valid];
            foreach (var (at, value) in list)
            {
                bytes[at] = (byte)value;
            }

            LoadOrRefuse(bytes);
        });
    }

    [Property(MaxTest = 200)]
    public Property Metadata_with_any_characters_changed_load_or_are_refused()
    {
        var text = "";
        _ = ModelFileBytes.WithMetadata(metadata => text = metadata);
        var change = Gen.Choose(0, text.Length - 1).SelectMany(at => Gen.Elements("0123456789-.eE\"{}[],:ntfx\\".ToCharArray()).Select(value => (at, value)));
        return Prop.ForAll(Gen.NonEmptyListOf(change).ToArbitrary(), list =>
        {
            var characters = text.ToCharArray();
            foreach (var (at, value) in list.Take(5))
            {
                characters[at] = value;
            }

            LoadOrRefuse(ModelFileBytes.WithMetadata(_ => new string(characters)));
        });
    }

    public void Dispose() => _folder.Dispose();

    private static string Header() => Encoding.UTF8.GetString(ModelFileBytes.Valid, 8, ModelFileBytes.HeaderLength);

    private static byte[] WithHeaderLength(ulong length)
    {
        byte[] bytes = [.. ModelFileBytes.Valid];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return bytes;
    }

    private static byte[] WithoutLastTensor()
    {
        var start = 0;
        var bytes = ModelFileBytes.WithHeader(header =>
        {
            start = header["dense2.bias"]!["data_offsets"]![0]!.GetValue<int>();
            header.Remove("dense2.bias");
        });
        return bytes[..^(ModelFileBytes.Data.Length - start)];
    }

    private static byte[] RandomBytes(int count)
    {
        var random = new DeterministicRandom(1);
        return [.. Enumerable.Range(0, count).Select(_ => (byte)random.NextInt32(256))];
    }

    private static JsonObject Entry(string dtype, JsonArray shape, long start, long end) =>
        new() { ["dtype"] = dtype, ["shape"] = shape, ["data_offsets"] = new JsonArray(start, end) };

    private static void Rename(JsonObject header, string from, string to)
    {
        header[to] = header[from]!.DeepClone();
        header.Remove(from);
    }

    private static InvalidModelException Refusal(string path) => Assert.Throws<InvalidModelException>(() => ClassifierFile.Load(path));

    private void AssertRefused(byte[] bytes)
    {
        File.WriteAllBytes(FilePath, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Refusal(FilePath);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.StartsWith($"{FilePath}: expected ", exception.Message, StringComparison.Ordinal);
        Assert.Equal(FilePath, exception.Path);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.InRange(allocated, 0, MostAllocatedBytes);
    }

    private void LoadOrRefuse(byte[] bytes)
    {
        File.WriteAllBytes(FilePath, bytes);
        try
        {
            ClassifierFile.Load(FilePath).Dispose();
        }
        catch (InvalidModelException exception)
        {
            Assert.StartsWith(FilePath, exception.Message, StringComparison.Ordinal);
        }
    }
}
