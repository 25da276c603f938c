using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>A file of named tensors, whatever its format.</summary>
internal interface ITensorReader : IDisposable
{
    string Path { get; }

    /// <summary>The free text in the file; empty if it has none.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors by name, in the order of the file.</summary>
    IReadOnlyDictionary<string, SafetensorsEntry> Tensors { get; }

    /// <summary>Reads a tensor, to be disposed by the caller.</summary>
    Tensor ReadTensor(string name);

    /// <summary>Reads a tensor into one of the same dtype and shape.</summary>
    void CopyTo(string name, Tensor destination);
}
