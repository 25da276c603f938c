using System.Buffers.Binary;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace PhotoMl.Tests.Models;

public sealed class HostileGeneratorFileTests : IDisposable
{
    // A file of 5 MB, of which a network of as much is made: nothing that grows with what the file claims.
    private const long MostAllocatedBytes = 16 << 20;

    private static readonly Dictionary<string, Func<byte[]>> Files = new()
    {
        ["an empty file"] = () => [],
        ["a header length of 2^63 - 1"] = () => [.. BitConverter.GetBytes(long.MaxValue), .. Valid.AsSpan(8)],
        ["a byte too many"] = () => [.. Valid, 0],
        ["no metadata"] = () => File.WithHeader(header => header.Remove("__metadata__")),
        ["a missing weight"] = () => File.WithHeader(header => header.Remove("conv1.weight")),
        ["a missing last tensor"] = WithoutLastTensor,
        ["an extra tensor"] = () => File.WithHeader(header => header["extra"] = Entry("F32", [0], 0, 0)),
        ["an extra tensor of many lines"] = () => File.WithHeader(header => header["ex\r\ntra\u001b[2J"] = Entry("F32", [0], 0, 0)),
        ["a bias as of another library"] = () => File.WithHeader(header => header["conv1.bias"] = Entry("F32", [0], 0, 0)),
        ["a renamed tensor"] = () => Renamed("norm2.weight", "norm2.gamma"),
        ["a weight of another dtype"] = () => File.WithHeader(header => header["norm2.weight"]!["dtype"] = "I32"),
        ["a weight of another shape"] = () => File.WithHeader(header => header["norm2.weight"]!["shape"] = new JsonArray(2, 64)),
        ["a weight with its channels swapped"] = () => File.WithHeader(header => header["conv1.weight"]!["shape"] = new JsonArray(128, 256, 5, 5)),
        ["a dense weight transposed"] = () => File.WithHeader(header => header["dense.weight"]!["shape"] = new JsonArray(7, 12_544)),
        ["a counter of floats"] = () => File.WithHeader(header => header["norm1.num_batches_tracked"]!["dtype"] = "F64"),
        ["a counter of unsigned integers"] = () => File.WithHeader(header => header["norm1.num_batches_tracked"]!["dtype"] = "U64"),
        ["a counter of one dimension"] = () => File.WithHeader(header => header["norm1.num_batches_tracked"]!["shape"] = new JsonArray(1)),
        ["a NaN weight"] = () => File.WithWeight("dense.weight", float.NaN),
        ["an infinite bias"] = () => File.WithWeight("norm3.bias", float.PositiveInfinity),
        ["a NaN mean"] = () => File.WithWeight("norm1.running_mean", float.NaN),
        ["an infinite variance"] = () => File.WithWeight("norm2.running_var", float.PositiveInfinity),
        ["a negative variance"] = () => File.WithWeight("norm2.running_var", -5),
        ["a weight changed behind its back"] = () => File.WithWeight("norm3.bias", 5),
        ["a weight so large that the pictures overflow"] = () => File.WithWeight("conv2.weight", 3e38f),

        ["metadata that are no JSON"] = () => File.WithMetadata(_ => "hello"),
        ["metadata of null"] = () => File.WithMetadata(_ => "null"),
        ["metadata of an empty object"] = () => File.WithMetadata(_ => "{}"),
        ["metadata nested too deep"] = () => File.WithMetadata(_ => new string('[', 10_000) + new string(']', 10_000)),
        ["metadata of no kind"] = () => File.WithInfo(info => info.Remove("kind")),
        ["a kind of null"] = () => File.WithInfo(info => info["kind"] = null),
        ["a kind of a number"] = () => File.WithInfo(info => info["kind"] = 5),
        ["a kind of two lines"] = () => File.WithInfo(info => info["kind"] = "gener\nator"),
        ["a newer format"] = () => File.WithInfo(info => info["format_version"] = GeneratorInfo.CurrentFormat + 1),
        ["format 0"] = () => File.WithInfo(info => info["format_version"] = 0),
        ["format 10^12"] = () => File.WithInfo(info => info["format_version"] = 1_000_000_000_000),
        ["no info"] = () => File.WithStored(stored => stored.Remove("info")),
        ["no network"] = () => File.WithInfo(info => info.Remove("network")),
        ["a network of null"] = () => File.WithInfo(info => info["network"] = null),
        ["a network of text"] = () => File.WithInfo(info => info["network"] = "big"),
        ["two channels"] = () => File.WithInfo(info => info["network"]!["channels"] = 2),
        ["a height of 27"] = () => File.WithInfo(info => info["network"]!["height"] = 27),
        ["a width of 65"] = () => File.WithInfo(info => info["network"]!["width"] = 65),
        ["a width of 2^31 - 1"] = () => File.WithInfo(info => info["network"]!["width"] = int.MaxValue),
        ["no random numbers"] = () => File.WithInfo(info => info["network"]!["latent"] = 0),
        ["too many random numbers"] = () => File.WithInfo(info => info["network"]!["latent"] = 1025),
        ["classes below none"] = () => File.WithInfo(info => info["network"]!["classes"] = -1),
        ["too many classes"] = () => File.WithInfo(info => info["network"]!["classes"] = 10_001),
        ["a network of another size"] = () => File.WithInfo(info => info["network"]!["width"] = 32),
        ["a network of another channel"] = () => File.WithInfo(info => info["network"]!["channels"] = 3),
        ["the largest network there is"] = WithLargestNetwork,
        ["too few class names"] = () => File.WithInfo(info => info["class_names"] = new JsonArray("one", "two")),
        ["too many class names"] = () => File.WithInfo(info => info["class_names"]!.AsArray().Add("one more")),
        ["no class names"] = () => File.WithInfo(info => info.Remove("class_names")),
        ["class names of null"] = () => File.WithInfo(info => info["class_names"] = null),
        ["a class name of null"] = () => File.WithInfo(info => info["class_names"] = new JsonArray("one", null, "three")),
        ["class names that are numbers"] = () => File.WithInfo(info => info["class_names"] = new JsonArray(1, 2, 3)),
        ["training of text"] = () => File.WithInfo(info => info["training"] = "long"),
        ["no pictures"] = () => File.WithStored(stored => stored.Remove("golden_pictures")),
        ["pictures of null"] = () => File.WithStored(stored => stored["golden_pictures"] = null),
        ["pictures without pixels"] = () => File.WithStored(stored => stored["golden_pictures"] = new JsonObject()),
        ["pixels of null"] = () => File.WithStored(stored => stored["golden_pictures"]!["pixels"] = null),
        ["pixels that are no base64"] = () => File.WithStored(stored => stored["golden_pictures"]!["pixels"] = "!"),
        ["not one pixel"] = () => WithPixels([]),
        ["other pixels"] = () => WithPixels(new byte[4 * 784]),
        ["a pixel too few"] = () => WithPixels(Pixels()[..^1]),
        ["a picture too many"] = () => WithPixels([.. Pixels(), .. Pixels()[..784]]),
        ["a pixel three levels off"] = () => WithPixels([(byte)(Pixels()[0] + (Pixels()[0] < 128 ? 3 : -3)), .. Pixels()[1..]]),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> FileNames => [.. Files.Keys];

    private static EditableModelFile File => GeneratorFileBytes.File;

    private static byte[] Valid => File.Valid;

    private string FilePath => _folder.File("model.safetensors");

    [Theory]
    [MemberData(nameof(FileNames))]
    public void A_file_that_cannot_be_of_a_generator_gives_one_error_that_names_it(string name)
    {
        System.IO.File.WriteAllBytes(FilePath, Files[name]());

        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<InvalidModelException>(() => GeneratorFile.Load(FilePath));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.StartsWith($"{FilePath}: expected ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(exception.Message, char.IsControl);
        Assert.InRange(allocated, 0, MostAllocatedBytes);
    }

    [Fact]
    public void Pictures_two_levels_off_as_another_processor_makes_them_are_accepted()
    {
        System.IO.File.WriteAllBytes(FilePath, WithPixels([.. Pixels().Select(value => (byte)(value < 128 ? value + 2 : value - 2))]));

        GeneratorFile.Load(FilePath).Dispose();
    }

    [Fact]
    public void A_generator_whose_pictures_are_no_numbers_is_refused_though_the_file_agrees_with_itself()
    {
        using (var model = new DcganGenerator(GeneratorFileBytes.Network))
        {
            using var withoutGradients = TorchSharp.torch.no_grad();
            model.get_buffer("norm2.running_var")!.fill_(-1);
            GeneratorFile.Save(FilePath, model, Generators.Info(model.Options));
        }

        Assert.Throws<InvalidModelException>(() => GeneratorFile.Load(FilePath));
    }

    [Fact]
    public void The_counters_of_batches_may_be_any_number()
    {
        System.IO.File.WriteAllBytes(FilePath, File.WithData("norm1.num_batches_tracked", data => BinaryPrimitives.WriteInt64LittleEndian(data, long.MinValue)));

        GeneratorFile.Load(FilePath).Dispose();
    }

    [Fact]
    public void A_file_cut_anywhere_gives_one_error_that_names_it()
    {
        var header = File.HeaderLength;
        var offsets = Enumerable.Range(0, 20)
            .Concat(Enumerable.Range(1, header / 97).Select(i => i * 97))
            .Concat(Enumerable.Range(0, 30).Select(i => header + 8 + (int)((long)i * File.Data.Length / 30)))
            .Append(Valid.Length - 1);
        foreach (var offset in offsets)
        {
            System.IO.File.WriteAllBytes(FilePath, Valid[..offset]);
            Assert.StartsWith($"{FilePath}: expected ", Assert.Throws<InvalidModelException>(() => GeneratorFile.Load(FilePath)).Message, StringComparison.Ordinal);
            Assert.Throws<InvalidModelException>(() => ModelFile.ReadKind(FilePath));
        }
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        Assert.Contains("no such file", Assert.Throws<InvalidModelException>(() => GeneratorFile.Load(_folder.File("none"))).Message, StringComparison.Ordinal);
        Assert.Contains("a folder", Assert.Throws<InvalidModelException>(() => GeneratorFile.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Property(MaxTest = 60)]
    public Property A_header_with_any_bytes_changed_loads_or_is_refused()
    {
        var change = Gen.Choose(0, File.HeaderLength + 7).SelectMany(at => Gen.Choose(0, 255).Select(value => (at, value)));
        return Prop.ForAll(Gen.NonEmptyListOf(change).ToArbitrary(), changes =>
        {
            byte[] bytes = [.. Valid];
            foreach (var (at, value) in changes.Take(4))
            {
                bytes[at] = (byte)value;
            }

            LoadOrRefuse(bytes);
        });
    }

    [Property(MaxTest = 60)]
    public Property Metadata_with_any_characters_changed_load_or_are_refused()
    {
        var text = JsonNode.Parse(File.Header)!["__metadata__"]!["photoml"]!.GetValue<string>();
        var end = text.IndexOf("golden_pictures", StringComparison.Ordinal);
        var change = Gen.Choose(0, end).SelectMany(at => Gen.Elements("0123456789-.eE\"{}[],:ntfx\\\n".ToCharArray()).Select(value => (at, value)));
        return Prop.ForAll(Gen.NonEmptyListOf(change).ToArbitrary(), changes =>
        {
            var characters = text.ToCharArray();
            foreach (var (at, value) in changes.Take(4))
            {
                characters[at] = value;
            }

            LoadOrRefuse(File.WithMetadata(_ => new string(characters)));
        });
    }

    public void Dispose() => _folder.Dispose();

    private void LoadOrRefuse(byte[] bytes)
    {
        System.IO.File.WriteAllBytes(FilePath, bytes);
        try
        {
            GeneratorFile.Load(FilePath).Dispose();
        }
        catch (InvalidModelException exception)
        {
            Assert.DoesNotContain(exception.Message, char.IsControl);
        }
    }

    private static JsonObject Entry(string dtype, int[] shape, int start, int end) => new()
    {
        ["dtype"] = dtype,
        ["shape"] = new JsonArray([.. shape.Select(size => (JsonNode)size)]),
        ["data_offsets"] = new JsonArray(start, end),
    };

    private static byte[] Renamed(string name, string other) =>
        EditableModelFile.Compose(File.Header.Replace($"\"{name}\"", $"\"{other}\"", StringComparison.Ordinal), File.Data);

    private static byte[] WithoutLastTensor()
    {
        var header = JsonNode.Parse(File.Header)!.AsObject();
        var last = header.Where(entry => entry.Key != "__metadata__").MaxBy(entry => entry.Value!["data_offsets"]![1]!.GetValue<int>());
        var start = last.Value!["data_offsets"]![0]!.GetValue<int>();
        header.Remove(last.Key);
        return EditableModelFile.Compose(header.ToJsonString(), File.Data[..start]);
    }

    private static byte[] WithLargestNetwork() => File.WithInfo(info =>
    {
        info["network"] = new JsonObject { ["channels"] = 3, ["height"] = 64, ["width"] = 64, ["latent"] = 1024, ["classes"] = 10_000 };
        info["class_names"] = new JsonArray([.. Enumerable.Range(0, 10_000).Select(index => (JsonNode)$"{index}")]);
    });

    private static byte[] Pixels() =>
        Convert.FromBase64String(JsonNode.Parse(JsonNode.Parse(File.Header)!["__metadata__"]!["photoml"]!.GetValue<string>())!["golden_pictures"]!["pixels"]!.GetValue<string>());

    private static byte[] WithPixels(byte[] pixels) => File.WithStored(stored => stored["golden_pictures"]!["pixels"] = Convert.ToBase64String(pixels));
}
