namespace PhotoMl.Tests.Training;

/// <summary>One run of an epoch of five steps with a conditional generator and a moving average, for tests of what it leaves.</summary>
public sealed class AveragedRun : IDisposable
{
    internal const double Decay = 0.28;

    internal static readonly DcganOptions Network = GanRuns.Network with { Classes = 4 };
    internal static readonly GanTrainingOptions Options = GanRuns.Options with { Epochs = 1, BatchSize = 8, LearningRate = 0.01, EmaDecay = Decay };

    private readonly TemporaryFolder _folder = new();

    public AveragedRun()
    {
        (Generator, var discriminator) = GanTrainer.CreateNetworks(Network, Options.Seed);
        using var _ = discriminator;
        Folder = RunFolder.Create(_folder.File("run"));
        Trained.Add(GanRuns.Weights(Generator, "conv3.weight"));
        using var trainer = new GanTrainer(Generator, discriminator, Options);
        Result = trainer.Fit(Data, Folder, new GanProgressCallback(report =>
        {
            if (report.Completed is null)
            {
                Trained.Add(GanRuns.Weights(Generator, "conv3.weight"));
            }
        }));
        IsFinished = trainer.IsFinished;
    }

    internal ImageDataset Data { get; } = GanRuns.Images(count: 40);

    internal RunFolder Folder { get; }

    internal DcganGenerator Generator { get; }

    internal GanTrainingResult Result { get; }

    internal bool IsFinished { get; }

    /// <summary>The weights of the last convolution before the first step and after each.</summary>
    internal List<float[]> Trained { get; } = [];

    public void Dispose()
    {
        Generator.Dispose();
        Data.Dispose();
        Folder.Dispose();
        _folder.Dispose();
    }
}
