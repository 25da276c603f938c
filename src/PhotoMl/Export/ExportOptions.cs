namespace PhotoMl.Export;

/// <summary>How a model is exported.</summary>
public sealed record ExportOptions
{
    /// <summary>The format to write.</summary>
    public required ExportFormat Format { get; init; }

    /// <summary>Whether a classifier gives probabilities, at the temperature its model file names, in place of logits. Default false; <see cref="ExportFormat.Onnx"/> only.</summary>
    public bool Probabilities { get; init; }
}
