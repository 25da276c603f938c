namespace PhotoMl.Tests.Models;

/// <summary>Whatever stands in the file of a classifier or a generator, it loads or is refused in one line that names it.</summary>
public sealed class HostileModelFileTests : FolderTests
{
    private const string Classifier = "classifier";
    private const string Generator = "generator";

    // A few copies of the file: nothing that grows with what the file claims.
    private const long MostAllocatedBytes = 16 << 20;

    // What is replaced in the metadata, and by what; null removes it. Where no kind is named it is tried in both.
    private static readonly (string? Kind, string Path, string? Json)[] Values =
    [
        (null, "info", null), (null, "info", "null"), (null, "info", "\"text\""),
        (null, "info.kind", null), (null, "info.kind", "null"), (null, "info.kind", "5"), (null, "info.kind", "\"de\\nnoiser\""),
        (null, "info.format_version", null), (null, "info.format_version", "0"), (null, "info.format_version", "99"),
        (null, "info.format_version", "1.5"), (null, "info.format_version", "1000000000000"), (null, "info.format_version", "\"1\""),
        (null, "info.network", null), (null, "info.network", "null"), (null, "info.network", "\"big\""), (null, "info.network.width", "40"),
        (null, "info.network.channels", "3"), (null, "info.network.width", "2147483647"), (null, "info.network.height", "-28"),
        (null, "info.network.height", "17"), (null, "info.network.classes", "-1"), (null, "info.network.classes", "1"),
        (null, "info.class_names", null), (null, "info.class_names", "null"), (null, "info.class_names", "[\"one\",\"two\"]"),
        (null, "info.class_names", "[\"1\",\"2\",\"3\",\"4\"]"), (null, "info.class_names", "[\"one\",null,\"three\"]"),
        (null, "info.class_names", "[1,2,3]"), (null, "info.training", "\"long\""),
        (Classifier, "info.network", """{"channels":16,"height":4096,"width":4096,"classes":3}"""),
        (Classifier, "info.preprocessing", null), (Classifier, "info.preprocessing.version", "2"),
        (Classifier, "info.preprocessing.width", "28"), (Classifier, "info.preprocessing.channels", "3"),
        (Classifier, "info.preprocessing.mean", "null"), (Classifier, "info.preprocessing.mean", "[0.1307]"),
        (Classifier, "info.training", """{"data":"d","class_counts":[5,6]}"""),
        (Classifier, "info.training", """{"data":"d","class_counts":[5,-6,7]}"""),
        (Classifier, "info.scores", "\"good\""), (Classifier, "info.scores", "null"),
        (Classifier, "golden_sample", null), (Classifier, "golden_sample", "null"), (Classifier, "golden_sample.logits", "[]"),
        (Classifier, "golden_sample.logits.0", "5"), (Classifier, "golden_sample.logits.0", "\"NaN\""),
        (Classifier, "golden_sample.logits.0", "\"Infinity\""), (Classifier, "golden_sample.pixels", Pixels(4 * 18 * 20)),
        (Classifier, "info.format_version", "2"), // whose golden sample has pictures
        (Generator, "info.network", """{"channels":3,"height":64,"width":64,"latent":1024,"classes":3}"""),
        (Generator, "info.network.channels", "2"), (Generator, "info.network.height", "27"), (Generator, "info.network.width", "65"),
        (Generator, "info.network.latent", "0"), (Generator, "info.network.latent", "1025"), (Generator, "info.network.classes", "10001"),
        (Generator, "golden_pictures", null), (Generator, "golden_pictures", "null"), (Generator, "golden_pictures", "{}"),
        (Generator, "golden_pictures.pixels", "null"), (Generator, "golden_pictures.pixels", "\"!\""),
        (Generator, "golden_pictures.pixels", "\"\""), (Generator, "golden_pictures.pixels", Pixels(4 * 784)),
        (Generator, "golden_pictures.pixels", Pixels((4 * 784) - 1)), (Generator, "golden_pictures.pixels", Pixels(5 * 784)),
    ];

