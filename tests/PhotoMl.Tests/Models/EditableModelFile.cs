namespace PhotoMl.Tests.Models;

/// <summary>The bytes of a valid model file, and what becomes of them when they are changed.</summary>
internal sealed class EditableModelFile(byte[] valid)
{
    public static readonly ClassifierOptions SmallClassifier = new() { Height = 18, Width = 20, Classes = 3 };
    public static readonly DcganOptions SmallGenerator = new() { Latent = 4, Classes = 3 };

    private static readonly Lazy<EditableModelFile> OfClassifier = new(() => Create(path =>
    {
        using var model = new ConvClassifier(SmallClassifier, seed: 3);
        SavedModels.Save(path, model);
    }));

    private static readonly Lazy<EditableModelFile> OfGenerator = new(() => Create(path =>
    {
        using var model = Generators.Create(SmallGenerator, seed: 3);
        GeneratorFile.Save(path, model, Generators.Info(SmallGenerator));
    }));

    public static EditableModelFile Classifier => OfClassifier.Value;

    public static EditableModelFile Generator => OfGenerator.Value;

    public byte[] Valid => valid;

    public int HeaderLength => (int)BinaryPrimitives.ReadInt64LittleEndian(valid);

    public string Header => Encoding.UTF8.GetString(valid, 8, HeaderLength);

    /// <summary>What it stores beside its tensors, as JSON.</summary>
    public string Metadata => JsonNode.Parse(Header)!["__metadata__"]!["photoml"]!.GetValue<string>();

    public byte[] Data => valid[(8 + HeaderLength)..];

    /// <summary>The small classifier in a file of format 1 or 2, which held pictures and no hash.</summary>
    public static EditableModelFile ClassifierOfFormat(int format)
    {
        using var scope = NewDisposeScope();
        using var model = new ConvClassifier(SmallClassifier, seed: 3);
        var images = SyntheticImages.Create(2, classes: 3, height: 18, width: 20).Images;
        var logits = model.forward(images.to(ScalarType.Float32).div(255)).data<float>().ToArray();
        return new EditableModelFile(Classifier.WithHeader(header =>
        {
            var stored = JsonNode.Parse(Classifier.Metadata)!;
            stored["info"]!["format_version"] = format;
            stored["golden_sample"] = new JsonObject
            {
                ["pixels"] = Convert.ToBase64String(images.bytes),
                ["logits"] = new JsonArray([.. logits.Select(logit => (JsonNode)logit)]),
            };
            header["__metadata__"] = new JsonObject { ["photoml"] = stored.ToJsonString() };
        }));
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

        return Compose(header, Data);
    }

    /// <summary>A file whose metadata were changed.</summary>
    public byte[] WithMetadata(string metadata) => WithHeader(header => header["__metadata__"]!["photoml"] = metadata);

    /// <summary>A file of whose metadata one value was replaced, or removed; the path is like <c>info.class_names.0</c>.</summary>
    public byte[] With(string path, string? json)
    {
        var root = JsonNode.Parse(Metadata)!;
        var keys = path.Split('.');
        var parent = keys[..^1].Aggregate(root, (node, key) => node is JsonArray array ? array[Index(key)]! : node[key]!);
        if (parent is JsonArray list)
        {
            list.RemoveAt(Index(keys[^1]));
            list.Insert(Index(keys[^1]), JsonNode.Parse(json!));
        }
        else
        {
            parent.AsObject().Remove(keys[^1]);
            if (json is not null)
            {
                parent[keys[^1]] = JsonNode.Parse(json);
            }
        }

        return WithMetadata(root.ToJsonString());

        static int Index(string key) => int.Parse(key, CultureInfo.InvariantCulture);
    }

    /// <summary>A file of which the first float of one tensor was replaced, and its hash with it.</summary>
    public byte[] WithWeight(string name, float value) => WithData(name, data => BinaryPrimitives.WriteSingleLittleEndian(data, value));

    /// <summary>A file of which the data of one tensor were changed, and its hash with them.</summary>
    public byte[] WithData(string name, SpanAction change)
    {
        var (header, data) = (JsonNode.Parse(Header)!.AsObject(), Data);
        change(data.AsSpan(header[name]!["data_offsets"]![0]!.GetValue<int>()));
        header["__metadata__"]!["photoml.sha256"] = Hash(header, data);
        return Compose(header, data);
    }

    /// <summary>Changes bytes.</summary>
    public delegate void SpanAction(Span<byte> data);

    private static EditableModelFile Create(Action<string> save)
    {
        using var folder = new TemporaryFolder();
        save(folder.File("model.safetensors"));
        return new EditableModelFile(File.ReadAllBytes(folder.File("model.safetensors")));
    }

    private static byte[] Compose(JsonObject header, byte[] data)
    {
        var file = SafetensorsFile.Build(header.ToJsonString(), data.Length);
        data.CopyTo(file.AsSpan(file.Length - data.Length));
        return file;
    }

    private static string? HashIn(JsonObject header) => (string?)header["__metadata__"]?["photoml.sha256"];

    // SHA-256 of the metadata, then of the dtype, name, shape and values of every tensor in the order of their names.
    private static string Hash(JsonObject header, byte[] data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(header["__metadata__"]!["photoml"]!.GetValue<string>() + "\n"));
        foreach (var (name, entry) in header.Where(entry => entry.Key[0] != '_').OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{entry!["dtype"]} {name} ({string.Join(",", entry["shape"]!.AsArray())})\n"));
            var (start, end) = (entry["data_offsets"]![0]!.GetValue<int>(), entry["data_offsets"]![1]!.GetValue<int>());
            hash.AppendData(data.AsSpan(start, end - start));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
