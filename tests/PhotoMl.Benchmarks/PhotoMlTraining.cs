using System.Diagnostics;
using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Benchmarks;

/// <summary>The library's own trainer, let run a few steps at a time by holding it in its progress report.</summary>
internal sealed class PhotoMlTraining : IWorkload, IProgress<ClassifierProgress>
{
    private readonly SemaphoreSlim _turn = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private int _stepsLeft;

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
                WeightAverage = 0,
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
        new Thread(() => trainer.Fit(data, progress: this)) { IsBackground = true }.Start();
        _done.Wait();
    }

    public TimeSpan Run(int steps)
    {
        var clock = Stopwatch.StartNew();
        _stepsLeft = steps;
        _turn.Release();
        _done.Wait();
        return clock.Elapsed;
    }

    public void Report(ClassifierProgress value)
    {
        // The report that ends an epoch is no step.
        if (value.Completed is null && --_stepsLeft <= 0)
        {
            _done.Release();
            _turn.Wait();
        }
    }
}
