using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>What a generative run gave.</summary>
public sealed record GanTrainingResult
{
    /// <summary>All epochs.</summary>
    public required IReadOnlyList<GanEpochReport> History { get; init; }

    /// <summary>The epoch whose averaged weights were kept: the last healthy one.</summary>
    public required int KeptEpoch { get; init; }

    /// <summary>The images trained on in every epoch.</summary>
    public required int TrainImages { get; init; }

    /// <summary>The time spent, with that before the run was resumed.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>What the model file stores beside the weights.</summary>
    public required GeneratorInfo Info { get; init; }

    /// <summary>Training images per second, over all epochs.</summary>
    public double ImagesPerSecond => History.Count * (double)TrainImages / Math.Max(History.Sum(epoch => epoch.Seconds), 1e-9);
}
