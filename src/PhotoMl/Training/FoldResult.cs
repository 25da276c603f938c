using PhotoMl.Evaluation;

namespace PhotoMl.Training;

/// <summary>The evaluation of one fold of a cross-validation, by the classifier that never saw it.</summary>
public sealed record FoldResult
{
    /// <summary>The fold, from 1.</summary>
    public required int Fold { get; init; }

    /// <summary>The number of its images.</summary>
    public required long Images { get; init; }

    /// <summary>The share of them whose class was predicted, in [0, 1].</summary>
    public required double Accuracy { get; init; }

    /// <summary>The mean of the recalls of the classes that the fold has images of, in [0, 1].</summary>
    public required double BalancedAccuracy { get; init; }

    /// <summary>The mean cross-entropy in nats.</summary>
    public required double Loss { get; init; }

    /// <summary>Takes the figures of a fold from its evaluation.</summary>
    internal static FoldResult Of(int fold, ClassificationReport report) => new()
    {
        Fold = fold,
        Images = report.Images,
        Accuracy = report.Accuracy,
        BalancedAccuracy = report.PerClass.Where(metrics => metrics.Support > 0).Select(metrics => metrics.Recall).DefaultIfEmpty(0).Average(),
        Loss = report.Loss,
    };
}
