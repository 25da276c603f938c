namespace PhotoMl.Export;

/// <summary>A model that was exported.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Inputs">What the model takes.</param>
/// <param name="Output">What it gives.</param>
public sealed record ExportedModel(string Path, long Bytes, IReadOnlyList<ExportedTensor> Inputs, ExportedTensor Output);

/// <summary>A tensor that an exported model takes or gives.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Dtype">The type of its elements: <c>float32</c> or <c>int64</c>.</param>
/// <param name="Shape">Its sizes; -1 stands for the number of images, which is free.</param>
/// <param name="Meaning">What its elements are.</param>
public sealed record ExportedTensor(string Name, string Dtype, IReadOnlyList<long> Shape, string Meaning)
{
    /// <summary>The size that is free.</summary>
    public const long AnySize = -1;

    /// <summary>Describes the tensor, such as <c>images (N, 1, 28, 28) of float32: in [0, 1]</c>.</summary>
    /// <returns>The description.</returns>
    public override string ToString() => $"{Name} ({string.Join(", ", Shape.Select(size => size == AnySize ? "N" : $"{size}"))}) of {Dtype}: {Meaning}";
}

/// <summary>The formats in which models leave PhotoMl. A model file itself is in the safetensors format already.</summary>
public enum ExportFormat
{
    /// <summary>ONNX, opset 17: the network with its weights, for ONNX Runtime and whatever else reads it.</summary>
    Onnx,

    /// <summary>A PyTorch state_dict, which <c>torch.load(path, weights_only=True)</c> opens: the weights under the names of a module of
    /// the same layers.</summary>
    Pytorch,
}
