using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Benchmarks;

/// <summary>The library's own trainers.</summary>
internal static class PhotoMlTraining
{
    private const int GanImages = 60_000;

    /// <summary>Trains a classifier on noise.</summary>
    /// <param name="network">The classifier.</param>
    /// <param name="batchSize">The images of a step.</param>
    /// <param name="images">The images of an epoch.</param>
    /// <param name="precision">The dtype.</param>
    /// <param name="defaults">With the default augmentation, optimizer and average; otherwise the plain loop's work: Adam alone.</param>
    /// <param name="run">Where checkpoints are written; null writes none.</param>
    public static IWorkload Classifier(
        ClassifierOptions network, int batchSize, int images, Precision precision, bool defaults = false, RunFolder? run = null)
    {
        var data = Noise.Create(network, images);
        var options = ClassifierTrainingOptions.For(data, isPhotos: network.Channels == 3, network.Architecture)
            .ForNetwork(network.Architecture, data) with { Precision = precision, Epochs = 1000, BatchSize = batchSize };
        options = defaults ? options : options with
        {
            Optimizer = OptimizerKind.Adam,
            Schedule = ScheduleKind.Constant,
            LearningRate = 0.001,
            WeightDecay = 0,
            EmaDecay = 0,
            LabelSmoothing = 0,
            Mixup = 0,
            Augmentation = AugmentationOptions.None,
            PhotoAugmentation = null,
        };
        var trainer = new ClassifierTrainer(ImageClassifier.Create(network), options);
        return new HeldTraining<ClassifierProgress>(
            progress => trainer.Fit(data, run, progress), report => report.Completed is null);
    }

    /// <summary>Trains a generator, whose networks are given the class, as in a default run.</summary>
    /// <remarks>What the trainer does at the end of an epoch falls into few turns, and the medians leave it out.</remarks>
    /// <param name="precision">The dtype.</param>
    /// <param name="hasAverage">With the moving average of the default settings; otherwise the plain loop's work.</param>
    /// <param name="run">Where checkpoints are written; null writes none.</param>
    public static IWorkload Gan(Precision precision, bool hasAverage, RunFolder? run = null)
    {
        var defaults = new GanTrainingOptions { Precision = precision, Epochs = 1000, BatchSize = Workloads.BatchSize };
        var options = hasAverage ? defaults : defaults with { EmaDecay = 0 };
        long[] labels = [.. Enumerable.Range(0, GanImages).Select(i => (long)(i % PlainGan.Classes))];
        var data = ImageDataset.FromBytes(
            "spots", Spots.Draw(seed: 1, GanImages), 1, Spots.Size, Spots.Size, labels, Noise.Names(PlainGan.Classes));
        var (generator, discriminator) = GanTrainer.CreateNetworks(new DcganOptions { Classes = PlainGan.Classes }, options.Seed);
        var trainer = new GanTrainer(generator, discriminator, options);
        return new HeldTraining<GanProgress>(progress => trainer.Fit(data, run, progress: progress), report => report.Completed is null);
    }
}
