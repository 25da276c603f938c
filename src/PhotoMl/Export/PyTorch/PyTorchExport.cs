using PhotoMl.Models;

namespace PhotoMl.Export;

/// <summary>Writes the weights of a model as a state_dict that a plain PyTorch module of the same layers loads.</summary>
internal static class PyTorchExport
{
    /// <summary>Writes a classifier's or generator's state_dict, once a fresh network with what will be written has computed what the model does.</summary>
    /// <param name="modelPath">The model.</param>
    /// <param name="outputPath">The file to write; what stood there before stays until the new file is whole and proven.</param>
    /// <exception cref="InvalidModelException">The model is missing, damaged or of another kind, or the state_dict computes something else.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void Write(string modelPath, string outputPath)
    {
        var bytes = ModelFile.ReadKind(modelPath) == GeneratorInfo.GeneratorKind ? ExportGenerator(modelPath, outputPath) : ExportClassifier(modelPath, outputPath);
        AtomicFile.Write(outputPath, stream => stream.Write(bytes));
    }

    private static byte[] ExportClassifier(string modelPath, string outputPath)
    {
        using var loaded = ClassifierFile.Load(modelPath, out var golden);
        var bytes = Serialize(loaded.Model);
        using var fresh = ImageClassifier.CreateBlank(loaded.Model.Options);
        using var reader = StateDictReader.Open(outputPath, new MemoryStream(bytes));
        NetworkWeights.Check(reader, "", ImageClassifier.WeightShapes(fresh.Options), ClassifierInfo.ClassifierKind);
        NetworkWeights.CopyTo(reader, "", fresh);
        return golden.Disagreement(fresh) is { } difference
            ? throw new InvalidModelException(outputPath, "the logits of the model", $"logits that differ by {difference:G3} of the largest")
            : bytes;
    }

    private static byte[] ExportGenerator(string modelPath, string outputPath)
    {
        using var loaded = GeneratorFile.Load(modelPath);
        var bytes = Serialize(loaded.Model);
        using var fresh = new DcganGenerator(loaded.Model.Options);
        using var reader = StateDictReader.Open(outputPath, new MemoryStream(bytes));
        NetworkWeights.Check(reader, "", DcganGenerator.WeightShapes(fresh.Options), GeneratorInfo.GeneratorKind);
        NetworkWeights.CopyTo(reader, "", fresh);
        fresh.eval();
        return GoldenPictures.Take(loaded.Model).Disagreement(fresh) is { } difference
            ? throw new InvalidModelException(outputPath, "the pictures of the model", difference)
            : bytes;
    }

    private static byte[] Serialize(TorchSharp.torch.nn.Module network)
    {
        using var stream = new MemoryStream();
        StateDictWriter.Write(stream, NetworkWeights.Named(network));
        return stream.ToArray();
    }
}
