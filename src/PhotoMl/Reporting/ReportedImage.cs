namespace PhotoMl.Reporting;

/// <summary>An evaluated image that a report shows.</summary>
public sealed record ReportedImage
{
    /// <summary>Its file, or its number.</summary>
    public required string Name { get; init; }

    /// <summary>Its class.</summary>
    public required string Label { get; init; }

    /// <summary>The predicted class.</summary>
    public required string Predicted { get; init; }

    /// <summary>The probability of that, in [0, 1].</summary>
    public required double Probability { get; init; }

    /// <summary>The picture, a PNG file.</summary>
    public required byte[] Picture { get; init; }

    /// <summary>The picture with a map of what the prediction rests on laid over it, a PNG file; null where there is none.</summary>
    public byte[]? Explanation { get; init; }
}
