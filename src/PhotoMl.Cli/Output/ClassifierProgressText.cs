using PhotoMl.Training;

namespace PhotoMl.Cli.Output;

/// <summary>What is said while a classifier is trained.</summary>
/// <param name="isMixed">Whether training images are mixed with each other; then their accuracy is that of the class most of each shows,
/// and says so.</param>
internal sealed class ClassifierProgressText(bool isMixed) : IProgressText<ClassifierProgress>
{
    /// <inheritdoc/>
    public string Brief(ClassifierProgress progress) =>
        $"loss {progress.Loss:F4}  {Training(progress.UnlabeledShare, progress.PseudoLabelAccuracy, progress.Accuracy)}";

    /// <inheritdoc/>
    public string? Completed(ClassifierProgress progress) => progress.Completed is { } epoch
        ? $"epoch {epoch.Epoch,2}/{progress.Epochs}  loss {epoch.TrainLoss:F4}  "
            + $"{Training(epoch.UnlabeledShare, epoch.PseudoLabelAccuracy, epoch.TrainAccuracy)}  "
            + $"validation {Text.Percent(epoch.ValidationAccuracy)}"
            + (epoch is { UnlabeledShare: null, ValidationBalancedAccuracy: { } balanced } ? $"  balanced {Text.Percent(balanced)}" : "")
        : null;

    // With unlabeled images not the accuracy of a few labels, which is soon 100 %.
    private string Training(double? used, double? right, double accuracy) => used is null
        ? $"{(isMixed ? "mixed" : "train")} {Text.Percent(accuracy)}"
        : $"used {Text.Percent(used.Value)}{(right is null ? "" : $", right {Text.Percent(right.Value)}")}";
}
