using System.Numerics;
using System.Text.Json;

namespace PhotoMl.Models;

/// <summary>The JSON header of a safetensors file, checked before any of it is believed.</summary>
/// <remarks>The reference implementation refuses headers of more than 100 MB.</remarks>
internal static class SafetensorsHeader
{
    public const int LengthBytes = 8;
    public const int MostBytes = 100_000_000;
    public const string MetadataKey = "__metadata__";

    private const int MostDepth = 16; // a shape is at 3; what else a tensor says may go deeper and is not read

    public static (Dictionary<string, string> Metadata, Dictionary<string, TensorEntry> Tensors) Parse(
        string path, byte[] json, long fileLength)
    {
        var first = json.Length == 0 ? "an empty one" : $"the byte 0x{json[0]:x2}";
        Require(json.Length > 0 && json[0] == '{', path, "a header that starts with {", first);

        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MostDepth };
            using var document = JsonDocument.Parse(json, options);
            var root = document.RootElement;
            var hasTexts = root.TryGetProperty(MetadataKey, out var texts) && texts.ValueKind != JsonValueKind.Null;
            var metadata = hasTexts ? ParseMetadata(path, texts) : [];
            return (metadata, ParseTensors(path, root, LengthBytes + json.Length, fileLength));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Text that is no valid UTF-8 or UTF-16 is an InvalidOperationException to System.Text.Json.
            throw new InvalidModelException(
                path, "a header in JSON without duplicate keys", $"a fault: {PhotoMlException.ReasonOf(exception)}", exception);
        }
    }

    private static Dictionary<string, string> ParseMetadata(string path, JsonElement texts)
    {
        const string Expected = $"text only in {MetadataKey}";
        Require(texts.ValueKind == JsonValueKind.Object, path, Expected, texts.ValueKind);
        foreach (var text in texts.EnumerateObject())
        {
            Require(text.Value.ValueKind == JsonValueKind.String, path, Expected, $"{text.Value.ValueKind} for {text.Name}");
        }

        return texts.EnumerateObject().ToDictionary(text => text.Name, text => text.Value.GetString()!);
    }

    private static Dictionary<string, TensorEntry> ParseTensors(string path, JsonElement root, long dataOffset, long fileLength)
    {
        var count = root.GetPropertyCount();
        Require(count <= TensorDtype.MostTensors, path, $"at most {TensorDtype.MostTensors} tensors", count);
        var tensors = root.EnumerateObject()
            .Where(tensor => tensor.Name != MetadataKey)
            .Select(tensor => ParseTensor(path, tensor.Name, tensor.Value, dataOffset))
            .ToDictionary(entry => entry.Name);

        var (end, dataLength) = (0L, fileLength - dataOffset);
        foreach (var entry in tensors.Values.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Length))
        {
            var offset = entry.Offset - dataOffset;
            Require(offset == end, path, $"the data of {entry.Name} at offset {end}, where those before it end", $"offset {offset}");
            end += entry.Length;
            var expected = $"the data of {entry.Name} to end within the {dataLength} bytes there are";
            Require(end <= dataLength, path, expected, $"an end at {end}");
        }

        Require(end == dataLength, path, $"{end} bytes of data, as its tensors have", dataLength);
        return tensors;
    }

    private static TensorEntry ParseTensor(string path, string name, JsonElement tensor, long dataOffset)
    {
        if (tensor.ValueKind != JsonValueKind.Object
            || !tensor.TryGetProperty("dtype", out var dtypeText)
            || !tensor.TryGetProperty("shape", out var shapeNumbers)
            || !tensor.TryGetProperty("data_offsets", out var offsetNumbers))
        {
            throw new InvalidModelException(path, $"dtype, shape and data_offsets of {name}", tensor.ToString());
        }

        Require(dtypeText.ValueKind == JsonValueKind.String, path, $"a dtype of {name} that is a text", dtypeText);
        var dtype = dtypeText.GetString()!;
        var shape = ParseNumbers(shapeNumbers);
        Require(shape is not null, path, $"a shape of {name} of at most {TensorDtype.MostDimensions} dimensions from 0 up", shapeNumbers);
        var offsets = ParseNumbers(offsetNumbers);
        var isRange = offsets is [var start, var end] && start <= end && end <= long.MaxValue - dataOffset;
        Require(isRange, path, $"data_offsets of {name} from a start to an end", offsetNumbers);

        // Torch also counts strides, so a dimension of 0 does not excuse the others. A dtype that is not known here has any length.
        var length = offsets![1] - offsets[0];
        var entry = new TensorEntry(name, dtype, shape!, dataOffset + offsets[0], length);
        var bits = TensorDtype.BitsOf(dtype) ?? 0;
        var counted = shape!.Aggregate((BigInteger)bits, (product, size) => product * Math.Max(size, 1));
        var needed = shape!.Contains(0) ? 0 : counted;
        var expected = counted / 8 > long.MaxValue || !(needed % 8).IsZero ? "a countable number of" : $"{needed / 8}";
        Require(bits == 0 || expected == $"{length}", path, $"{expected} bytes for {name}, {entry}", length);
        return entry;
    }

    private static long[]? ParseNumbers(JsonElement array) =>
        array.ValueKind == JsonValueKind.Array
        && array.GetArrayLength() <= TensorDtype.MostDimensions
        && array.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) && value >= 0)
            ? [.. array.EnumerateArray().Select(number => number.GetInt64())]
            : null;

    private static void Require(bool holds, string path, string expected, object found)
    {
        if (!holds)
        {
            throw new InvalidModelException(path, expected, found.ToString()!);
        }
    }
}
