using System.Text.Json;

namespace PhotoMl.Models;

/// <summary>What model files and checkpoints have in common: safetensors with two entries of metadata, <c>photoml</c> in JSON and the hash
/// of the content.</summary>
internal static class ModelFile
{
    private const string MetadataKey = "photoml";
    private const string HashKey = "photoml.sha256";

    public static string ReadKind(string path)
    {
        using var reader = SafetensorsReader.Open(path);
        return Parse(reader, "model", json => Kind(json).Kind ?? "model of no kind");
    }

    internal static bool IsModel(TensorReader reader) => reader.Metadata.ContainsKey(MetadataKey);

    /// <summary>Writes a model; what stood there before stays until the new file is whole.</summary>
    internal static void Write<T>(string path, nn.Module network, T stored, IEnumerable<KeyValuePair<string, Tensor>>? others = null)
    {
        if (!NetworkWeights.AreFinite(network))
        {
            throw new ArgumentException("Expected finite weights but got a network with one that is NaN or infinite.", nameof(network));
        }

        Write(path, stored, NetworkWeights.Named(network).Concat(others ?? []));
    }

    internal static void Write<T>(string path, T stored, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        KeyValuePair<string, Tensor>[] listed = [.. tensors];
        var json = JsonSerializer.Serialize(stored, PhotoMlJson.Line);
        var hash = ContentHash.Of($"{json}\n", listed, withDtypes: true);
        var metadata = new Dictionary<string, string> { [MetadataKey] = json, [HashKey] = hash };
        SafetensorsWriter.Write(path, listed, metadata);
    }

    internal static void CheckContent(SafetensorsReader reader, bool isRequired)
    {
        var isHashed = reader.Metadata.TryGetValue(HashKey, out var expected);
        reader.Require(isHashed || !isRequired, "the SHA-256 of its content", "none");
        if (isHashed)
        {
            var found = ContentHash.Of($"{reader.Metadata[MetadataKey]}\n", reader.Tensors.Keys, reader.ReadTensor, withDtypes: true);
            reader.Require(found == expected, $"content of SHA-256 {expected}", $"{found}: the file is damaged or was changed");
        }
    }

    /// <summary>Reads a network, in evaluation mode, and what is made of it; no more memory is taken than the file has.</summary>
    internal static TLoaded ReadNetwork<TNetwork, TLoaded>(
        SafetensorsReader reader,
        string kind,
        bool isHashed,
        Func<Device?, TNetwork> create,
        Func<TNetwork, TLoaded> finish,
        string? othersPrefix = null)
        where TNetwork : nn.Module
    {
        NetworkWeights.Check(reader, "", create, kind, othersPrefix);
        CheckContent(reader, isHashed);
        return Owned.Open(owned =>
        {
            var network = owned.Add(create(null));
            NetworkWeights.CopyTo(reader, "", network);
            network.eval();
            return finish(network);
        });
    }

    internal static T ReadStored<T>(SafetensorsReader reader, string kind, int newestFormat, Action<T> check, int oldestFormat = 1) =>
        Parse(reader, kind, json =>
    {
        // Before anything else is read: a newer or other model may have other properties.
        var (foundKind, format) = Kind(json);
        reader.Require(foundKind == kind, $"a {kind}", $"a {foundKind}");
        reader.Require(
            format >= oldestFormat && format <= newestFormat,
            $"a {kind} of format {newestFormat}",
            $"format {format}, which another version of PhotoMl may read");
        var stored = JsonSerializer.Deserialize<T>(json, PhotoMlJson.Line)!;
        check(stored);
        return stored;
    });

    private static T Parse<T>(SafetensorsReader reader, string kind, Func<string, T> parse)
    {
        if (!reader.Metadata.TryGetValue(MetadataKey, out var json))
        {
            var isOldCheckpoint = reader.Metadata.Keys.Any(key => key is "photoml_checkpoint" or "photoml_gan_checkpoint");
            throw new InvalidModelException(reader.Path, "a model of PhotoMl", isOldCheckpoint
                ? "a checkpoint of PhotoMl 0.1, whose runs cannot be resumed by this version; their models can be used"
                : "a safetensors file without its metadata");
        }

        try
        {
            return parse(json);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException
            or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidModelException(reader.Path, $"the metadata of a {kind}", exception.Message.ReplaceLineEndings(" "));
        }
    }

    private static (string? Kind, int Format) Kind(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
        var info = document.RootElement.GetProperty("info");
        return (info.GetProperty("kind").GetString(), info.GetProperty("format_version").GetInt32());
    }
}
