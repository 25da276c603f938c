namespace PhotoMl.Reporting;

/// <summary>A judged image that a report shows.</summary>
/// <param name="Name">Its file, or its number.</param>
/// <param name="Label">What it is.</param>
/// <param name="Predicted">What it was taken for.</param>
/// <param name="Probability">How probable that seemed, in [0, 1].</param>
/// <param name="Picture">The picture, a PNG file.</param>
/// <param name="Explanation">The picture with a map of what the prediction rests on laid over it, a PNG file; null where there is none.</param>
public sealed record ReportedImage(string Name, string Label, string Predicted, double Probability, byte[] Picture, byte[]? Explanation = null);
