using PhotoMl.Models;

namespace PhotoMl.Export;

/// <summary>A model that was exported.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Inputs">What the model takes.</param>
/// <param name="Output">What it gives.</param>
public sealed record ExportedModel(string Path, long Bytes, IReadOnlyList<ExportedTensor> Inputs, ExportedTensor Output)
{
    /// <summary>What int8 costs; null for a model that computes in float32.</summary>
    public QuantizationCost? Cost { get; init; }

    internal static ExportedModel Of(string path, ClassifierOptions network, bool probabilities) => new(
        path,
        0,
        [ExportedTensor.Of("images", [network.Channels, network.Height, network.Width], "in [0, 1]: pixel / 255")],
        probabilities
            ? ExportedTensor.Of("probabilities", [network.Classes], "each class's, adding up to 1")
            : ExportedTensor.Of("logits", [network.Classes], "one a class"));

    internal static ExportedModel Of(string path, DcganOptions network)
    {
        var latents = ExportedTensor.Of("latents", [network.Latent], "of the standard normal distribution");
        var labels = ExportedTensor.Of("labels", [], $"the class of each image, 0 to {network.Classes - 1}") with { Dtype = "int64" };
        var images = ExportedTensor.Of("images", [network.Channels, network.Height, network.Width], "in [-1, 1]");
        return new ExportedModel(path, 0, network.Classes > 0 ? [latents, labels] : [latents], images);
    }
}

/// <summary>The accuracy of a classifier that computes in int8, beside that of the same graph in float32.</summary>
/// <remarks>Computed in float64 from the numbers that the file holds, so a runtime may predict an image in some hundreds differently; the
/// images are those of <see cref="Classifier.Evaluate"/>.</remarks>
public sealed record QuantizationCost
{
    /// <summary>The id of the known data set, or its folder.</summary>
    public required string Data { get; init; }

    /// <summary>What the images are called, such as <c>test images</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The number of images.</summary>
    public required int Images { get; init; }

    /// <summary>The accuracy in float32, in [0, 1].</summary>
    public required double Float32Accuracy { get; init; }

    /// <summary>The accuracy in int8, in [0, 1].</summary>
    public required double Int8Accuracy { get; init; }
}

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
    public override string ToString() =>
        $"{Name} ({string.Join(", ", Shape.Select(size => size == AnySize ? "N" : $"{size}"))}) of {Dtype}: {Meaning}";

    internal static ExportedTensor Of(string name, long[] shape, string meaning) => new(name, "float32", [AnySize, .. shape], meaning);
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