    private static readonly Dictionary<string, (string Kind, Func<EditableModelFile, byte[]> Change)> Files = new()
    {
        ["an empty file"] = (Classifier, _ => []),
        ["random bytes"] = (Classifier, _ => RandomBytes()),
        ["random bytes after a plausible length"] = (Classifier, _ => [100, 0, 0, 0, 0, 0, 0, 0, .. RandomBytes()]),
        ["a header length of 2^63 - 1"] = (Classifier, file => [.. BitConverter.GetBytes(long.MaxValue), .. file.Valid[8..]]),
        ["a byte too many"] = (Classifier, file => [.. file.Valid, 0]),
        ["no metadata"] = (Classifier, Header(header => header.Remove("__metadata__"))),
        ["metadata of another program"] = (Classifier, Header(header => header["__metadata__"] = new JsonObject { ["format"] = "pt" })),
        ["no hash"] = (Classifier, Header(header => header["__metadata__"]!.AsObject().Remove("photoml.sha256"))),
        ["another hash"] = (Classifier, Entry("__metadata__", "photoml.sha256", new string('0', 64))),
        ["half a surrogate pair"] = (Classifier, Replaced("\"class 0\"", "\"\\ud800\"")),
        ["duplicate properties"] = (Classifier, Replaced("\"kind\":", "\"kind\":\"classifier\",\"kind\":")),
        ["a missing tensor"] = (Classifier, WithoutLastTensor),
        ["a tensor of another dtype"] = (Classifier, Entry("conv1.bias", "dtype", "I32")),
        ["a tensor of another shape"] = (Classifier, Entry("conv1.bias", "shape", new JsonArray(4, 8))),
        ["an infinite weight"] = (Classifier, file => file.WithWeight("conv1.weight", float.NegativeInfinity)),
        ["a weight changed behind its back"] = (Classifier, file => file.WithWeight("dense2.bias", 1)),
        ["a weight so large that the logits overflow"] = (Classifier, file => file.WithWeight("dense2.weight", 3e38f)),
        ["a missing last tensor"] = (Generator, WithoutLastTensor),
        ["an extra tensor"] = (Generator, Header(header => header["ex\r\ntra\u001b[2J"] = Empty())),
        ["a bias as of another library"] = (Generator, Header(header => header["conv1.bias"] = Empty())),
        ["a weight of another name"] = (Generator, Header(header =>
        {
            header["norm2.gamma"] = header["norm2.weight"]!.DeepClone();
            header.Remove("norm2.weight");
        })),
        ["a weight with its channels swapped"] = (Generator, Entry("conv1.weight", "shape", new JsonArray(128, 256, 5, 5))),
        ["a dense weight transposed"] = (Generator, Entry("dense.weight", "shape", new JsonArray(7, 12_544))),
        ["a counter of floats"] = (Generator, Entry("norm1.num_batches_tracked", "dtype", "F64")),
        ["a counter of one dimension"] = (Generator, Entry("norm1.num_batches_tracked", "shape", new JsonArray(1))),
        ["a NaN weight"] = (Generator, file => file.WithWeight("dense.weight", float.NaN)),
        ["a NaN mean"] = (Generator, file => file.WithWeight("norm1.running_mean", float.NaN)),
        ["an infinite variance"] = (Generator, file => file.WithWeight("norm2.running_var", float.PositiveInfinity)),
        ["a negative variance"] = (Generator, file => file.WithWeight("norm2.running_var", -5)),
        ["a bias changed behind its back"] = (Generator, file => file.WithWeight("norm3.bias", 5)),
        ["a weight so large that the pictures overflow"] = (Generator, file => file.WithWeight("conv2.weight", 3e38f)),
        ["a pixel three levels off"] = (Generator, _ => WithPixels(pixel => pixel + (pixel < 128 ? 3 : -3))),
        ["an old golden sample of one image too few"] = (Classifier, Old("golden_sample.pixels", Pixels(18 * 20))),
        ["an old golden sample of other images"] = (Classifier, Old("golden_sample.pixels", Pixels(2 * 18 * 20))),
        ["an old golden sample of five images"] = (Classifier, Old("golden_sample.pixels", Pixels(5 * 18 * 20))),
        ["an old golden sample that is no base64"] = (Classifier, Old("golden_sample.pixels", "\"!\"")),
        ["an old golden sample without images"] = (Classifier, Old("golden_sample", """{"pixels":"","logits":[]}""")),
    };

    // A generator may have one class, or none.
    public static IEnumerable<object?[]> MetadataValues =>
        from value in Values
        from kind in value.Kind is null ? [Classifier, Generator] : new[] { value.Kind }
        where (kind, value.Path, value.Json) is not (Generator, "info.network.classes", "1")
        select new object?[] { kind, value.Path, value.Json };

