using PhotoMl.IO;
using PhotoMl.Models;

namespace PhotoMl.Export;

/// <summary>Writes models in the formats of other frameworks.</summary>
public static class ModelExporter
{
    /// <summary>Exports a classifier or a generator, once what will be written has computed the golden sample of the model.</summary>
    /// <remarks>The same model gives the same bytes.</remarks>
    /// <param name="modelPath">The model file.</param>
    /// <param name="outputPath">The file to write; what stood there before stays until the new file is whole and proven.</param>
    /// <param name="options">The format, and what the exported model gives.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ArgumentException">There is no such format, or neither the format nor the model knows probabilities.</exception>
    /// <exception cref="InvalidModelException">The model is missing or damaged, or what would be written computes something else.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static ExportedModel Export(string modelPath, string outputPath, ExportOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        ArgumentException.ThrowIfNullOrEmpty(outputPath);
        ArgumentNullException.ThrowIfNull(options);
        var isGenerator = ModelFile.ReadKind(modelPath) == GeneratorInfo.GeneratorKind;
        if (options.Probabilities && (isGenerator || options.Format != ExportFormat.Onnx))
        {
            throw new ArgumentException("Expected a classifier and the format onnx, which alone give probabilities.", nameof(options));
        }

        return options.Format switch
        {
            ExportFormat.Onnx => isGenerator ? OnnxExport.WriteGenerator(modelPath, outputPath) : OnnxExport.WriteClassifier(modelPath, outputPath, options.Probabilities),
            ExportFormat.Pytorch => isGenerator ? PyTorchExport.WriteGenerator(modelPath, outputPath) : PyTorchExport.WriteClassifier(modelPath, outputPath),
            _ => throw new ArgumentException($"Expected a known format but got {options.Format}.", nameof(options)),
        };
    }

    /// <summary>Writes what was proven.</summary>
    internal static ExportedModel Write(string path, byte[] bytes, ModelInterface model)
    {
        AtomicFile.Write(path, stream => stream.Write(bytes));
        return new ExportedModel(path, bytes.Length, model.Inputs, model.Output);
    }
}
