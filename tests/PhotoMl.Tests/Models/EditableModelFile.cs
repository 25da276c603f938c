using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace PhotoMl.Tests.Models;

/// <summary>The bytes of a valid model file, and what becomes of them when they are changed.</summary>
internal sealed class EditableModelFile(byte[] valid)
{
    public byte[] Valid => valid;

    public int HeaderLength => (int)BinaryPrimitives.ReadInt64LittleEndian(valid);

    public string Header => Encoding.UTF8.GetString(valid, 8, HeaderLength);

    public byte[] Data => valid[(8 + HeaderLength)..];

    public static byte[] Compose(string header, byte[] data)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        return [.. length, .. bytes, .. data];
    }

    /// <summary>A file whose header was changed.</summary>
    public byte[] WithHeader(Action<JsonObject> change)
    {
        var header = JsonNode.Parse(Header)!.AsObject();
        change(header);
        return Compose(header.ToJsonString(), Data);
    }

    public byte[] WithMetadata(Func<string, string> change) => WithHeader(header =>
    {
        var metadata = header["__metadata__"]!.AsObject();
        metadata["photoml"] = change(metadata["photoml"]!.GetValue<string>());
    });

    /// <summary>A file whose metadata was changed.</summary>
    public byte[] WithStored(Action<JsonObject> change) => WithMetadata(text =>
    {
        var stored = JsonNode.Parse(text)!.AsObject();
        change(stored);
        return stored.ToJsonString();
    });

    public byte[] WithInfo(Action<JsonObject> change) => WithStored(stored => change(stored["info"]!.AsObject()));

    /// <summary>A file of which the first float of one tensor was replaced.</summary>
    public byte[] WithWeight(string name, float value)
    {
        byte[] bytes = [.. valid];
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(OffsetOf(name)), value);
        return bytes;
    }

    /// <summary>Where a tensor's data begin in the file.</summary>
    public int OffsetOf(string name) => 8 + HeaderLength + JsonNode.Parse(Header)![name]!["data_offsets"]![0]!.GetValue<int>();
}
