using PhotoMl.Training;

namespace PhotoMl.Cli.Output;

/// <summary>What is said while a generator is trained.</summary>
internal sealed class GanProgressText : IProgressText<GanProgress>
{
    /// <inheritdoc/>
    public (int Epoch, int Epochs, int Step, int Steps, TimeSpan Remaining) Position(GanProgress progress) =>
        (progress.Epoch, progress.Epochs, progress.Step, progress.StepsPerEpoch, progress.Remaining);

    /// <inheritdoc/>
    public string Numbers(GanProgress progress) =>
        $"{Losses(progress.DiscriminatorLoss, progress.GeneratorLoss, progress.RealScore, progress.GeneratedScore)}"
        + $"  {progress.ImagesPerSecond:N0} images/s  {progress.LiveTensors} tensors";

    /// <inheritdoc/>
    public string? Completed(GanProgress progress) => progress.Completed is { } epoch
        ? $"epoch {epoch.Epoch,2}/{progress.Epochs}  {Losses(epoch.DiscriminatorLoss, epoch.GeneratorLoss, epoch.RealScore, epoch.GeneratedScore)}"
            + $"  variety {epoch.Health.Variety:F2}  {epoch.ImagesPerSecond:N0} images/s"
        : null;

    /// <inheritdoc/>
    public string? Message(GanProgress progress) => progress.Message is { } message ? $"epoch {progress.Epoch}: {message}" : null;

    private static string Losses(double discriminator, double generator, double real, double generated) =>
        $"D {discriminator:F3}  G {generator:F3}  D(x) {real:F2}  D(G(z)) {generated:F2}";
}
