namespace PhotoMl.Evaluation;

/// <summary>The comparison of two classifiers on the same images.</summary>
public sealed record ClassifierComparison
{
    /// <summary>The evaluation of the first.</summary>
    public required ClassificationReport First { get; init; }

    /// <summary>The evaluation of the second.</summary>
    public required ClassificationReport Second { get; init; }

    /// <summary>The images that both predict correctly.</summary>
    public required long BothCorrect { get; init; }

    /// <summary>The images that only the first predicts correctly.</summary>
    public required long OnlyFirst { get; init; }

    /// <summary>The images that only the second predicts correctly.</summary>
    public required long OnlySecond { get; init; }

    /// <summary>The images that neither predicts correctly.</summary>
    public required long BothWrong { get; init; }

    /// <summary>The images that they predict differently, in the order of the images.</summary>
    public required IReadOnlyList<ImageDifference> Differences { get; init; }

    /// <summary>The number of images.</summary>
    public long Images => BothCorrect + OnlyFirst + OnlySecond + BothWrong;

    /// <summary>The accuracy of the second less that of the first, in [-1, 1].</summary>
    public double Difference => (double)(OnlySecond - OnlyFirst) / Images;

    /// <summary>The range in which the difference on any such images lies with 95 % confidence.</summary>
    public ConfidenceInterval DifferenceInterval => ConfidenceInterval.Tango(OnlySecond, OnlyFirst, Images);

    /// <summary>How often luck alone would set two equally good classifiers at least as far apart, by McNemar's mid-p test, in [0,
    /// 1].</summary>
    public double P => McNemarTest.MidP(OnlyFirst, OnlySecond);
}

/// <summary>An image that two classifiers predict differently.</summary>
public sealed record ImageDifference
{
    /// <summary>Its index among the images, from 0.</summary>
    public required long Index { get; init; }

    /// <summary>Its file; null where it is none.</summary>
    public string? Path { get; init; }

    /// <summary>Its class.</summary>
    public required string Label { get; init; }

    /// <summary>The prediction of the first.</summary>
    public required ClassProbability First { get; init; }

    /// <summary>The prediction of the second.</summary>
    public required ClassProbability Second { get; init; }
}
