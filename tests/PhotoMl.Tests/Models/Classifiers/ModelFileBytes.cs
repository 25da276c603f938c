using System.Text.Json.Nodes;

namespace PhotoMl.Tests.Models;

/// <summary>The bytes of a small valid classifier file, and what becomes of them when the header is changed.</summary>
internal static class ModelFileBytes
{
    public static readonly ClassifierOptions Network = new() { Height = 18, Width = 20, Classes = 3 };

    private static readonly Lazy<EditableModelFile> File = new(() => new EditableModelFile(Create()));

    public static byte[] Valid => File.Value.Valid;

    public static int HeaderLength => File.Value.HeaderLength;

    public static byte[] Data => File.Value.Data;

    public static byte[] Compose(string header, byte[] data) => EditableModelFile.Compose(header, data);

    public static byte[] WithHeader(Action<JsonObject> change) => File.Value.WithHeader(change);

    public static byte[] WithStored(Action<JsonObject> change) => File.Value.WithStored(change);

    public static byte[] WithInfo(Action<JsonObject> change) => File.Value.WithInfo(change);

    public static byte[] WithMetadata(Func<string, string> change) => File.Value.WithMetadata(change);

    public static byte[] WithWeight(string name, float value) => File.Value.WithWeight(name, value);

    /// <summary>What the file stores beside the weights.</summary>
    public static JsonObject Stored => File.Value.Stored;

    /// <summary>A file of format 1 or 2, which held pictures and no hash.</summary>
    public static byte[] OfFormat(int format)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        System.IO.File.WriteAllBytes(folder.File("model.safetensors"), Valid);
        using var loaded = ClassifierFile.Load(folder.File("model.safetensors"));
        var images = SyntheticImages.Create(2, classes: 3, height: 18, width: 20).Images;
        var logits = loaded.Model.forward(images.to(ScalarType.Float32).div(255)).data<float>().ToArray();
        return File.Value.WithHeader(header =>
        {
            var stored = Stored;
            stored["info"]!["format_version"] = format;
            stored["golden_sample"] = new JsonObject
            {
                ["pixels"] = Convert.ToBase64String(images.bytes),
                ["logits"] = new JsonArray([.. logits.Select(logit => (JsonNode)logit)]),
            };
            header["__metadata__"] = new JsonObject { ["photoml"] = stored.ToJsonString() };
        });
    }

    private static byte[] Create()
    {
        using var folder = new TemporaryFolder();
        using var data = SyntheticImages.Create(8, classes: 3, height: 18, width: 20);
        using var model = new ConvClassifier(Network, seed: 3);
        var info = new ClassifierInfo { Network = Network, ClassNames = data.ClassNames, Preprocessing = data.Preprocessing };
        ClassifierFile.Save(folder.File("model.safetensors"), model, info);
        return System.IO.File.ReadAllBytes(folder.File("model.safetensors"));
    }
}
