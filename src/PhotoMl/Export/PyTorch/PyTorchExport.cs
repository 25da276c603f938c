using PhotoMl.Models;

namespace PhotoMl.Export;

/// <summary>Writes the weights of a model as a state_dict that a plain PyTorch module of the same layers loads.</summary>
/// <remarks>Each is proven first: a fresh network with what will be written has to compute what the model does.</remarks>
internal static class PyTorchExport
{
    public static ExportedModel WriteClassifier(string modelPath, string outputPath)
    {
        using var loaded = ClassifierFile.Load(modelPath);
        var network = loaded.Model.Options;
        var bytes = Serialize(loaded.Model);
        using var fresh = ImageClassifier.CreateBlank(network);
        using var reader = StateDictReader.Open(outputPath, new MemoryStream(bytes));
        NetworkWeights.Check(reader, "", ImageClassifier.WeightShapes(network), ClassifierInfo.ClassifierKind);
        NetworkWeights.CopyTo(reader, "", fresh);
        return GoldenSample.Take(loaded.Model).Disagreement(fresh) is { } difference
            ? throw new InvalidModelException(outputPath, "the logits of the model", $"logits that differ by {difference:G3} of the largest")
            : ModelExporter.Write(outputPath, bytes, ModelInterface.Of(network, probabilities: false));
    }

    /// <summary>Writes a generator's state_dict.</summary>
    /// <inheritdoc cref="WriteClassifier"/>
    public static ExportedModel WriteGenerator(string modelPath, string outputPath)
    {
        using var loaded = GeneratorFile.Load(modelPath);
        var network = loaded.Model.Options;
        var bytes = Serialize(loaded.Model);
        using var fresh = new DcganGenerator(network);
        using var reader = StateDictReader.Open(outputPath, new MemoryStream(bytes));
        NetworkWeights.Check(reader, "", DcganGenerator.WeightShapes(network), GeneratorInfo.GeneratorKind);
        NetworkWeights.CopyTo(reader, "", fresh);
        fresh.eval();
        return GoldenPictures.Take(loaded.Model).Disagreement(fresh) is { } difference
            ? throw new InvalidModelException(outputPath, "the pictures of the model", difference)
            : ModelExporter.Write(outputPath, bytes, ModelInterface.Of(network));
    }

    private static byte[] Serialize(TorchSharp.torch.nn.Module network)
    {
        using var stream = new MemoryStream();
        StateDictWriter.Write(stream, NetworkWeights.Named(network));
        return stream.ToArray();
    }
}
