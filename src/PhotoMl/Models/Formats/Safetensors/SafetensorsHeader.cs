using System.Text.Json;

namespace PhotoMl.Models;

/// <summary>The JSON header of a safetensors file, checked before any of it is believed.</summary>
internal sealed record SafetensorsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyDictionary<string, SafetensorsEntry> Tensors)
{
    public static SafetensorsHeader Parse(string path, ReadOnlyMemory<byte> json, long dataOffset, long dataLength)
    {
        if (json.Length == 0 || json.Span[0] != '{')
        {
            throw new InvalidModelException(path, "a header that starts with {", json.Length == 0 ? "an empty one" : $"the byte 0x{json.Span[0]:x2}");
        }

        try
        {
            // A tensor's shape is the deepest that the format goes.
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 3 });
            var root = document.RootElement;
            var metadata = root.TryGetProperty(SafetensorsFormat.MetadataKey, out var texts) ? ParseMetadata(path, texts) : [];
            return new SafetensorsHeader(metadata, ParseTensors(path, root, dataOffset, dataLength));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Text that is no valid UTF-8 or UTF-16 is an InvalidOperationException to System.Text.Json.
            throw new InvalidModelException(path, "a header in JSON without duplicate keys", $"a fault: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    private static Dictionary<string, string> ParseMetadata(string path, JsonElement texts)
    {
        const string Expected = $"text only in {SafetensorsFormat.MetadataKey}";
        Require(texts.ValueKind == JsonValueKind.Object, path, Expected, texts.ValueKind);
        var metadata = new Dictionary<string, string>();
        foreach (var text in texts.EnumerateObject())
        {
            Require(text.Value.ValueKind == JsonValueKind.String, path, Expected, $"{text.Value.ValueKind} for {text.Name}");
            metadata.Add(text.Name, text.Value.GetString()!);
        }

        return metadata;
    }

    private static Dictionary<string, SafetensorsEntry> ParseTensors(string path, JsonElement root, long dataOffset, long dataLength)
    {
        var count = root.GetPropertyCount();
        Require(count <= SafetensorsFormat.MostTensors, path, $"at most {SafetensorsFormat.MostTensors} tensors", count);
        var tensors = root.EnumerateObject()
            .Where(tensor => tensor.Name != SafetensorsFormat.MetadataKey)
            .Select(tensor => ParseTensor(path, tensor.Name, tensor.Value, dataOffset))
            .ToDictionary(entry => entry.Name);

        var end = 0L;
        foreach (var entry in tensors.Values.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Length))
        {
            var offset = entry.Offset - dataOffset;
            Require(offset == end, path, $"the data of {entry.Name} at offset {end}, where those before it end", $"offset {offset}");
            end += entry.Length;
            Require(end <= dataLength, path, $"the data of {entry.Name} to end within the {dataLength} bytes there are", $"an end at {end}");
        }

        Require(end == dataLength, path, $"{end} bytes of data, as its tensors have", dataLength);
        return tensors;
    }

    private static SafetensorsEntry ParseTensor(string path, string name, JsonElement tensor, long dataOffset)
    {
        if (tensor.ValueKind != JsonValueKind.Object
            || tensor.GetPropertyCount() != 3
            || !tensor.TryGetProperty(SafetensorsFormat.DtypeKey, out var dtypeText)
            || !tensor.TryGetProperty(SafetensorsFormat.ShapeKey, out var shapeNumbers)
            || !tensor.TryGetProperty(SafetensorsFormat.OffsetsKey, out var offsetNumbers))
        {
            throw new InvalidModelException(path, $"dtype, shape and data_offsets of {name}", tensor.ToString());
        }

        var dtype = dtypeText.ToString();
        var elementBytes = SafetensorsFormat.BytesOf(dtype);
        Require(elementBytes > 0, path, $"a dtype of {name} that is one of {SafetensorsFormat.DtypeNames}", dtypeText);

        var shape = ParseNumbers(shapeNumbers);
        Require(shape?.Length <= SafetensorsFormat.MostDimensions, path, $"a shape of {name} of at most {SafetensorsFormat.MostDimensions} dimensions from 0 up", shapeNumbers);

        var offsets = ParseNumbers(offsetNumbers);
        Require(offsets?.Length == 2 && offsets[0] <= offsets[1] && offsets[1] <= long.MaxValue - dataOffset, path, $"data_offsets of {name} from a start to an end", offsetNumbers);

        var length = offsets![1] - offsets[0];
        var needed = CountBytes(shape!, elementBytes);
        Require(length == needed, path, $"{(needed is null ? "a countable number of" : $"{needed}")} bytes for {name}, {SafetensorsEntry.Describe(dtype, shape!)}", length);
        return new SafetensorsEntry(name, dtype, shape!, dataOffset + offsets[0], length);
    }

    private static long[]? ParseNumbers(JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > SafetensorsFormat.MostDimensions)
        {
            return null;
        }

        var numbers = new long[array.GetArrayLength()];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (array[i].ValueKind != JsonValueKind.Number || !array[i].TryGetInt64(out numbers[i]) || numbers[i] < 0)
            {
                return null;
            }
        }

        return numbers;
    }

    // Null if there are more than a long can count. Torch also counts strides, so a dimension of 0 does not excuse the others.
    private static long? CountBytes(long[] shape, int elementBytes)
    {
        Int128 bytes = elementBytes;
        foreach (var size in shape)
        {
            bytes *= Math.Max(size, 1);
            if (bytes > long.MaxValue)
            {
                return null;
            }
        }

        return shape.Contains(0) ? 0 : (long)bytes;
    }

    private static void Require(bool holds, string path, string expected, object found)
    {
        if (!holds)
        {
            throw new InvalidModelException(path, expected, found.ToString()!);
        }
    }
}

/// <summary>What a header says of one tensor.</summary>
/// <param name="Name">Its name, such as <c>conv1.weight</c>.</param>
/// <param name="Dtype">Its dtype as the format names it: BOOL, U8, I8, I16, I32, I64, F16, BF16, F32 or F64.</param>
/// <param name="Shape">The size of each dimension; empty for a scalar.</param>
/// <param name="Offset">Where its data start, in bytes from the start of the file.</param>
/// <param name="Length">The size of its data in bytes.</param>
internal sealed record SafetensorsEntry(string Name, string Dtype, IReadOnlyList<long> Shape, long Offset, long Length)
{
    /// <summary>Dtype and shape, such as <c>F32 (64, 32, 3, 3)</c>.</summary>
    public override string ToString() => Describe(Dtype, Shape);

    public static string Describe(string dtype, IEnumerable<long> shape) => $"{dtype} ({string.Join(", ", shape)})";
}
