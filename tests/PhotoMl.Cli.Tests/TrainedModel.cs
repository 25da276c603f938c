namespace PhotoMl.Cli.Tests;

/// <summary>A small set and a model trained on it to the end, for all tests that need one.</summary>
public sealed class TrainedModel : IDisposable
{
    /// <summary>The options every run of these tests is made with, so that their weights can be compared.</summary>
    /// <remarks>One thread: torch's threads wait actively for each other, and on a busy machine small steps then take a hundred times as
    /// long.</remarks>
    internal static readonly string[] Options =
        "--epochs 8 --batch-size 40 --learning-rate 0.002 --ema-decay 0 --augment-strength 0 --threads 1".Split(' ');

    /// <summary>The same for a run of the library.</summary>
    internal static readonly Func<ClassifierTrainingOptions, ClassifierTrainingOptions> Recipe = defaults => defaults with
    {
        Epochs = 8,
        BatchSize = 40,
        LearningRate = 0.002,
        EmaDecay = 0,
        Augmentation = new() { Strength = 0 },
    };

    private readonly TemporaryFolder _folder = new();

    public TrainedModel()
    {
        Set = Bars.WriteSet(_folder.File("bars"));
        Training = Tool.Run(["train-cnn", "--data", Set, "--output", Run, "--json", .. Options]);
    }

    /// <summary>The folder of the IDX files.</summary>
    public string Set { get; }

    /// <summary>The run folder.</summary>
    public string Run => _folder.File("run");

    /// <summary>What training said.</summary>
    internal ToolResult Training { get; }

    public void Dispose() => _folder.Dispose();
}
