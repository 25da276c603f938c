using PhotoMl.IO;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>A state_dict of PyTorch on disk: what <c>torch.save(model.state_dict(), path)</c> writes since torch 1.6.</summary>
internal static class StateDictFile
{
    /// <summary>Writes tensors for <c>torch.load(path, weights_only=True)</c>; what stood there before stays until the new file is whole.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        AtomicFile.Write(path, stream => StateDictWriter.Write(stream, tensors));
    }

    /// <summary>Reads all tensors of a file without running anything in it.</summary>
    public static IReadOnlyDictionary<string, Tensor> Read(string path)
    {
        using var reader = StateDictReader.Open(path);
        return reader.Tensors.Keys.ToDictionary(name => name, reader.ReadTensor);
    }
}
