namespace PhotoMl.Evaluation;

/// <summary>How good a generator was found to be, and by which classifier.</summary>
public sealed record GeneratorEvaluation
{
    /// <summary>The figures.</summary>
    public required GeneratorReport Report { get; init; }

    /// <summary>A classifier trained on generated images only, evaluated on test images; null for a generator that cannot be asked for a class.</summary>
    public required ClassificationReport? AccuracyScore { get; init; }

    /// <summary>The file of the classifier whose features were compared; null where it was trained for this.</summary>
    public required string? Classifier { get; init; }

    /// <summary>The SHA-256 of that classifier's weights, in hexadecimal.</summary>
    public required string ClassifierHash { get; init; }

    /// <summary>The share of the test images that it predicts correctly.</summary>
    public required double ClassifierAccuracy { get; init; }
}
