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

    /// <summary>Exports a classifier.</summary>
    /// <remarks>What will be written is read back first: a graph has to compute, node by node, what the model does; a state_dict has to
    /// hold its weights. The same model gives the same bytes.</remarks>
    /// <param name="loaded">The classifier.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="format">Its format.</param>
    /// <param name="probabilities">Whether a graph gives probabilities in place of logits.</param>
    /// <param name="quantize">Quantizes the graph that was proved.</param>
    public static ExportedModel Export(
        LoadedClassifier loaded, string path, ExportFormat format, bool probabilities, Action<ModelProto>? quantize = null)
    {
        var network = loaded.Model;
        var exported = ExportedModel.Of(path, network.Options, probabilities);
        return Write(exported, format, network, () =>
        {
            var model = NetworkGraph.Of(network, loaded.Info, exported, probabilities);
            var images = PixelBatch.ToNetworkInput(GoldenSample.DrawImages(network.Options));
            var logits = network.forward(images);
            Prove(path, model, [images], probabilities ? logits.div(loaded.Info.Temperature).softmax(1) : logits);
            quantize?.Invoke(model);
            return model;
        });
    }

    /// <summary>Exports a generator, whose weights a graph may hold in float16.</summary>
    public static ExportedModel Export(LoadedGenerator loaded, string path, ExportFormat format, bool float16)
    {
        var network = loaded.Model;
        var exported = ExportedModel.Of(path, network.Options);
        return Write(exported, format, network, () =>
        {
            var model = NetworkGraph.Of(network, loaded.Info, exported, float16);
            var (latents, labels) = GoldenPictures.Inputs(network.Options);
            Tensor[] inputs = labels is null ? [latents] : [latents, labels];
            Prove(path, model, inputs, network.Generate(latents, labels), float16 ? Float16Tolerance : Tolerance);
            return model;
        });
    }

    /// <summary>Refuses what cannot be exported, before anything is computed.</summary>
    public static ExportFormat Check(string modelPath, string outputPath, ExportOptions options, bool isGenerator)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputPath);
        var format = options.Format ?? Path.GetExtension(outputPath).ToLowerInvariant() switch
        {
            ".onnx" => ExportFormat.Onnx,
            ".pth" or ".pt" => ExportFormat.Pytorch,
            var extension => throw new ArgumentException($"Output: expected a file that ends in .onnx, .pth or .pt, but got '{extension}'"),
        };
        OutputException.ThrowIfInput(outputPath, [modelPath]);
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
        string path, ModelProto model, IReadOnlyList<Tensor> inputs, Tensor expected, double tolerance = Tolerance)
    {
        using var scope = NewDisposeScope();
        try
        {
            var found = OnnxEvaluator.Run(ModelProto.Parser.ParseFrom(model.ToByteArray()).Graph, inputs);
            var largest = Math.Max(1, expected.abs().max().item<float>());
            var difference = (found - expected.to(ScalarType.Float64)).abs().max().item<double>() / largest;
            if (!(difference <= tolerance))
            {
                throw new InvalidModelException(path, "what the model computes", $"values that differ by {difference:G3} of the largest");
            }
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidModelException(path, "a graph that can be computed", exception.Message, exception);
        }
    }

    private static ExportedModel Write(ExportedModel exported, ExportFormat format, nn.Module network, Func<ModelProto> createGraph)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var evaluation = EvaluationMode.InFloat32(network);
        var bytes = format switch
        {
            ExportFormat.Onnx => createGraph().ToByteArray(),
            ExportFormat.Pytorch => WriteStateDict(network, exported.Path),
            _ => throw new ArgumentException($"Expected a known format but got {format}.", nameof(format)),
        };
        AtomicFile.Write(exported.Path, bytes);
        return exported with { Bytes = bytes.Length };
    }

    private static byte[] WriteStateDict(nn.Module network, string path)
    {
        using var stream = new MemoryStream();
        StateDictWriter.Write(stream, NetworkWeights.Named(network));
        var bytes = stream.ToArray();
        using var reader = StateDictReader.Open(path, new MemoryStream(bytes));
        var hash = ContentHash.Of("", reader.Tensors.Keys, reader.ReadTensor, withDtypes: false);
        reader.Require(hash == ModelHash.Of(network), "the weights of the model", "others");
        return bytes;
    }
}
