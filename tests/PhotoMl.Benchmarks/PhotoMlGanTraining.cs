using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Benchmarks;

/// <summary>The library's own trainer of generators, whose discriminator is given the class, as in a default run. What it does at the end of an epoch falls into few turns, and the medians leave it out.</summary>
internal sealed class PhotoMlGanTraining : IWorkload
{
    private const int Count = 60_000;

    private readonly HeldTraining<GanProgress> _training;

    /// <param name="precision">The number format.</param>
    /// <param name="hasAverage">With the moving average of the default settings; otherwise the plain loop's work.</param>
    public PhotoMlGanTraining(Precision precision, bool hasAverage)
    {
        var defaults = new GanTrainingOptions { Precision = precision, Epochs = 1000, BatchSize = Workloads.BatchSize };
        var options = hasAverage ? defaults : defaults with { EmaDecay = 0 };
        var pictures = new LabelledImages(Spots.Size, Spots.Size, Spots.Draw(seed: 1, Count), [.. Enumerable.Range(0, Count).Select(i => (byte)(i % PlainGan.Classes))]);
        var data = ImageDataset.FromBytes("spots", pictures, [.. Enumerable.Range(0, PlainGan.Classes).Select(i => $"{i}")]);
        var (generator, discriminator) = GanTrainer.CreateNetworks(new DcganOptions { ProjectionClasses = PlainGan.Classes }, options.Seed);
        var trainer = new GanTrainer(generator, discriminator, options);
        _training = new HeldTraining<GanProgress>(progress => trainer.Fit(data, progress: progress), report => report.Completed is null);
    }

    public TimeSpan Run(int steps) => _training.Run(steps);
}
