using Google.Protobuf;
using PhotoMl.Data;
using PhotoMl.Export.Onnx;
using PhotoMl.Models;

namespace PhotoMl.Export;

/// <summary>Writes models in the formats of other frameworks.</summary>
internal static class ModelExporter
{
    private const double Tolerance = 1e-4;

    /// <summary>Exports a classifier or a generator.</summary>
    /// <remarks>What will be written is read back first: a graph has to compute, node by node, what the model does; a state_dict has to
    /// hold its weights. The same model gives the same bytes.</remarks>
    public static ExportedModel Export(string modelPath, string outputPath, ExportFormat? format = null, bool probabilities = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        ArgumentException.ThrowIfNullOrEmpty(outputPath);
        format ??= Path.GetExtension(outputPath).ToLowerInvariant() switch
        {
            ".onnx" => ExportFormat.Onnx,
            ".pth" or ".pt" => ExportFormat.Pytorch,
            var extension => throw new ArgumentException($"Output: expected a file that ends in .onnx, .pth or .pt, but got '{extension}'"),
        };
        OutputException.ThrowIfInput(outputPath, [modelPath]);
        var isGenerator = ModelFile.ReadKind(modelPath) == GeneratorInfo.GeneratorKind;
        if (probabilities && (isGenerator || format != ExportFormat.Onnx))
        {
            throw new ArgumentException("Expected a classifier and the format onnx for probabilities.", nameof(probabilities));
        }

        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var classifier = isGenerator ? null : ClassifierFile.Load(modelPath);
        using var generator = isGenerator ? GeneratorFile.Load(modelPath) : null;
        var exported = classifier is null
            ? ExportedModel.Of(outputPath, generator!.Model.Options)
            : ExportedModel.Of(outputPath, classifier.Model.Options, probabilities);
        var bytes = format switch
        {
            ExportFormat.Onnx => classifier is null ? WriteGraph(generator!, exported) : WriteGraph(classifier, exported, probabilities),
            ExportFormat.Pytorch => WriteStateDict(classifier?.Model ?? (nn.Module)generator!.Model, outputPath),
            _ => throw new ArgumentException($"Expected a known format but got {format}.", nameof(format)),
        };
        AtomicFile.Write(outputPath, bytes);
        return exported with { Bytes = bytes.Length };
    }

    internal static void Prove(string path, byte[] graph, IReadOnlyList<Tensor> inputs, Tensor expected)
    {
        using var scope = NewDisposeScope();
        try
        {
            var found = OnnxEvaluator.Run(ModelProto.Parser.ParseFrom(graph).Graph, inputs);
            var largest = Math.Max(1, expected.abs().max().item<float>());
            var difference = (found - expected.to(ScalarType.Float64)).abs().max().item<double>() / largest;
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

    private static byte[] WriteGraph(LoadedClassifier loaded, ExportedModel exported, bool probabilities)
    {
        var bytes = NetworkGraph.Of(loaded.Model, loaded.Info, exported, probabilities).ToByteArray();
        var images = PixelBatch.ToNetworkInput(GoldenSample.DrawImages(loaded.Model.Options));
        var logits = loaded.Model.forward(images);
        Prove(exported.Path, bytes, [images], probabilities ? logits.div(loaded.Info.Temperature).softmax(1) : logits);
        return bytes;
    }

    private static byte[] WriteGraph(LoadedGenerator loaded, ExportedModel exported)
    {
        var bytes = NetworkGraph.Of(loaded.Model, loaded.Info, exported).ToByteArray();
        var (latents, labels) = GoldenPictures.Inputs(loaded.Model.Options);
        Prove(exported.Path, bytes, labels is null ? [latents] : [latents, labels], loaded.Model.Generate(latents, labels));
        return bytes;
    }

    private static byte[] WriteStateDict(nn.Module network, string path)
    {
        using var stream = new MemoryStream();
        StateDictWriter.Write(stream, NetworkWeights.Named(network));
        var bytes = stream.ToArray();
        using var reader = StateDictReader.Open(path, new MemoryStream(bytes));
        return ContentHash.Of("", reader.Tensors.Keys, reader.ReadTensor, withDtypes: false) == ModelHash.Of(network)
            ? bytes
            : throw new InvalidModelException(path, "the weights of the model", "others");
    }
}
