using PhotoMl.Export.Onnx;
using Google.Protobuf;
using PhotoMl.Data;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Export;

/// <summary>Writes a network with its weights in the format of ONNX.</summary>
/// <remarks>Each is proven first: the bytes that will be written are read back, and their graph has to compute, node by node, what the
/// model does.</remarks>
internal static class OnnxExport
{
    private const double Tolerance = 1e-4;

    public static ExportedModel WriteClassifier(string modelPath, string outputPath, bool probabilities)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var loaded = ClassifierFile.Load(modelPath);
        var tensors = ModelInterface.Of(loaded.Model.Options, probabilities);
        var bytes = ClassifierGraph.Build(loaded.Model, loaded.Info, tensors, probabilities).ToByteArray();
        var images = PixelBatch.ToNetworkInput(GoldenSample.DrawImages(loaded.Model.Options));
        var logits = loaded.Model.forward(images);
        Prove(outputPath, bytes, [images], probabilities ? logits.div(loaded.Info.Temperature).softmax(1) : logits);
        return ModelExporter.Write(outputPath, bytes, tensors);
    }

    /// <summary>Writes a generator.</summary>
    /// <inheritdoc cref="WriteClassifier"/>
    public static ExportedModel WriteGenerator(string modelPath, string outputPath)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var loaded = GeneratorFile.Load(modelPath);
        var tensors = ModelInterface.Of(loaded.Model.Options);
        var bytes = GeneratorGraph.Build(loaded.Model, loaded.Info, tensors).ToByteArray();
        var (latents, labels) = GoldenPictures.Inputs(loaded.Model.Options);
        Prove(outputPath, bytes, labels is null ? [latents] : [latents, labels], loaded.Model.Generate(latents, labels));
        return ModelExporter.Write(outputPath, bytes, tensors);
    }

    internal static void Prove(string path, byte[] bytes, IReadOnlyList<Tensor> inputs, Tensor expected)
    {
        using var scope = NewDisposeScope();
        try
        {
            var found = OnnxEvaluator.Run(ModelProto.Parser.ParseFrom(bytes).Graph, inputs);
            var difference = (found - expected.to(ScalarType.Float64)).abs().max().item<double>() / Math.Max(1, expected.abs().max().item<float>());
            if (!(difference <= Tolerance))
            {
                throw new InvalidModelException(path, "what the model computes", $"values that differ by {difference:G3} of the largest");
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidProtocolBufferException)
        {
            throw new InvalidModelException(path, "a graph that can be computed", exception.Message, exception);
        }
    }
}
