using System.Globalization;
using PhotoMl.Runtime;

namespace PhotoMl.Benchmarks;

/// <summary>One comparison: whose speed is measured and what their work counts.</summary>
/// <param name="Name">The name of the command.</param>
/// <param name="Sides">The sides in the order of their turns; the first is the one that all ratios are to.</param>
/// <param name="Flops">Multiplications and additions of one image.</param>
internal sealed record BenchmarkCommand(string Name, IReadOnlyList<Side> Sides, double Flops)
{
    private static readonly Side Plain = new("plain", "plain TorchSharp loop, float32");
    private static readonly Side TwoPasses = new("plain", "plain TorchSharp loop, two passes");
    private static readonly Side OnePass = new("plain-one-pass", "plain TorchSharp loop, one pass");
    private static readonly Side Default = new("default", "PhotoMl, default settings");
    private static readonly Side[] Others =
    [
        new("tuned", "  with PhotoMl's process settings"), .. DTypes.Select(dtype => new Side(dtype, $"PhotoMl, {dtype}")),
    ];

    /// <summary>What is computed in; bfloat16 where the processor multiplies it, for elsewhere a step takes seconds.</summary>
    public static IReadOnlyList<string> DTypes => ProcessorFeatures.HasBFloat16 ? ["float32", "bfloat16"] : ["float32"];

    private static readonly Side[] OnnxSides =
    [
        new("plain", "ONNX Runtime, float32"), new("int8", "ONNX Runtime, int8"),
        .. DTypes.Select(dtype => new Side(dtype, $"PhotoMl, {dtype}")),
    ];

    /// <summary>All comparisons.</summary>
    public static IReadOnlyList<BenchmarkCommand> All { get; } =
    [
        new("train-cnn", [Plain, .. Others, Default], NetworkFlops.ClassifierTraining),
        new("evaluate", [Plain, .. Others], NetworkFlops.ClassifierForward),
        new("train-gan", [TwoPasses, OnePass, .. Others, Default], NetworkFlops.GanTraining)
        {
            SecondBaseline = OnePass with { Title = "one pass" },
            StepsPerTurn = 5,
            WarmupSteps = 30,
        },
        new("sample", [Plain, .. Others], NetworkFlops.GeneratorForward) { StepsPerTurn = 20, WarmupSteps = 40 },
        new("resnet", [Plain, .. Others], NetworkFlops.ResNetTraining)
        {
            BatchSize = Workloads.PhotoBatchSize,
            StepsPerTurn = 1,
            WarmupSteps = 4,
        },
        new("resnet-evaluate", [Plain, .. Others], NetworkFlops.ResNetForward)
        {
            BatchSize = Workloads.PhotoBatchSize,
            StepsPerTurn = 2,
            WarmupSteps = 6,
        },
        new("onnx", OnnxSides, NetworkFlops.ClassifierForward) { BatchSize = Workloads.PhotoBatchSize, StepsPerTurn = 157 },
        new("onnx-1", OnnxSides, NetworkFlops.ClassifierForward) { BatchSize = 1, StepsPerTurn = 200 },
        new("onnx-resnet", OnnxSides, NetworkFlops.ResNetForward)
        {
            BatchSize = Workloads.PhotoBatchSize, StepsPerTurn = 2, WarmupSteps = 6,
        },
        new("onnx-resnet-1", OnnxSides, NetworkFlops.ResNetForward)
        {
            BatchSize = 1, StepsPerTurn = 20, WarmupSteps = 40,
        },
    ];

    /// <summary>Another side that ratios are given to, with the title of that column; null where there is none.</summary>
    public Side? SecondBaseline { get; init; }

    /// <summary>The images of a step.</summary>
    public int BatchSize { get; init; } = Workloads.BatchSize;

    /// <summary>The steps of one turn; by default those of the 10,000 test images of MNIST. In short turns a fast side ends
    /// before the processor's frequency has risen.</summary>
    public int StepsPerTurn { get; init; } = 79;

    /// <summary>The steps before the first turn, in which .NET compiles what runs often a second time, better.</summary>
    public int WarmupSteps { get; init; } = 200;

    /// <summary>The name of a side's workload.</summary>
    public string WorkloadOf(string side) => $"{side}-{Name}";
}

/// <summary>One side of a comparison.</summary>
/// <param name="Name">What its workload's name begins with; "plain" keeps PhotoMl's process settings away.</param>
/// <param name="Title">What its row is called.</param>
internal sealed record Side(string Name, string Title);

/// <summary>How a comparison is measured.</summary>
/// <param name="Threads">The number of threads.</param>
/// <param name="Rounds">How often every side has its turn.</param>
/// <param name="Json">Whether the figures are printed as JSON too.</param>
internal sealed record BenchmarkOptions(int Threads, int Rounds, bool Json = false)
{
    /// <summary>Reads options that change these; null where one is not understood.</summary>
    public BenchmarkOptions? Parse(ReadOnlySpan<string> args) => args switch
    {
        [] => this,
        ["--json", .. var rest] => (this with { Json = true }).Parse(rest),
        ["--threads", var text, .. var rest] when ToNumber(text) is { } threads => (this with { Threads = threads }).Parse(rest),
        ["--rounds", var text, .. var rest] when ToNumber(text) is { } rounds => (this with { Rounds = rounds }).Parse(rest),
        _ => null,
    };

    private static int? ToNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1000 ? number : null;
}
