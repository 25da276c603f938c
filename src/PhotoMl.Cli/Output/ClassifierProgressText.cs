using PhotoMl.Training;

namespace PhotoMl.Cli.Output;

/// <summary>What is said while a classifier is trained.</summary>
/// <param name="isMixed">Whether training images are mixed with each other; then their accuracy is that of the class most of each shows,
/// and says so.</param>
internal sealed class ClassifierProgressText(bool isMixed) : IProgressText<ClassifierProgress>
{
    private string TrainAccuracy => isMixed ? "mixed" : "train";

    /// <inheritdoc/>
    public string Brief(ClassifierProgress progress) => $"loss {progress.Loss:F4}  "
        + (Unlabeled(progress.UnlabeledShare, progress.PseudoLabelAccuracy) ?? $"{TrainAccuracy} {Text.Percent(progress.Accuracy)}");

    /// <inheritdoc/>
    public string? Completed(ClassifierProgress progress) => progress.Completed is { } epoch
        ? $"epoch {epoch.Epoch,2}/{progress.Epochs}  loss {epoch.TrainLoss:F4}  "
            + (Unlabeled(epoch.UnlabeledShare, epoch.PseudoLabelAccuracy) is { } unlabeled
                ? $"{unlabeled}  validation {Text.Percent(epoch.ValidationAccuracy)}"
                : $"{TrainAccuracy} {Text.Percent(epoch.TrainAccuracy)}  validation {Text.Percent(epoch.ValidationAccuracy)}"
                    + Balanced(epoch))
        : null;

    // In place of the accuracy of a few labels, which is soon 100 %.
    private static string? Unlabeled(double? used, double? right) =>
        used is null ? null : $"used {Text.Percent(used.Value)}{(right is null ? "" : $", right {Text.Percent(right.Value)}")}";

    private static string Balanced(EpochReport epoch) =>
        epoch.ValidationBalancedAccuracy is { } balanced ? $"  balanced {Text.Percent(balanced)}" : "";
}
