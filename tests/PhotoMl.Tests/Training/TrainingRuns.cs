using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Tests.Training;

/// <summary>Short runs for tests.</summary>
internal static class TrainingRuns
{
    public static readonly ClassifierOptions Network = new() { Classes = 4 };

    /// <summary>Of <see cref="Options"/> on 600 images, of which 60 are held out.</summary>
    public const int StepsPerEpoch = 9;

    /// <summary>Everything that has a state: augmentation, moving average, one cycle, momentum of both orders. 9 steps an epoch on 600 images.</summary>
    public static readonly ClassifierTrainingOptions Options = new() { Epochs = 3, BatchSize = 64, WeightAverage = 0.9 };

    public static ImageDataset Images(long seed = 1, int count = 600) => SyntheticImages.Create(count, seed);

    /// <summary>An epoch that ended as well as it could.</summary>
    public static EpochReport Report(int epoch, double trainLoss = 1, double seconds = 1) => new()
    {
        Epoch = epoch,
        TrainLoss = trainLoss,
        TrainAccuracy = 0.5,
        ValidationLoss = 0.6,
        ValidationAccuracy = 0.75,
        ValidationBalancedAccuracy = 0.7,
        LearningRate = 0.001,
        Seconds = seconds,
        ImagesPerSecond = 100,
    };

    /// <summary>Trains from the start without a folder.</summary>
    public static (byte[] Weights, ClassifierTrainingResult Result) Train(ImageDataset data, ClassifierTrainingOptions options, IProgress<ClassifierProgress>? progress = null)
    {
        using var model = new ConvClassifier(Network, options.Seed);
        using var trainer = new ClassifierTrainer(model, options);
        var result = trainer.Fit(data, progress: progress);
        return (WeightBytes.Of(model), result);
    }
}

/// <summary>Calls back on the training thread.</summary>
internal sealed class ProgressCallback(Action<ClassifierProgress> action) : IProgress<ClassifierProgress>
{
    public void Report(ClassifierProgress value) => action(value);
}
