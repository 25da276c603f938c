using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Benchmarks;

/// <summary>The library's own trainer of classifiers.</summary>
internal sealed class PhotoMlTraining : IWorkload
{
    private readonly HeldTraining<ClassifierProgress> _training;

    /// <param name="precision">The number format.</param>
    /// <param name="defaults">With the default augmentation, optimiser and moving average; otherwise the plain loop's work: Adam alone.</param>
    public PhotoMlTraining(Precision precision, bool defaults)
    {
        var options = defaults
            ? new ClassifierTrainingOptions { Precision = precision, Epochs = 1000 }
            : new ClassifierTrainingOptions
            {
                Precision = precision,
                Epochs = 1000,
                Optimizer = OptimizerKind.Adam,
                Schedule = ScheduleKind.Constant,
                LearningRate = 0.001,
                WeightDecay = 0,
                EmaDecay = 0,
                Augmentation = AugmentationOptions.None,
            };
        var random = new Random(1);
        var pixels = new byte[60_000 * 784];
        var labels = new byte[60_000];
        random.NextBytes(pixels);
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = (byte)random.Next(10);
        }

        var data = ImageDataset.FromBytes("noise", new LabelledImages(28, 28, pixels, labels), [.. Enumerable.Range(0, 10).Select(i => $"{i}")]);
        var trainer = new ClassifierTrainer(new ConvClassifier(), options);
        _training = new HeldTraining<ClassifierProgress>(progress => trainer.Fit(data, progress: progress), report => report.Completed is null);
    }

    public TimeSpan Run(int steps) => _training.Run(steps);
}
