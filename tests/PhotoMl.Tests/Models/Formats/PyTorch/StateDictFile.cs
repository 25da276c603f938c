namespace PhotoMl.Models;

/// <summary>A state_dict of PyTorch on disk: what <c>torch.save(model.state_dict(), path)</c> writes since torch 1.6.</summary>
internal static class StateDictFile
{
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors) =>
        AtomicFile.Write(path, stream => StateDictWriter.Write(stream, tensors));

    public static IReadOnlyDictionary<string, Tensor> Read(string path)
    {
        using var reader = TensorReader.OpenAny(path);
        return reader.Tensors.Keys.ToDictionary(name => name, reader.ReadTensor);
    }
}
