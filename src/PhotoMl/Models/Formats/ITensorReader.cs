using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>A file of named tensors, whatever its format.</summary>
internal interface ITensorReader : IDisposable
{
    /// <summary>The file.</summary>
    string Path { get; }

    /// <summary>The free text in the file; empty if it has none.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors by name, in the order of the file.</summary>
    IReadOnlyDictionary<string, SafetensorsEntry> Tensors { get; }

    /// <summary>Reads a tensor, to be disposed by the caller.</summary>
    /// <exception cref="InvalidModelException">There is no such tensor, or the file cannot be read any more.</exception>
    Tensor ReadTensor(string name);

    /// <summary>Reads a tensor into one of the same dtype and shape.</summary>
    /// <exception cref="InvalidModelException">There is no such tensor, its dtype or shape is another, or the file cannot be read any more.</exception>
    void CopyTo(string name, Tensor destination);
}
