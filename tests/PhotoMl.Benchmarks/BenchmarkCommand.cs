namespace PhotoMl.Benchmarks;

/// <summary>One comparison: whose speed is measured and what their work counts.</summary>
/// <param name="Name">The name of the command.</param>
/// <param name="Sides">The sides in the order of their turns; the first is the one that all ratios are to.</param>
/// <param name="Flops">Multiplications and additions of one image.</param>
internal sealed record BenchmarkCommand(string Name, IReadOnlyList<Side> Sides, double Flops)
{
    private const string Tuned = "  with PhotoMl's process settings";

    /// <summary>All comparisons.</summary>
    public static IReadOnlyList<BenchmarkCommand> All { get; } =
    [
        new(
            "train-cnn",
            [
                new("plain", "plain TorchSharp loop, float32"),
                new("tuned", Tuned),
                new("float32", "PhotoMl, float32"),
                new("bfloat16", "PhotoMl, bfloat16"),
                new("default", "PhotoMl, default settings"),
            ],
            NetworkFlops.ClassifierTraining),
        new(
            "evaluate",
            [
                new("plain", "plain TorchSharp loop, float32"),
                new("tuned", Tuned),
                new("float32", "PhotoMl, float32"),
                new("bfloat16", "PhotoMl, bfloat16"),
            ],
            NetworkFlops.ClassifierForward),
        new(
            "train-gan",
            [
                new("plain", "plain TorchSharp loop, two passes"),
                new("plain-one-pass", "plain TorchSharp loop, one pass"),
                new("tuned", Tuned),
                new("float32", "PhotoMl, float32"),
                new("bfloat16", "PhotoMl, bfloat16"),
                new("default", "PhotoMl, default settings"),
            ],
            NetworkFlops.GanTraining)
        {
            FlopsTitle = "direct GFLOP/s",
            SecondBaseline = new("plain-one-pass", "one pass"),
            StepsPerTurn = 5,
            WarmupSteps = 30,
        },
        new(
            "sample",
            [
                new("plain", "plain TorchSharp loop, float32"),
                new("tuned", Tuned),
                new("float32", "PhotoMl, float32"),
                new("bfloat16", "PhotoMl, bfloat16"),
            ],
            NetworkFlops.GeneratorForward)
        {
            FlopsTitle = "direct GFLOP/s",
            WarmupSteps = 40,
        },
        new(
            "resnet",
            [
                new("plain", "plain TorchSharp loop, float32"),
                new("tuned", Tuned),
                new("float32", "PhotoMl, float32"),
                new("bfloat16", "PhotoMl, bfloat16"),
            ],
            NetworkFlops.ResNetTraining)
        {
            FlopsTitle = "direct GFLOP/s",
            BatchSize = ResNetPhotos.BatchSize,
            StepsPerTurn = 1,
            WarmupSteps = 4,
        },
        new(
            "resnet-evaluate",
            [
                new("plain", "plain TorchSharp loop, float32"),
                new("tuned", Tuned),
                new("float32", "PhotoMl, float32"),
                new("bfloat16", "PhotoMl, bfloat16"),
            ],
            NetworkFlops.ResNetForward)
        {
            FlopsTitle = "direct GFLOP/s",
            BatchSize = ResNetPhotos.BatchSize,
            StepsPerTurn = 2,
            WarmupSteps = 6,
        },
    ];

    /// <summary>What the rate of multiplications and additions is called; it is "direct" where PhotoMl reaches the same result with fewer of them.</summary>
    public string FlopsTitle { get; init; } = "GFLOP/s";

    /// <summary>Another side that ratios are given to, with the title of that column; null where there is none.</summary>
    public Side? SecondBaseline { get; init; }

    /// <summary>The images of a step.</summary>
    public int BatchSize { get; init; } = Workloads.BatchSize;

    /// <summary>The steps of one turn.</summary>
    public int StepsPerTurn { get; init; } = 20;

    /// <summary>The steps before the first turn: .NET compiles what runs often a second time, better; a long run has passed that after its first seconds.</summary>
    public int WarmupSteps { get; init; } = 200;

    /// <summary>The name of a side's workload.</summary>
    public string WorkloadOf(string side) => $"{side}-{Name}";
}

/// <summary>One side of a comparison.</summary>
/// <param name="Name">What its workload's name begins with; "plain" keeps PhotoMl's process settings away.</param>
/// <param name="Title">What its row is called.</param>
internal sealed record Side(string Name, string Title);
