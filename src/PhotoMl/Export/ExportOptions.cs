namespace PhotoMl.Export;

/// <summary>How a model is exported.</summary>
public sealed record ExportOptions
{
    /// <summary>The format to write.</summary>
    public required ExportFormat Format { get; init; }

    /// <summary>Whether a classifier gives probabilities, at the temperature its model file names, in place of logits. Default false; <see cref="ExportFormat.Onnx"/> only.</summary>
    public bool Probabilities { get; init; }

    /// <summary>The format that a file's extension stands for: .onnx, or .pth and .pt.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentException">The extension stands for no format.</exception>
    public static ExportOptions For(string path) => Path.GetExtension(path)?.ToLowerInvariant() switch
    {
        ".onnx" => new ExportOptions { Format = ExportFormat.Onnx },
        ".pth" or ".pt" => new ExportOptions { Format = ExportFormat.Pytorch },
        var extension => throw new ArgumentException($"Output: expected a file that ends in .onnx, .pth or .pt, but got '{extension}'"),
    };
}
