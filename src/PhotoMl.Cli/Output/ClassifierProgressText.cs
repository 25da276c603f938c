using PhotoMl.Training;

namespace PhotoMl.Cli.Output;

/// <summary>What is said while a classifier is trained.</summary>
internal sealed class ClassifierProgressText : IProgressText<ClassifierProgress>
{
    /// <inheritdoc/>
    public (int Epoch, int Epochs, int Step, int Steps, TimeSpan Remaining) Position(ClassifierProgress progress) =>
        (progress.Epoch, progress.Epochs, progress.Step, progress.StepsPerEpoch, progress.Remaining);

    /// <inheritdoc/>
    public string Numbers(ClassifierProgress progress) =>
        $"{Brief(progress)}  {progress.ImagesPerSecond:N0} images/s  {progress.LiveTensors} live tensors";

    /// <inheritdoc/>
    public string Brief(ClassifierProgress progress) => $"loss {progress.Loss:F4}  accuracy {Text.Percent(progress.Accuracy)}";

    /// <inheritdoc/>
    public string? Completed(ClassifierProgress progress) => progress.Completed is { } epoch
        ? $"epoch {epoch.Epoch,2}/{progress.Epochs}  loss {epoch.TrainLoss:F4}  accuracy {Text.Percent(epoch.TrainAccuracy)}"
            + $"  validation {Text.Percent(epoch.ValidationAccuracy)}  {epoch.ImagesPerSecond:N0} images/s"
        : null;

    /// <inheritdoc/>
    public string? Message(ClassifierProgress progress) => null;
}
