using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>Checks the labels given to a conditional network, for a label out of range would be a fault of native code.</summary>
internal static class LabelCheck
{
    public static void Check(Tensor? labels, long count, int classes)
    {
        if (labels is null != (classes == 0))
        {
            throw new ArgumentException(classes == 0 ? "Expected no labels, for the network is not conditional." : $"Expected labels of {classes} classes but got none.", nameof(labels));
        }

        if (labels is null)
        {
            return;
        }

        if (labels.dim() != 1 || labels.shape[0] != count || labels.dtype != ScalarType.Int64)
        {
            throw new ArgumentException($"Expected labels ({count}) of Int64 but got ({string.Join(", ", labels.shape)}) of {labels.dtype}.", nameof(labels));
        }

        using var scope = NewDisposeScope();
        if (count > 0 && (labels.min().item<long>() is < 0 and var low ? low : labels.max().item<long>()) is var worst && (worst < 0 || worst >= classes))
        {
            throw new ArgumentException($"Expected labels from 0 to {classes - 1} but got {worst}.", nameof(labels));
        }
    }
}
