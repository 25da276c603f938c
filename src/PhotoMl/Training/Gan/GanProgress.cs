namespace PhotoMl.Training;

/// <summary>Where a generative run stands, reported after every step and every epoch from the training thread.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">The epochs of the run.</param>
/// <param name="Step">The steps of the epoch done.</param>
/// <param name="StepsPerEpoch">The steps of every epoch.</param>
/// <param name="DiscriminatorLoss">The mean of the discriminator's loss over the epoch so far.</param>
/// <param name="GeneratorLoss">The mean of the generator's loss over the epoch so far; NaN before its first step.</param>
/// <param name="RealScore">D(x), the mean over the epoch so far; see <see cref="GanEpochReport"/>.</param>
/// <param name="GeneratedScore">D(G(z)), likewise.</param>
/// <param name="ImagesPerSecond">Training images per second, over the epoch so far.</param>
/// <param name="Remaining">The time left, as far as it can be told.</param>
/// <param name="LiveTensors">The tensors alive in the process, which must not grow.</param>
/// <param name="Message">What a person should know now, such as that a collapse was undone; null in most reports.</param>
/// <param name="Completed">What the epoch gave, in the report that ends it; null in all others.</param>
public sealed record GanProgress(
    int Epoch,
    int Epochs,
    int Step,
    int StepsPerEpoch,
    double DiscriminatorLoss,
    double GeneratorLoss,
    double RealScore,
    double GeneratedScore,
    double ImagesPerSecond,
    TimeSpan Remaining,
    long LiveTensors,
    string? Message = null,
    GanEpochReport? Completed = null);
