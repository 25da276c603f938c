namespace PhotoMl.Export;

/// <summary>A model that was exported.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Inputs">What the model takes.</param>
/// <param name="Output">What it gives.</param>
public sealed record ExportedModel(string Path, long Bytes, IReadOnlyList<ExportedTensor> Inputs, ExportedTensor Output);
