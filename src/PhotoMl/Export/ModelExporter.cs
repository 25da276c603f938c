using Google.Protobuf;
using PhotoMl.Data;
using PhotoMl.Export.Onnx;
using PhotoMl.Models;

namespace PhotoMl.Export;

/// <summary>Writes models in the formats of other frameworks.</summary>
internal static class ModelExporter
{
    private const double Tolerance = 1e-4;
    private const double Float16Tolerance = 1 / 255.0; // half of a pixel's step, in [-1, 1]

    /// <summary>Exports a classifier or a generator.</summary>
    /// <remarks>What will be written is read back first: a graph has to compute, node by node, what the model does; a state_dict has to
    /// hold its weights. The same model gives the same bytes.</remarks>
    /// <param name="modelPath">The model file.</param>
    /// <param name="outputPath">The file to write.</param>
    /// <param name="options">How it is exported.</param>
    /// <param name="quantize">Quantizes the graph that was proved.</param>
    public static ExportedModel Export(
        string modelPath, string outputPath, ExportOptions options, Func<ModelProto, QuantizationCost>? quantize = null)
    {
        var format = Check(modelPath, outputPath, options);
        var isGenerator = ModelFile.ReadKind(modelPath) == GeneratorInfo.GeneratorKind;
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var classifier = isGenerator ? null : ClassifierFile.Load(modelPath);
        using var generator = isGenerator ? GeneratorFile.Load(modelPath) : null;
        var exported = classifier is null
            ? ExportedModel.Of(outputPath, generator!.Model.Options)
            : ExportedModel.Of(outputPath, classifier.Model.Options, options.Probabilities);
        var bytes = format switch
        {
            ExportFormat.Onnx => classifier is null ? WriteGraph(generator!, exported, options.Float16)
                : WriteGraph(classifier, exported, options.Probabilities),
            ExportFormat.Pytorch => WriteStateDict(classifier?.Model ?? (nn.Module)generator!.Model, outputPath),
            _ => throw new ArgumentException($"Expected a known format but got {format}.", nameof(options)),
        };
        if (quantize is not null)
        {
            var model = ModelProto.Parser.ParseFrom(bytes);
            exported = exported with { Cost = quantize(model) };
            bytes = model.ToByteArray();
        }

        AtomicFile.Write(outputPath, bytes);
        return exported with { Bytes = bytes.Length };
    }

    /// <summary>Refuses what cannot be exported, before anything is computed.</summary>
    public static ExportFormat Check(string modelPath, string outputPath, ExportOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        ArgumentException.ThrowIfNullOrEmpty(outputPath);
        var format = options.Format ?? Path.GetExtension(outputPath).ToLowerInvariant() switch
        {
            ".onnx" => ExportFormat.Onnx,
            ".pth" or ".pt" => ExportFormat.Pytorch,
            var extension => throw new ArgumentException($"Output: expected a file that ends in .onnx, .pth or .pt, but got '{extension}'"),
        };
        OutputException.ThrowIfInput(outputPath, [modelPath]);
        var isGenerator = ModelFile.ReadKind(modelPath) == GeneratorInfo.GeneratorKind;
        var misfit = (options.Probabilities || options.Int8) && (isGenerator || format != ExportFormat.Onnx)
                ? "a classifier and the format onnx for probabilities and int8"
            : options.Float16 && (!isGenerator || format != ExportFormat.Onnx) ? "a generator and the format onnx for float16"
            : null;
        var found = isGenerator ? "generator" : "classifier";
        return misfit is null
            ? format
            : throw new ArgumentException($"Expected {misfit}, but got a {found} and {format}.", nameof(options));
    }

    internal static void Prove(
        string path, byte[] graph, IReadOnlyList<Tensor> inputs, Tensor expected, double tolerance = Tolerance)
    {
        using var scope = NewDisposeScope();
        try
        {
            var found = OnnxEvaluator.Run(ModelProto.Parser.ParseFrom(graph).Graph, inputs);
            var largest = Math.Max(1, expected.abs().max().item<float>());
            var difference = (found - expected.to(ScalarType.Float64)).abs().max().item<double>() / largest;
            if (!(difference <= tolerance))
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

    private static byte[] WriteGraph(LoadedGenerator loaded, ExportedModel exported, bool float16)
    {
        var bytes = NetworkGraph.Of(loaded.Model, loaded.Info, exported, float16).ToByteArray();
        var (latents, labels) = GoldenPictures.Inputs(loaded.Model.Options);
        Tensor[] inputs = labels is null ? [latents] : [latents, labels];
        Prove(exported.Path, bytes, inputs, loaded.Model.Generate(latents, labels), float16 ? Float16Tolerance : Tolerance);
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
