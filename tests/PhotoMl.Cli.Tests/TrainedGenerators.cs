namespace PhotoMl.Cli.Tests;

/// <summary>A small set and two generators that were trained on it for a few steps, for all tests that need one.</summary>
public sealed class TrainedGenerators : IDisposable
{
    /// <summary>The options every run of these tests is made with, so that their weights can be compared: three steps an epoch, two of them
    /// of as many pictures as the kernels of a real run take.</summary>
    internal static readonly string[] Options =
        ["--epochs", "2", "--batch-size", "64", "--ema-decay", "0", "--no-labels", "--threads", "1"];

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<ToolResult> _conditional;

    public TrainedGenerators()
    {
        Set = Bars.WriteSet(_folder.File("bars"), train: 132, test: 40);
        Training = Tool.Run(["train-gan", "--data", Set, "--output", Run, "--json", .. Options]);
        _conditional = new(() => Tool.Run(
            $"train-gan --data {Set} --limit 32 --epochs 1 --batch-size 16 --ema-decay 0 --output "
                + $"{_folder.File("conditional")} --json"));
    }

    /// <summary>The folder of the IDX files.</summary>
    public string Set { get; }

    /// <summary>The run folder of the unconditional generator.</summary>
    public string Run => _folder.File("run");

    /// <summary>The run folder of the conditional generator.</summary>
    public string Conditional
    {
        get
        {
            Assert.Equal(0, ConditionalTraining.ExitCode);
            return _folder.File("conditional");
        }
    }

    /// <summary>What training the unconditional generator said.</summary>
    internal ToolResult Training { get; }

    /// <summary>What training the conditional generator said.</summary>
    internal ToolResult ConditionalTraining => _conditional.Value;

    public void Dispose() => _folder.Dispose();
}
