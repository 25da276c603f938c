using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>What a generative run gave.</summary>
/// <param name="History">All epochs.</param>
/// <param name="KeptEpoch">The epoch whose averaged weights were kept: the last healthy one.</param>
/// <param name="TrainImages">The images trained on in every epoch.</param>
/// <param name="Duration">The time spent, with that before the run was resumed.</param>
/// <param name="Info">What the model file stores beside the weights.</param>
public sealed record GanTrainingResult(IReadOnlyList<GanEpochReport> History, int KeptEpoch, int TrainImages, TimeSpan Duration, GeneratorInfo Info)
{
    /// <summary>Training images per second, over all epochs.</summary>
    public double ImagesPerSecond => History.Count * (double)TrainImages / Math.Max(History.Sum(epoch => epoch.Seconds), 1e-9);
}
