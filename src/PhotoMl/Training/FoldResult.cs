using PhotoMl.Evaluation;

namespace PhotoMl.Training;

/// <summary>What the classifier that never saw a fold is worth on it.</summary>
/// <param name="Fold">The fold, from 1.</param>
/// <param name="Images">The number of its images.</param>
/// <param name="Accuracy">The share of them whose class was predicted, in [0, 1].</param>
/// <param name="BalancedAccuracy">The mean of the recalls of the classes that the fold has images of, in [0, 1].</param>
/// <param name="Loss">The mean cross-entropy in nats.</param>
public sealed record FoldResult(int Fold, long Images, double Accuracy, double BalancedAccuracy, double Loss)
{
    /// <summary>Takes the figures of a fold from its evaluation.</summary>
    /// <param name="fold">The fold, from 1.</param>
    /// <param name="report">The evaluation.</param>
    /// <returns>The figures.</returns>
    public static FoldResult Of(int fold, ClassificationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var recalls = report.PerClass.Where(metrics => metrics.Support > 0).Select(metrics => metrics.Recall);
        return new FoldResult(fold, report.Images, report.Accuracy, recalls.DefaultIfEmpty(0).Average(), report.Loss);
    }
}
