using PhotoMl.Training;

namespace PhotoMl.Cli.Output;

/// <summary>What is said while a generator is trained, in lines that fit 80 columns: "real" is D(x) and "fake" D(G(z)).</summary>
internal sealed class GanProgressText : IProgressText<GanProgress>
{
    /// <inheritdoc/>
    public string Brief(GanProgress progress) =>
        Losses(progress.DiscriminatorLoss, progress.GeneratorLoss, progress.RealScore, progress.GeneratedScore);

    /// <inheritdoc/>
    public string? Completed(GanProgress progress) => progress.Completed is { } epoch
        ? $"epoch {epoch.Epoch,2}/{progress.Epochs}  "
            + $"{Losses(epoch.DiscriminatorLoss, epoch.GeneratorLoss, epoch.RealScore, epoch.GeneratedScore)}"
            + $"  diversity {epoch.Diversity:F2}  {epoch.ImagesPerSecond:N0} img/s"
        : null;

    /// <inheritdoc/>
    public string? Message(GanProgress progress) => progress.Message is { } message ? $"epoch {progress.Epoch}: {message}" : null;

    private static string Losses(double discriminator, double generator, double real, double generated) =>
        $"D {Show(discriminator)}  G {Show(generator)}  real {Show(real)}  fake {Show(generated)}";

    // Three digits: what is not a probability can be large. The generator has no loss before its first step of an epoch.
    private static string Show(double value) => Math.Abs(value) switch
    {
        double.NaN => "-",
        < 9.995 => $"{value:F2}",
        < 99.95 => $"{value:F1}",
        _ => $"{value:G3}",
    };
}
