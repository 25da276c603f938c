using System.Buffers;
using static TorchSharp.torch;

namespace PhotoMl.Models;

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
