using PhotoMl.Evaluation;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>What a run gave.</summary>
public sealed record ClassifierTrainingResult
{
    /// <summary>The epoch whose weights were kept.</summary>
    public required EpochReport Best { get; init; }

    /// <summary>All epochs.</summary>
    public required IReadOnlyList<EpochReport> History { get; init; }

    /// <summary>The images trained on in every epoch.</summary>
    public required int TrainImages { get; init; }

    /// <summary>The images held out to choose the best epoch by.</summary>
    public required int ValidationImages { get; init; }

    /// <summary>The time spent training and validating, with that before the run was resumed.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The evaluation of the kept weights on the validation images, class by class.</summary>
    public required ClassificationReport Validation { get; init; }

    /// <summary>What a model file stores beside the weights.</summary>
    public required ClassifierInfo Info { get; init; }

    /// <summary>Training images per second, over all epochs.</summary>
    public double ImagesPerSecond => History.Count * (double)TrainImages / Math.Max(History.Sum(epoch => epoch.Seconds), 1e-9);
}
