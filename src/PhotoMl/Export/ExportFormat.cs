namespace PhotoMl.Export;

/// <summary>The formats in which models leave PhotoMl. A model file itself is in the safetensors format already.</summary>
public enum ExportFormat
{
    /// <summary>ONNX, opset 17: the network with its weights, for ONNX Runtime and whatever else reads it.</summary>
    Onnx,

    /// <summary>A PyTorch state_dict, which <c>torch.load(path, weights_only=True)</c> opens: the weights under the names of a module of the same layers.</summary>
    Pytorch,
}
