using System.Globalization;

namespace PhotoMl.Training;

/// <summary>What one epoch of a generative run gave; a row of <c>metrics.csv</c>.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="DiscriminatorLoss">The mean of the discriminator's loss over the epoch.</param>
/// <param name="GeneratorLoss">The mean of the generator's loss over the epoch.</param>
/// <param name="RealScore">D(x): the discriminator's mean output for real images; a probability for the losses of probabilities, else the logit.</param>
/// <param name="GeneratedScore">D(G(z)): the same for generated images.</param>
/// <param name="Health">What was found when the epoch's pictures were looked at.</param>
/// <param name="LearningRate">The generator's learning rate.</param>
/// <param name="Seconds">How long the epoch's training took.</param>
/// <param name="ImagesPerSecond">Training images per second.</param>
public sealed record GanEpochReport(
    int Epoch,
    double DiscriminatorLoss,
    double GeneratorLoss,
    double RealScore,
    double GeneratedScore,
    GeneratorHealth Health,
    double LearningRate,
    double Seconds,
    double ImagesPerSecond) : IMetricsRow
{
    static string IMetricsRow.Header =>
        "epoch,discriminator_loss,generator_loss,real_score,generated_score,variety,class_entropy,healthy,learning_rate,seconds,images_per_second";

    IEnumerable<(string Tag, double Value)> IMetricsRow.Figures =>
    [
        ("loss/discriminator", DiscriminatorLoss),
        ("loss/generator", GeneratorLoss),
        ("score/real", RealScore),
        ("score/generated", GeneratedScore),
        ("health/variety", Health.Variety),
        .. Health.ClassEntropy is { } entropy ? [("health/class_entropy", entropy)] : Array.Empty<(string, double)>(),
        ("health/healthy", Health.IsCollapsed ? 0 : 1),
        ("learning_rate", LearningRate),
        ("seconds", Seconds),
        ("images_per_second", ImagesPerSecond),
    ];

    string IMetricsRow.ToRow() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Epoch},{DiscriminatorLoss:R},{GeneratorLoss:R},{RealScore:R},{GeneratedScore:R},{Health.Variety:R},{Health.ClassEntropy:R},{(Health.IsCollapsed ? 0 : 1)},{LearningRate:R},{Seconds:F3},{ImagesPerSecond:F1}");
}
