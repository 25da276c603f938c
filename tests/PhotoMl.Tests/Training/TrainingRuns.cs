namespace PhotoMl.Tests.Training;

/// <summary>Short runs for tests.</summary>
internal static class TrainingRuns
{
    public static readonly ClassifierOptions Network = new() { Classes = 4 };

    /// <summary>Of <see cref="Options"/> on 600 images, of which 60 are held out.</summary>
    public const int StepsPerEpoch = 9;

    /// <summary>Everything that has a state: augmentation, moving average, one cycle, momentum of both orders. 9 steps an epoch on 600 images.</summary>
    public static readonly ClassifierTrainingOptions Options = new() { Epochs = 3, BatchSize = 64, EmaDecay = 0.9 };

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

    /// <summary>Trains in a folder, stopped again and again; see <see cref="StoppedRun"/>.</summary>
    public static (byte[] Weights, ClassifierTrainingResult Result) TrainWithStops(
        ImageDataset data, string path, ClassifierTrainingOptions options, int[] stops, bool cancel, ClassifierOptions? network = null, int stepsPerEpoch = StepsPerEpoch)
    {
        var stopped = new StoppedRun(stops, cancel);
        return stopped.Train(path, ReadSteps, (run, resumes, token) =>
        {
            ImageClassifier? model = null;
            using var trainer = resumes
                ? ClassifierTrainer.Resume(run, out model)
                : new ClassifierTrainer(model = ImageClassifier.Create(network ?? Network, options.Seed), options);
            using var _ = model!;
            if (!cancel)
            {
                trainer.CheckpointInterval = TimeSpan.Zero;
            }

            var progress = new ProgressCallback(report =>
            {
                if (report.Completed is null)
                {
                    stopped.AfterStep(((report.Epoch - 1) * report.StepsPerEpoch) + report.Step);
                }
            });
            var result = trainer.Fit(data, run, progress, cancellationToken: token);
            return (WeightBytes.Of(model!), result);
        });

        int ReadSteps(string checkpointPath)
        {
            using var checkpoint = ClassifierCheckpointInfo.Open(checkpointPath);
            return ((checkpoint.State.Epoch - 1) * stepsPerEpoch) + checkpoint.State.Step;
        }
    }

    /// <summary>Begins a run and cancels it after its first step.</summary>
    public static void Interrupt(ImageDataset data, string path)
    {
        using var run = RunFolder.Create(path);
        using var model = new ConvClassifier(Network, Options.Seed);
        using var trainer = new ClassifierTrainer(model, Options);
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(data, run, cancellationToken: new CancellationToken(canceled: true)));
    }
}

/// <summary>Calls back on the training thread.</summary>
internal sealed class ProgressCallback(Action<ClassifierProgress> action) : IProgress<ClassifierProgress>
{
    public void Report(ClassifierProgress value) => action(value);
}
