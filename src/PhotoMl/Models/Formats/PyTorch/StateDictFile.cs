using PhotoMl.IO;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>A state_dict of PyTorch on disk: what <c>torch.save(model.state_dict(), path)</c> writes since torch 1.6.</summary>
internal static class StateDictFile
{
    /// <summary>Writes tensors for <c>torch.load(path, weights_only=True)</c>; what stood there before stays until the new file is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors by name: of bool, uint8, int8 to int64, float16, bfloat16, float32 or float64, and of at most 8 dimensions.</param>
    /// <exception cref="ArgumentException">A tensor is of another dtype or of more dimensions.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        AtomicFile.Write(path, stream => StateDictWriter.Write(stream, tensors));
    }

    /// <summary>Reads all tensors of a file without running anything in it.</summary>
    /// <param name="path">The file: a dictionary of tensors, or a checkpoint in which exactly one value is such a dictionary.</param>
    /// <returns>The tensors by name, on the CPU; the caller disposes them.</returns>
    /// <exception cref="InvalidModelException">The file is missing, damaged, or holds anything but tensors, numbers and texts.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(string path)
    {
        using var reader = StateDictReader.Open(path);
        return reader.Tensors.Keys.ToDictionary(name => name, reader.ReadTensor);
    }
}
