using System.Text.Json.Nodes;
using PhotoMl.Models;

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

    private static byte[] Create()
    {
        using var folder = new TemporaryFolder();
        using var data = SyntheticImages.Create(8, classes: 3, height: 18, width: 20);
        using var model = new ConvClassifier(Network, seed: 3);
        var info = new ClassifierInfo { Network = Network, ClassNames = data.ClassNames, Preprocessing = data.Preprocessing };
        ClassifierFile.Save(folder.File("model.safetensors"), model, info, data.Images);
        return System.IO.File.ReadAllBytes(folder.File("model.safetensors"));
    }
}
