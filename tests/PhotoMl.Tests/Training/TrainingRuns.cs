namespace PhotoMl.Tests.Training;

/// <summary>Short runs for tests.</summary>
internal static class TrainingRuns
{
    public static readonly ClassifierOptions Network = new() { Classes = 4 };

    /// <summary>Everything that has a state: augmentation, moving average, one cycle, momentum of both orders.</summary>
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

    /// <summary>Trains from the start.</summary>
    public static (byte[] Weights, ClassifierTrainingResult Result) Train(
        ImageDataset data, ClassifierTrainingOptions options, Action<ClassifierProgress>? progress = null, RunFolder? run = null,
        ClassifierOptions? network = null)
    {
        using var cnn = new Cnn(options, network);
        return cnn.Fit(data, run, progress);
    }

    /// <summary>Trains in a folder, stopped again and again; see <see cref="StoppedRun"/>.</summary>
    public static (byte[] Weights, ClassifierTrainingResult Result) TrainWithStops(
        ImageDataset data, string path, ClassifierTrainingOptions options, int[] stops, bool cancel, ClassifierOptions? network = null,
        ImageDataset? unlabeled = null)
    {
        var stopped = new StoppedRun(stops, cancel);
        var stepsPerEpoch = 0;
        return stopped.Train(path, ReadSteps, (run, resumes, token) =>
        {
            using var cnn = resumes ? new Cnn(run) : new Cnn(options, network);
            cnn.Trainer.CheckpointInterval = cancel ? cnn.Trainer.CheckpointInterval : TimeSpan.Zero;
            return cnn.Fit(data, run, AfterStep, unlabeled: unlabeled, cancellationToken: token);
        });

        void AfterStep(ClassifierProgress report)
        {
            stepsPerEpoch = report.StepsPerEpoch;
            stopped.AfterStep(report);
        }

        int ReadSteps(string checkpointPath)
        {
            using var checkpoint = ClassifierTrainer.OpenCheckpoint(checkpointPath);
            return ((checkpoint.State.Epoch - 1) * stepsPerEpoch) + checkpoint.State.Step;
        }
    }

    /// <summary>Begins a run and cancels it after its first step.</summary>
    public static void Interrupt(ImageDataset data, string path, ImageDataset? validation = null, ImageDataset? unlabeled = null)
    {
        using var run = RunFolder.Create(path);
        using var cnn = new Cnn(Options);
        Assert.Throws<OperationCanceledException>(
            () => cnn.Fit(data, run, validation: validation, unlabeled: unlabeled, cancellationToken: new(canceled: true)));
    }
}

/// <summary>A trainer with its classifier.</summary>
internal sealed class Cnn : IDisposable
{
    public Cnn(ClassifierTrainingOptions options, ClassifierOptions? network = null)
    {
        Model = ImageClassifier.Create(network ?? TrainingRuns.Network, options.Seed);
        Trainer = new ClassifierTrainer(Model, options);
    }

    public Cnn(RunFolder run)
    {
        Trainer = ClassifierTrainer.Resume(run, out var model);
        Model = model;
    }

    public ImageClassifier Model { get; }

    public ClassifierTrainer Trainer { get; }

    public (byte[] Weights, ClassifierTrainingResult Result) Fit(
        ImageDataset data, RunFolder? run = null, Action<ClassifierProgress>? progress = null, ImageDataset? validation = null,
        ImageDataset? unlabeled = null, CancellationToken cancellationToken = default)
    {
        var callback = progress is null ? null : new ProgressCallback(progress);
        var result = Trainer.Fit(data, run, callback, validation, unlabeled, cancellationToken);
        return (WeightBytes.Of(Model), result);
    }

    public void Dispose()
    {
        Trainer.Dispose();
        Model.Dispose();
    }
}

/// <summary>Calls back on the training thread.</summary>
internal sealed class ProgressCallback(Action<ClassifierProgress> action) : IProgress<ClassifierProgress>
{
    public void Report(ClassifierProgress value) => action(value);
}
