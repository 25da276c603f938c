using System.Text.Json.Nodes;

namespace PhotoMl.Tests.Models;

public sealed class HostileClassifierMetadataTests : IDisposable
{
    private const long MostAllocatedBytes = 8 << 20;

    private static readonly Dictionary<string, Func<byte[]>> Files = new()
    {
        ["metadata that are no JSON"] = () => ModelFileBytes.WithMetadata(_ => "hello"),
        ["empty metadata"] = () => ModelFileBytes.WithMetadata(_ => ""),
        ["metadata of null"] = () => ModelFileBytes.WithMetadata(_ => "null"),
        ["metadata of a number"] = () => ModelFileBytes.WithMetadata(_ => "12"),
        ["metadata of an array"] = () => ModelFileBytes.WithMetadata(_ => "[]"),
        ["metadata of an empty object"] = () => ModelFileBytes.WithMetadata(_ => "{}"),
        ["metadata nested too deep"] = () => ModelFileBytes.WithMetadata(_ => new string('[', 10_000) + new string(']', 10_000)),
        ["metadata of another kind"] = () => ModelFileBytes.WithInfo(info => info["kind"] = "generator"),
        ["metadata without a kind"] = () => ModelFileBytes.WithInfo(info => info.Remove("kind")),
        ["metadata with a number as kind"] = () => ModelFileBytes.WithInfo(info => info["kind"] = 5),
        ["metadata of a newer format"] = () => ModelFileBytes.WithInfo(info => info["format_version"] = ClassifierInfo.CurrentFormat + 1),
        ["metadata of format 0"] = () => ModelFileBytes.WithInfo(info => info["format_version"] = 0),
        ["metadata of format 1.5"] = () => ModelFileBytes.WithInfo(info => info["format_version"] = 1.5),
        ["metadata of format 10^12"] = () => ModelFileBytes.WithInfo(info => info["format_version"] = 1_000_000_000_000),
        ["metadata of a format in text"] = () => ModelFileBytes.WithInfo(info => info["format_version"] = "1"),
        ["metadata without a format"] = () => ModelFileBytes.WithInfo(info => info.Remove("format_version")),
        ["metadata without info"] = () => ModelFileBytes.WithStored(stored => stored.Remove("info")),
        ["metadata with info of null"] = () => ModelFileBytes.WithStored(stored => stored["info"] = null),
        ["metadata with info of text"] = () => ModelFileBytes.WithStored(stored => stored["info"] = "text"),
        ["no network"] = () => ModelFileBytes.WithInfo(info => info.Remove("network")),
        ["a network of null"] = () => ModelFileBytes.WithInfo(info => info["network"] = null),
        ["a network of text"] = () => ModelFileBytes.WithInfo(info => info["network"] = "big"),
        ["a network of another size"] = () => ModelFileBytes.WithInfo(info => info["network"]!["width"] = 40),
        ["a network of gigabytes"] = WithHugeNetwork,
        ["a network of images of 2^31 - 1 pixels"] = () => ModelFileBytes.WithInfo(info => info["network"]!["height"] = int.MaxValue),
        ["a network of a negative size"] = () => ModelFileBytes.WithInfo(info => info["network"]!["height"] = -28),
        ["a network of images too small for it"] = () => ModelFileBytes.WithInfo(info => info["network"]!["height"] = 17),
        ["a network of one class"] = () => ModelFileBytes.WithInfo(info => info["network"]!["classes"] = 1),
        ["too few class names"] = () => ModelFileBytes.WithInfo(info => info["class_names"] = new JsonArray("one", "two")),
        ["too many class names"] = () => ModelFileBytes.WithInfo(info => info["class_names"]!.AsArray().Add("one more")),
        ["class names of null"] = () => ModelFileBytes.WithInfo(info => info["class_names"] = null),
        ["a class name of null"] = () => ModelFileBytes.WithInfo(info => info["class_names"] = new JsonArray("one", null, "three")),
        ["class names that are numbers"] = () => ModelFileBytes.WithInfo(info => info["class_names"] = new JsonArray(1, 2, 3)),
        ["no preprocessing"] = () => ModelFileBytes.WithInfo(info => info.Remove("preprocessing")),
        ["preprocessing of another version"] = () => ModelFileBytes.WithInfo(info => info["preprocessing"]!["version"] = 2),
        ["preprocessing to another size"] = () => ModelFileBytes.WithInfo(info => info["preprocessing"]!["width"] = 28),
        ["preprocessing to other channels"] = () => ModelFileBytes.WithInfo(info => info["preprocessing"]!["channels"] = 3),
        ["preprocessing with a mean of null"] = () => ModelFileBytes.WithInfo(info => info["preprocessing"]!["mean"] = null),
        ["numbers of training images of other classes"] = () => ModelFileBytes.WithInfo(info => info["training"] = new JsonObject { ["data"] = "d", ["class_counts"] = new JsonArray(5, 6) }),
        ["a negative number of training images"] = () => ModelFileBytes.WithInfo(info => info["training"] = new JsonObject { ["data"] = "d", ["class_counts"] = new JsonArray(5, -6, 7) }),
        ["scores of text"] = () => ModelFileBytes.WithInfo(info => info["scores"] = "good"),
        ["scores of null"] = () => ModelFileBytes.WithInfo(info => info["scores"] = null),
        ["duplicate properties"] = () => ModelFileBytes.WithMetadata(text => text.Replace("\"kind\":", "\"kind\":\"classifier\",\"kind\":", StringComparison.Ordinal)),
        ["no golden sample"] = () => ModelFileBytes.WithStored(stored => stored.Remove("golden_sample")),
        ["a golden sample of null"] = () => ModelFileBytes.WithStored(stored => stored["golden_sample"] = null),
        ["a golden sample with pictures, as only older formats have"] = () => ModelFileBytes.WithStored(stored => stored["golden_sample"]!["pixels"] = Convert.ToBase64String(new byte[4 * 18 * 20])),
        ["an older format without pictures"] = () => ModelFileBytes.WithInfo(info => info["format_version"] = 2),
        ["an older format with other pictures"] = () => WithOldSample(stored => stored["golden_sample"]!["pixels"] = Convert.ToBase64String(new byte[2 * 18 * 20])),
        ["a golden sample with other logits"] = () => ModelFileBytes.WithStored(stored => stored["golden_sample"]!["logits"]![0] = 5),
        ["a golden sample with a NaN logit"] = () => ModelFileBytes.WithStored(stored => stored["golden_sample"]!["logits"]![0] = "NaN"),
        ["a golden sample with an infinite logit"] = () => ModelFileBytes.WithStored(stored => stored["golden_sample"]!["logits"]![0] = "Infinity"),
        ["a golden sample with a logit too few"] = () => ModelFileBytes.WithStored(stored => stored["golden_sample"]!["logits"]!.AsArray().RemoveAt(0)),
        ["a golden sample without images"] = () => WithOldSample(stored => stored["golden_sample"] = new JsonObject { ["pixels"] = "", ["logits"] = new JsonArray() }),
        ["a golden sample that is no base64"] = () => WithOldSample(stored => stored["golden_sample"]!["pixels"] = "!"),
        ["a golden sample of five images"] = () => WithOldSample(stored => stored["golden_sample"]!["pixels"] = Convert.ToBase64String(new byte[5 * 18 * 20])),
        ["no hash"] = () => ModelFileBytes.WithHeader(header => header["__metadata__"]!.AsObject().Remove("photoml.sha256")),
        ["another hash"] = () => ModelFileBytes.WithHeader(header => header["__metadata__"]!["photoml.sha256"] = new string('0', 64)),
        ["half a surrogate pair"] = () => ModelFileBytes.WithMetadata(text => text.Replace("\"class 0\"", "\"\\ud800\"", StringComparison.Ordinal)),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> FileNames => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(FileNames))]
    public void Metadata_that_cannot_be_of_a_classifier_give_one_error_that_names_the_file(string name)
    {
        var path = _folder.File("model.safetensors");
        File.WriteAllBytes(path, Files[name]());

        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<InvalidModelException>(() => ClassifierFile.Load(path));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.StartsWith($"{path}: expected ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.InRange(allocated, 0, MostAllocatedBytes);
    }

    [Fact]
    public void A_newer_format_and_another_kind_are_told_apart_even_where_nothing_else_is_known()
    {
        var path = _folder.File("model.safetensors");
        File.WriteAllBytes(path, ModelFileBytes.WithMetadata(_ => """{"info":{"format_version":9,"kind":"classifier","novelty":[]}}"""));
        Assert.Contains("format 9", Assert.Throws<InvalidModelException>(() => ClassifierFile.Load(path)).Message, StringComparison.Ordinal);

        File.WriteAllBytes(path, ModelFileBytes.WithMetadata(_ => """{"info":{"format_version":1,"kind":"generator"}}"""));
        Assert.Contains("a generator", Assert.Throws<InvalidModelException>(() => ClassifierFile.Load(path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] WithHugeNetwork() => ModelFileBytes.WithInfo(info =>
    {
        info["network"] = new JsonObject { ["channels"] = 16, ["height"] = 4096, ["width"] = 4096, ["classes"] = 100_000 };
        info["class_names"] = new JsonArray([.. Enumerable.Range(0, 3).Select(index => (JsonNode)$"{index}")]);
    });

    // A file of format 2, changed.
    private static byte[] WithOldSample(Action<JsonObject> change)
    {
        var file = new EditableModelFile(ModelFileBytes.OfFormat(2));
        return file.WithHeader(header =>
        {
            var stored = file.Stored;
            change(stored);
            header["__metadata__"]!["photoml"] = stored.ToJsonString();
        });
    }
}
