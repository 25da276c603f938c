using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PhotoMl.Tests.Models;

/// <summary>The bytes of a valid model file, and what becomes of them when they are changed.</summary>
internal sealed class EditableModelFile(byte[] valid)
{
    public byte[] Valid => valid;

    public int HeaderLength => (int)BinaryPrimitives.ReadInt64LittleEndian(valid);

    public string Header => Encoding.UTF8.GetString(valid, 8, HeaderLength);

    /// <summary>What it stores beside its tensors.</summary>
    public JsonObject Stored => JsonNode.Parse(JsonNode.Parse(Header)!["__metadata__"]!["photoml"]!.GetValue<string>())!.AsObject();

    public byte[] Data => valid[(8 + HeaderLength)..];

    public static byte[] Compose(string header, byte[] data)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        return [.. length, .. bytes, .. data];
    }

    /// <summary>A file whose header was changed, and its hash with it unless that is what was changed.</summary>
    public byte[] WithHeader(Action<JsonObject> change)
    {
        var header = JsonNode.Parse(Header)!.AsObject();
        var hash = HashIn(header);
        change(header);
        if (hash is not null && HashIn(header) == hash)
        {
            header["__metadata__"]!["photoml.sha256"] = Hash(header, Data);
        }

        return Compose(header.ToJsonString(), Data);
    }

    /// <summary>A file whose metadata was changed.</summary>
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

    /// <summary>A file of which the first float of one tensor was replaced, and its hash with it.</summary>
    public byte[] WithWeight(string name, float value) => WithData(name, data => BinaryPrimitives.WriteSingleLittleEndian(data, value));

    /// <summary>A file of which the data of one tensor were changed, and its hash with them.</summary>
    public byte[] WithData(string name, SpanAction change)
    {
        var (header, data) = (JsonNode.Parse(Header)!.AsObject(), Data);
        change(data.AsSpan(header[name]!["data_offsets"]![0]!.GetValue<int>()));
        header["__metadata__"]!["photoml.sha256"] = Hash(header, data);
        return Compose(header.ToJsonString(), data);
    }

    /// <summary>Changes bytes.</summary>
    public delegate void SpanAction(Span<byte> data);

    private static string? HashIn(JsonObject header) => header["__metadata__"] is JsonObject metadata ? (string?)metadata["photoml.sha256"] : null;

    // SHA-256 of the metadata, then of the dtype, name, shape and values of every tensor in the order of their names.
    private static string Hash(JsonObject header, byte[] data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(header["__metadata__"]!["photoml"]!.GetValue<string>() + "\n"));
        foreach (var (name, entry) in header.Where(entry => entry.Key != "__metadata__").OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{entry!["dtype"]!.GetValue<string>()} {name} ({string.Join(",", entry["shape"]!.AsArray())})\n"));
            var (start, end) = (Offset(0), Offset(1));
            hash.AppendData(data.AsSpan(start, Math.Max(0, Math.Min(end, data.Length) - start)));

            int Offset(int index) => int.Parse(entry["data_offsets"]![index]!.ToJsonString(), CultureInfo.InvariantCulture);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
