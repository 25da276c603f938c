using PhotoMl.Models;

namespace PhotoMl.Export;

/// <summary>Writes models in the formats of other frameworks.</summary>
public static class ModelExporter
{
    /// <summary>Exports a classifier or a generator, once a fresh network with what will be written has computed the golden sample of the model.</summary>
    /// <remarks>The same model gives the same bytes.</remarks>
    /// <param name="modelPath">The model file.</param>
    /// <param name="outputPath">The file to write; what stood there before stays until the new file is whole and proven.</param>
    /// <param name="format">The format to write.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such format.</exception>
    /// <exception cref="InvalidModelException">The model is missing or damaged, or what would be written computes something else.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void Export(string modelPath, string outputPath, ExportFormat format)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        ArgumentException.ThrowIfNullOrEmpty(outputPath);
        switch (format)
        {
            case ExportFormat.Pytorch:
                PyTorchExport.Write(modelPath, outputPath);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "expected one of the formats");
        }
    }
}
