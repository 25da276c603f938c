using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using PhotoMl.Models;

namespace PhotoMl.Tests.Models;

/// <summary>The bytes of a small valid model file, and what becomes of them when the header is changed.</summary>
internal static class ModelFileBytes
{
    public static readonly ConvClassifierOptions Network = new() { Height = 18, Width = 20, Classes = 3 };

    private static readonly Lazy<byte[]> ValidBytes = new(Create);

    public static byte[] Valid => ValidBytes.Value;

    public static int HeaderLength => (int)BinaryPrimitives.ReadInt64LittleEndian(Valid);

    public static byte[] Data => Valid[(8 + HeaderLength)..];

    public static byte[] Compose(string header, byte[] data)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        return [.. length, .. bytes, .. data];
    }

    /// <summary>A file whose header was changed.</summary>
    public static byte[] WithHeader(Action<JsonObject> change)
    {
        var header = JsonNode.Parse(Encoding.UTF8.GetString(Valid, 8, HeaderLength))!.AsObject();
        change(header);
        return Compose(header.ToJsonString(), Data);
    }

    /// <summary>A file whose metadata was changed.</summary>
    public static byte[] WithStored(Action<JsonObject> change) => WithMetadata(text =>
    {
        var stored = JsonNode.Parse(text)!.AsObject();
        change(stored);
        return stored.ToJsonString();
    });

    public static byte[] WithInfo(Action<JsonObject> change) => WithStored(stored => change(stored["info"]!.AsObject()));

    public static byte[] WithMetadata(Func<string, string> change) => WithHeader(header =>
    {
        var metadata = header["__metadata__"]!.AsObject();
        metadata["photoml"] = change(metadata["photoml"]!.GetValue<string>());
    });

    /// <summary>A file of which one float of one tensor was replaced.</summary>
    public static byte[] WithWeight(string name, float value)
    {
        byte[] bytes = [.. Valid];
        var header = JsonNode.Parse(Encoding.UTF8.GetString(Valid, 8, HeaderLength))!;
        var offset = header[name]!["data_offsets"]![0]!.GetValue<int>();
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(8 + HeaderLength + offset), value);
        return bytes;
    }

    private static byte[] Create()
    {
        using var folder = new TemporaryFolder();
        using var data = SyntheticImages.Create(8, classes: 3, height: 18, width: 20);
        using var model = new ConvClassifier(Network, seed: 3);
        var info = new ClassifierInfo { Network = Network, ClassNames = data.ClassNames, Preprocessing = data.Preprocessing };
        ClassifierFile.Save(folder.File("model.safetensors"), model, info, data.Images);
        return File.ReadAllBytes(folder.File("model.safetensors"));
    }
}
