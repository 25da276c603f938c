namespace PhotoMl.Training;

/// <summary>Where a run stands, reported after every step and every epoch from the training thread.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">The epochs of the run.</param>
/// <param name="Step">The steps of the epoch done.</param>
/// <param name="StepsPerEpoch">The steps of every epoch.</param>
/// <param name="Loss">The mean loss of the epoch so far, in nats.</param>
/// <param name="Accuracy">The share of the epoch's images predicted right so far, in [0, 1].</param>
/// <param name="ImagesPerSecond">Training images per second, over the epoch so far.</param>
/// <param name="Remaining">The time left, as far as it can be told.</param>
/// <param name="LiveTensors">The tensors alive in the process, which must not grow.</param>
/// <param name="Completed">What the epoch gave, in the report that ends it; null in all others.</param>
public sealed record ClassifierProgress(
    int Epoch,
    int Epochs,
    int Step,
    int StepsPerEpoch,
    double Loss,
    double Accuracy,
    double ImagesPerSecond,
    TimeSpan Remaining,
    long LiveTensors,
    EpochReport? Completed = null);