    public static TheoryData<string> FileNames => [.. Files.Keys];

    private string FilePath => Folder.File("model.safetensors");

    [Theory]
    [MemberData(nameof(FileNames))]
    public void A_damaged_file_is_refused(string name) => AssertRefused(Files[name].Kind, Files[name].Change(FileOf(Files[name].Kind)));

    [Theory]
    [MemberData(nameof(MetadataValues))]
    public void Metadata_with_a_value_that_cannot_be_are_refused(string kind, string path, string? json) =>
        AssertRefused(kind, FileOf(kind).With(path, json));

    [Theory]
    [InlineData("hello")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("12")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void Metadata_that_are_no_object_of_a_model_are_refused(string text)
    {
        AssertRefused(Classifier, EditableModelFile.Classifier.WithMetadata(text));
        AssertRefused(Generator, EditableModelFile.Generator.WithMetadata(text + new string('[', 10_000) + new string(']', 10_000)));
    }

    [Fact]
    public void A_newer_format_and_another_kind_are_named_even_where_nothing_else_is_known()
    {
        var newer = EditableModelFile.Classifier.WithMetadata("""{"info":{"format_version":9,"kind":"classifier","novelty":[]}}""");
        Assert.Contains("format 9", AssertRefused(Classifier, newer).Message, StringComparison.Ordinal);
        var unknown = EditableModelFile.Classifier.WithMetadata("""{"info":{"format_version":1,"kind":"denoiser"}}""");
        foreach (var kind in new[] { Classifier, Generator })
        {
            Assert.Equal($"{FilePath}: expected a {kind}, but found a denoiser", AssertRefused(kind, unknown).Message);
        }

        Assert.Equal("denoiser", ModelFile.ReadKind(FilePath));
    }

    [Fact]
    public void Pictures_two_levels_off_as_another_processor_makes_them_and_any_counter_of_batches_are_accepted()
    {
        LoadOrRefuse(Generator, WithPixels(pixel => pixel < 128 ? pixel + 2 : pixel - 2), isRefused: false);
        var counted = EditableModelFile.Generator.WithData(
            "norm1.num_batches_tracked", data => BinaryPrimitives.WriteInt64LittleEndian(data, long.MinValue));
        LoadOrRefuse(Generator, counted, isRefused: false);
    }

    [Fact]
    public void A_generator_whose_pictures_are_NaN_is_refused_though_the_file_agrees_with_itself()
    {
        using (var model = new DcganGenerator(EditableModelFile.SmallGenerator))
        {
            using var withoutGradients = no_grad();
            model.get_buffer("norm2.running_var")!.fill_(-1);
            GeneratorFile.Save(FilePath, model, Generators.Info(model.Options));
        }

        AssertRefused(Generator, File.ReadAllBytes(FilePath));
    }

    [Theory]
    [InlineData(Classifier, 60)]
    [InlineData(Generator, 20)]
    public void A_file_cut_anywhere_is_refused(string kind, int count)
    {
        var file = FileOf(kind);
        var offsets = Enumerable.Range(0, 20)
            .Concat(Enumerable.Range(1, file.HeaderLength / 97).Select(i => i * 97))
            .Concat(Enumerable.Range(0, count).Select(i => file.HeaderLength + 8 + (int)((long)i * file.Data.Length / count)))
            .Append(file.Valid.Length - 1);
        Assert.All(offsets, offset => AssertRefused(kind, file.Valid[..offset]));
        Assert.Throws<InvalidModelException>(() => ModelFile.ReadKind(FilePath));
    }

    [Property(MaxTest = 300)]
    public Property A_classifier_with_any_bytes_changed_loads_or_is_refused() => BytesChanged(Classifier);

    [Property(MaxTest = 40)]
    public Property A_generator_with_any_bytes_changed_loads_or_is_refused() => BytesChanged(Generator);

    [Property(MaxTest = 200)]
    public Property A_classifier_with_any_metadata_changed_loads_or_is_refused() => MetadataChanged(Classifier);

    [Property(MaxTest = 40)]
    public Property A_generator_with_any_metadata_changed_loads_or_is_refused() => MetadataChanged(Generator);

    private static EditableModelFile FileOf(string kind) => kind == Classifier ? EditableModelFile.Classifier : EditableModelFile.Generator;

    private static string Pixels(int count) => $"\"{Convert.ToBase64String(new byte[count])}\"";

    private static Func<EditableModelFile, byte[]> Header(Action<JsonObject> change) => file => file.WithHeader(change);

    private static Func<EditableModelFile, byte[]> Entry(string name, string property, JsonNode value) =>
        file => file.WithHeader(header => header[name]![property] = value.DeepClone());

    private static Func<EditableModelFile, byte[]> Replaced(string from, string to) =>
        file => file.WithMetadata(file.Metadata.Replace(from, to, StringComparison.Ordinal));

    private static Func<EditableModelFile, byte[]> Old(string path, string json) =>
        _ => EditableModelFile.ClassifierOfFormat(2).With(path, json);

    private static JsonObject Empty() => new() { ["dtype"] = "F32", ["shape"] = new JsonArray(0), ["data_offsets"] = new JsonArray(0, 0) };

    private static byte[] RandomBytes()
    {
        var random = new DeterministicRandom(1);
        return [.. Enumerable.Range(0, 5000).Select(_ => (byte)random.NextInt32(256))];
    }

    private static byte[] WithoutLastTensor(EditableModelFile file)
    {
        var start = 0;
        var bytes = file.WithHeader(header =>
        {
            var last = header.Where(entry => entry.Key != "__metadata__").MaxBy(entry => entry.Value!["data_offsets"]![1]!.GetValue<int>());
            start = last.Value!["data_offsets"]![0]!.GetValue<int>();
            header.Remove(last.Key);
        });
        return bytes[..^(file.Data.Length - start)];
    }

    private static byte[] WithPixels(Func<byte, int> change)
    {
        var stored = JsonNode.Parse(EditableModelFile.Generator.Metadata)!["golden_pictures"]!["pixels"]!.GetValue<string>();
        var changed = Convert.FromBase64String(stored).Select(pixel => (byte)change(pixel)).ToArray();
        return EditableModelFile.Generator.With("golden_pictures.pixels", $"\"{Convert.ToBase64String(changed)}\"");
    }

    // Half of the changes hit the header, which is where they hurt.
    private Property BytesChanged(string kind)
    {
        var file = FileOf(kind);
        var place = Gen.OneOf(Gen.Choose(0, file.HeaderLength + 7), Gen.Choose(0, file.Valid.Length - 1));
        return Prop.ForAll(Changes(place, Gen.Choose(0, 255)), changes =>
        {
            byte[] bytes = [.. file.Valid];
            foreach (var (at, value) in changes.Take(4))
            {
                bytes[at] = (byte)value;
            }

            LoadOrRefuse(kind, bytes);
        });
    }

    private Property MetadataChanged(string kind)
    {
        var file = FileOf(kind);
        var end = file.Metadata.IndexOf("golden_pictures", StringComparison.Ordinal);
        var place = Gen.Choose(0, end > 0 ? end : file.Metadata.Length - 1);
        var value = Gen.Elements("0123456789-.eE\"{}[],:ntfx\\\n".ToCharArray());
        return Prop.ForAll(Changes(place, value), changes =>
        {
            var characters = file.Metadata.ToCharArray();
            foreach (var (at, character) in changes.Take(4))
            {
                characters[at] = character;
            }

            LoadOrRefuse(kind, file.WithMetadata(new string(characters)));
        });
    }

    private static Arbitrary<List<(int At, T Value)>> Changes<T>(Gen<int> place, Gen<T> value) =>
        Gen.NonEmptyListOf(place.SelectMany(at => value.Select(changed => (at, changed)))).ToArbitrary();

    private static IDisposable Load(string kind, string path) => kind == Classifier ? ClassifierFile.Load(path) : GeneratorFile.Load(path);

    private InvalidModelException AssertRefused(string kind, byte[] bytes)
    {
        File.WriteAllBytes(FilePath, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<InvalidModelException>(() => Load(kind, FilePath));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocatedBytes);
        Assert.StartsWith($"{FilePath}: expected ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(exception.Message, char.IsControl);
        Assert.Equal(FilePath, exception.Path);
        return exception;
    }

    private void LoadOrRefuse(string kind, byte[] bytes, bool? isRefused = null)
    {
        File.WriteAllBytes(FilePath, bytes);
        try
        {
            Load(kind, FilePath).Dispose();
            Assert.NotEqual(true, isRefused);
        }
        catch (InvalidModelException exception) when (isRefused != false)
        {
            Assert.StartsWith(FilePath, exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(exception.Message, char.IsControl);
        }
    }
}
