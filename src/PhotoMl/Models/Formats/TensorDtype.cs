using System.Globalization;

namespace PhotoMl.Models;

/// <summary>A dtype that files hold: its name in safetensors, its bytes, and its storage in PyTorch.</summary>
internal sealed record TensorDtype(string Name, ScalarType Type, int Bytes, string Storage)
{
    public const int MostTensors = 65_536;
    public const int MostDimensions = 8;

    private static readonly TensorDtype[] All =
    [
        new("BOOL", ScalarType.Bool, 1, "torch.BoolStorage"),
        new("U8", ScalarType.Byte, 1, "torch.ByteStorage"),
        new("I8", ScalarType.Int8, 1, "torch.CharStorage"),
        new("I16", ScalarType.Int16, 2, "torch.ShortStorage"),
        new("I32", ScalarType.Int32, 4, "torch.IntStorage"),
        new("I64", ScalarType.Int64, 8, "torch.LongStorage"),
        new("F16", ScalarType.Float16, 2, "torch.HalfStorage"),
        new("BF16", ScalarType.BFloat16, 2, "torch.BFloat16Storage"),
        new("F32", ScalarType.Float32, 4, "torch.FloatStorage"),
        new("F64", ScalarType.Float64, 8, "torch.DoubleStorage"),
    ];

    public static string Names => string.Join(", ", All.Select(dtype => dtype.Name));

    public static TensorDtype? Find(string name) => Array.Find(All, dtype => dtype.Name == name);

    /// <summary>The bits of an element, which other dtypes, such as U16 and F8_E4M3, have in their name; null where these do not.</summary>
    public static int? BitsOf(string name) => Find(name)?.Bytes * 8
        ?? (int.TryParse(name.Split('_')[0].AsSpan().TrimStart("BCFIU"), CultureInfo.InvariantCulture, out var bits) ? bits : null);

    public static TensorDtype? OfStorage(string storage) => Array.Find(All, dtype => dtype.Storage == storage);

    public static TensorDtype Of(Tensor tensor) => Array.Find(All, dtype => dtype.Type == tensor.dtype)
        ?? throw new ArgumentException($"Expected a tensor of {Names} but got {tensor.dtype}.", nameof(tensor));
}

/// <summary>The memory of a tensor as spans of bytes.</summary>
internal static class TensorMemory
{
    // A span cannot hold a tensor of more than 2 GB.
    private const int PieceBytes = 1 << 24;

    /// <summary>Hands out what a tensor holds piece by piece, in order, whatever its strides and device; what is written there is in the
    /// tensor where that is contiguous and on the CPU.</summary>
    public static void ForEachPiece(Tensor tensor, Action<Span<byte>> use)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous().view(-1); // (elements)
        var step = PieceBytes / flat.ElementSize;
        for (var start = 0L; start < flat.numel(); start += step)
        {
            using var piece = flat.narrow(0, start, Math.Min(step, flat.numel() - start));
            use(piece.bytes);
        }
    }
}
