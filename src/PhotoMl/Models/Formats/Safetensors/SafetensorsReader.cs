using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;

namespace PhotoMl.Models;

/// <summary>Reads a safetensors file.</summary>
/// <remarks>
/// A file is 8 bytes of header length (little-endian), a JSON header, and the raw little-endian data
/// (https://huggingface.co/docs/safetensors). No more memory is taken than the file is long, and a file with an overlap, a hole, a byte
/// too many or too few, or a shape that its data do not have is refused before any tensor is read; so is a header of more than 100 MB, as
/// the reference implementation does.
/// </remarks>
internal sealed class SafetensorsReader : TensorReader
{
    public const string Kind = "a safetensors file";
    public const int LengthBytes = 8;
    public const int MostHeaderBytes = 100_000_000;
    public const string MetadataKey = "__metadata__";

    private const int MostDepth = 16; // a shape is at 3; what else a tensor says may go deeper and is not read

    private readonly Stream _file;

    private SafetensorsReader(string path, Stream file, string kind)
        : base(path)
    {
        _file = file;
        var start = ReadStart(file, ForeignFile.StartBytes);
        var most = Math.Min(MostHeaderBytes, file.Length - LengthBytes);
        var length = most < 0 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (most < 0 || length > (ulong)most)
        {
            throw new InvalidModelException(path, kind, most < 0
                ? $"only {PhotoMlException.Count(file.Length, "byte")}"
                : ForeignFile.Describe(start)
                    ?? $"a file that is none, or is damaged: its header would have {length} bytes, of {most} at most");
        }

        file.Position = LengthBytes;
        var json = new byte[length];
        file.ReadExactly(json);
        var first = json.Length == 0 ? "an empty one" : $"the byte 0x{json[0]:x2}";
        Require(json.Length > 0 && json[0] == '{', "a header that starts with {", first);
        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MostDepth };
            using var document = JsonDocument.Parse(json, options);
            var root = document.RootElement;
            var hasTexts = root.TryGetProperty(MetadataKey, out var texts) && texts.ValueKind != JsonValueKind.Null;
            Metadata = hasTexts ? ParseMetadata(texts) : [];
            Tensors = ParseTensors(root, LengthBytes + json.Length, file.Length);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Text that is no valid UTF-8 or UTF-16 is an InvalidOperationException to System.Text.Json.
            throw new InvalidModelException(
                path, "a header in JSON without duplicate keys", $"a fault: {PhotoMlException.ReasonOf(exception)}", exception);
        }
    }

    public static SafetensorsReader Open(string path) => Open(path, OpenFile(path, Kind));

    public static SafetensorsReader Open(string path, Stream stream, string kind = Kind) =>
        Open(path, kind, stream, () => new SafetensorsReader(path, stream, kind));

    public override void Dispose() => _file.Dispose();

    protected override Tensor Read(TensorEntry entry) => Guard(Path, Kind, () =>
    {
        _file.Position = entry.Offset;
        return ReadNext(_file, entry.Dtype, [.. entry.Shape]);
    });

    private Dictionary<string, string> ParseMetadata(JsonElement texts)
    {
        const string Expected = $"text only in {MetadataKey}";
        Require(texts.ValueKind == JsonValueKind.Object, Expected, texts.ValueKind);
        foreach (var text in texts.EnumerateObject())
        {
            Require(text.Value.ValueKind == JsonValueKind.String, Expected, $"{text.Value.ValueKind} for {text.Name}");
        }

        return texts.EnumerateObject().ToDictionary(text => text.Name, text => text.Value.GetString()!);
    }

    private Dictionary<string, TensorEntry> ParseTensors(JsonElement root, long dataOffset, long fileLength)
    {
        var count = root.GetPropertyCount();
        Require(count <= TensorDtype.MostTensors, $"at most {TensorDtype.MostTensors} tensors", count);
        var tensors = root.EnumerateObject()
            .Where(tensor => tensor.Name != MetadataKey)
            .Select(tensor => ParseTensor(tensor.Name, tensor.Value, dataOffset))
            .ToDictionary(entry => entry.Name);

        var (end, dataLength) = (0L, fileLength - dataOffset);
        foreach (var entry in tensors.Values.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Length))
        {
            var offset = entry.Offset - dataOffset;
            Require(offset == end, $"the data of {entry.Name} at offset {end}, where those before it end", $"offset {offset}");
            end += entry.Length;
            Require(end <= dataLength, $"the data of {entry.Name} to end within the {dataLength} bytes there are", $"an end at {end}");
        }

        Require(end == dataLength, $"{end} bytes of data, as its tensors have", dataLength);
        return tensors;
    }

    private TensorEntry ParseTensor(string name, JsonElement tensor, long dataOffset)
    {
        if (tensor.ValueKind != JsonValueKind.Object
            || !tensor.TryGetProperty("dtype", out var dtypeText)
            || !tensor.TryGetProperty("shape", out var shapeNumbers)
            || !tensor.TryGetProperty("data_offsets", out var offsetNumbers))
        {
            throw new InvalidModelException(Path, $"dtype, shape and data_offsets of {name}", tensor.ToString());
        }

        Require(dtypeText.ValueKind == JsonValueKind.String, $"a dtype of {name} that is a text", dtypeText);
        var dtype = dtypeText.GetString()!;
        var shape = ParseNumbers(shapeNumbers);
        Require(shape is not null, $"a shape of {name} of at most {TensorDtype.MostDimensions} dimensions from 0 up", shapeNumbers);
        var offsets = ParseNumbers(offsetNumbers);
        var isRange = offsets is [var start, var end] && start <= end && end <= long.MaxValue - dataOffset;
        Require(isRange, $"data_offsets of {name} from a start to an end", offsetNumbers);

        // Torch also counts strides, so a dimension of 0 does not excuse the others. A dtype that is not known here has any length.
        var length = offsets![1] - offsets[0];
        var entry = new TensorEntry(name, dtype, shape, dataOffset + offsets[0], length);
        var bits = TensorDtype.BitsOf(dtype) ?? 0;
        var counted = shape.Aggregate((BigInteger)bits, (product, size) => product * Math.Max(size, 1));
        var needed = shape.Contains(0) ? 0 : counted;
        var expected = counted / 8 > long.MaxValue || !(needed % 8).IsZero ? "a countable number of" : $"{needed / 8}";
        Require(bits == 0 || expected == $"{length}", $"{expected} bytes for {name}, {entry}", length);
        return entry;
    }

    private static long[]? ParseNumbers(JsonElement array) =>
        array.ValueKind == JsonValueKind.Array
        && array.GetArrayLength() <= TensorDtype.MostDimensions
        && array.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) && value >= 0)
            ? [.. array.EnumerateArray().Select(number => number.GetInt64())]
            : null;
}
