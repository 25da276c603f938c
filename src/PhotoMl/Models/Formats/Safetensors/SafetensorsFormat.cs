using System.Buffers;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>The names and limits that reading and writing safetensors files share.</summary>
/// <remarks>The format: https://huggingface.co/docs/safetensors. Its reference implementation refuses headers of more than 100 MB.</remarks>
internal static class SafetensorsFormat
{
    public const int LengthBytes = 8;
    public const int MostHeaderBytes = 100_000_000;
    public const int MostTensors = 65_536;
    public const int MostDimensions = 8;
    public const string MetadataKey = "__metadata__";
    public const string DtypeKey = "dtype";
    public const string ShapeKey = "shape";
    public const string OffsetsKey = "data_offsets";

    private static readonly (string Name, ScalarType Type, int Bytes)[] Dtypes =
    [
        ("BOOL", ScalarType.Bool, 1),
        ("U8", ScalarType.Byte, 1),
        ("I8", ScalarType.Int8, 1),
        ("I16", ScalarType.Int16, 2),
        ("I32", ScalarType.Int32, 4),
        ("I64", ScalarType.Int64, 8),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("F32", ScalarType.Float32, 4),
        ("F64", ScalarType.Float64, 8),
    ];

    public static string DtypeNames => string.Join(", ", Dtypes.Select(dtype => dtype.Name));

    public static string? NameOf(ScalarType type) => Array.Find(Dtypes, dtype => dtype.Type == type).Name;

    public static ScalarType TypeOf(string name) => Array.Find(Dtypes, dtype => dtype.Name == name).Type;

    public static int BytesOf(string name) => Array.Find(Dtypes, dtype => dtype.Name == name).Bytes;
}

/// <summary>The memory of a tensor as spans of bytes.</summary>
internal static class TensorMemory
{
    // A span cannot hold a tensor of more than 2 GB.
    private const int PieceBytes = 1 << 24;

    /// <summary>Hands out a tensor's memory piece by piece, in order; what is written there is in the tensor.</summary>
    public static void ForEachPiece(Tensor tensor, SpanAction<byte, long> use)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.detach().view(-1); // (elements)
        var elements = flat.numel();
        var elementBytes = flat.ElementSize;
        var step = PieceBytes / elementBytes;
        for (var start = 0L; start < elements; start += step)
        {
            using var piece = flat.narrow(0, start, Math.Min(step, elements - start));
            use(piece.bytes, start * elementBytes);
        }
    }
}
