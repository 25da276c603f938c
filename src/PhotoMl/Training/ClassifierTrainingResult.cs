using PhotoMl.Evaluation;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>What a run gave.</summary>
/// <param name="Best">The epoch whose weights were kept.</param>
/// <param name="History">All epochs.</param>
/// <param name="TrainImages">The images trained on in every epoch.</param>
/// <param name="ValidationImages">The images held out to choose the best epoch by.</param>
/// <param name="Duration">The time spent training and validating, with that before the run was resumed.</param>
/// <param name="Validation">What the kept weights are worth on the validation images, class by class.</param>
/// <param name="Info">What a model file stores beside the weights.</param>
public sealed record ClassifierTrainingResult(
    EpochReport Best,
    IReadOnlyList<EpochReport> History,
    int TrainImages,
    int ValidationImages,
    TimeSpan Duration,
    ClassificationReport Validation,
    ClassifierInfo Info)
{
    /// <summary>Training images per second, over all epochs.</summary>
    public double ImagesPerSecond => History.Count * (double)TrainImages / Math.Max(History.Sum(epoch => epoch.Seconds), 1e-9);
}
