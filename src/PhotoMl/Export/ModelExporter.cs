using PhotoMl.IO;
using PhotoMl.Models;

namespace PhotoMl.Export;

/// <summary>Writes models in the formats of other frameworks.</summary>
internal static class ModelExporter
{
    /// <summary>Exports a classifier or a generator, once what will be written has computed the golden sample of the model.</summary>
    /// <remarks>The same model gives the same bytes.</remarks>
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
            throw new ArgumentException("Expected a classifier and the format onnx, which alone give probabilities.", nameof(probabilities));
        }

        return format switch
        {
            ExportFormat.Onnx => isGenerator ? OnnxExport.WriteGenerator(modelPath, outputPath) : OnnxExport.WriteClassifier(modelPath, outputPath, probabilities),
            ExportFormat.Pytorch => isGenerator ? PyTorchExport.WriteGenerator(modelPath, outputPath) : PyTorchExport.WriteClassifier(modelPath, outputPath),
            _ => throw new ArgumentException($"Expected a known format but got {format}.", nameof(format)),
        };
    }

    internal static ExportedModel Write(string path, byte[] bytes, ModelInterface model)
    {
        AtomicFile.Write(path, stream => stream.Write(bytes));
        return new ExportedModel(path, bytes.Length, model.Inputs, model.Output);
    }
}
