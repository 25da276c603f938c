using PhotoMl.Training;

namespace PhotoMl.Cli.Output;

/// <summary>What is said while a classifier is trained.</summary>
/// <param name="isMixed">Whether training images are mixed with each other; then their accuracy is that of the class most of each shows,
/// and says so.</param>
internal sealed class ClassifierProgressText(bool isMixed) : IProgressText<ClassifierProgress>
{
    private string TrainAccuracy => isMixed ? "mixed" : "train";

    /// <inheritdoc/>
    public (int Epoch, int Epochs, int Step, int Steps, TimeSpan Remaining) Position(ClassifierProgress progress) =>
        (progress.Epoch, progress.Epochs, progress.Step, progress.StepsPerEpoch, progress.Remaining);

    /// <inheritdoc/>
    public string Numbers(ClassifierProgress progress) =>
        $"{Brief(progress)}{Unlabeled(progress.UnlabeledShare, progress.PseudoLabelAccuracy)}"
            + $"  {progress.ImagesPerSecond:N0} images/s  {progress.LiveTensors} live tensors";

    /// <inheritdoc/>
    public string Brief(ClassifierProgress progress) => $"loss {progress.Loss:F4}  {TrainAccuracy} {Text.Percent(progress.Accuracy)}";

    /// <inheritdoc/>
    public string? Completed(ClassifierProgress progress) => progress.Completed is { } epoch
        ? $"epoch {epoch.Epoch,2}/{progress.Epochs}  loss {epoch.TrainLoss:F4}  {TrainAccuracy} {Text.Percent(epoch.TrainAccuracy)}"
            + $"  validation {Text.Percent(epoch.ValidationAccuracy)}{Balanced(epoch)}"
            + Unlabeled(epoch.UnlabeledShare, epoch.PseudoLabelAccuracy)
        : null;

    private static string Unlabeled(double? used, double? right) =>
        used is null ? "" : $"  used {Text.Percent(used.Value)}{(right is null ? "" : $", right {Text.Percent(right.Value)}")}";

    private static string Balanced(EpochReport epoch) =>
        epoch.ValidationBalancedAccuracy is { } balanced ? $"  balanced {Text.Percent(balanced)}" : "";
}
