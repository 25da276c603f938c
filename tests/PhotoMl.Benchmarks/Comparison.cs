using System.Text.Json;

namespace PhotoMl.Benchmarks;

/// <summary>The figures of one comparison.</summary>
internal sealed class Comparison
{
    private const int StepsPerTurn = 20;

    // .NET compiles what runs often a second time, better; a training run has passed that after its first seconds.
    private const int WarmupSteps = 200;

    // Multiplications and additions of one image, forwards: three convolutions and two dense layers.
    private const double ForwardFlops = 2.0 * ((26 * 26 * 32 * 9) + (11 * 11 * 64 * 288) + (3 * 3 * 64 * 576) + (576 * 64) + (64 * 10));

    // Backwards every layer costs twice that, but the first, whose input needs no gradient.
    private const double TrainingFlops = (3 * ForwardFlops) - (2.0 * 26 * 26 * 32 * 9);

    private readonly BenchmarkOptions _options;
    private readonly Dictionary<string, List<double>> _seconds;

    private Comparison(BenchmarkOptions options, Dictionary<string, List<double>> seconds)
    {
        _options = options;
        _seconds = seconds;
    }

    private double Flops => _options.Command == "evaluate" ? ForwardFlops : TrainingFlops;

    /// <summary>Gives every side its turn, round after round, so that a slower moment of the machine meets all alike.</summary>
    public static Comparison Run(BenchmarkOptions options)
    {
        var suffix = options.Command == "evaluate" ? "evaluate" : "train";
        string[] names = suffix == "train"
            ? ["plain-train", "tuned-train", "float32-train", "bfloat16-train", "default-train", "float32-product", "bfloat16-product"]
            : ["plain-evaluate", "tuned-evaluate", "float32-evaluate", "bfloat16-evaluate", "float32-product", "bfloat16-product"];
        var workers = names.ToDictionary(name => name, name => new WorkerProcess(name, options.Threads));
        var seconds = names.ToDictionary(name => name, _ => new List<double>());
        try
        {
            foreach (var (name, worker) in workers)
            {
                worker.Run(IsProduct(name) ? StepsPerTurn : WarmupSteps);
            }

            for (var round = 0; round < options.Rounds; round++)
            {
                foreach (var (name, worker) in workers)
                {
                    seconds[name].Add(worker.Run(IsProduct(name) ? 1 : StepsPerTurn));
                }
            }
        }
        finally
        {
            foreach (var worker in workers.Values)
            {
                worker.Dispose();
            }
        }

        return new Comparison(options, seconds);
    }

    public void Print(TextWriter output)
    {
        output.WriteLine($"{_options.Command}: batch {Workloads.BatchSize}, {_options.Threads} threads, medians of {_options.Rounds} turns of {StepsPerTurn} steps, sides in turn");
        output.WriteLine($"{"",-34}{"images/s",10}{"ms/step",10}{"ratio",8}{"GFLOP/s",10}");
        Row("plain TorchSharp loop, float32", "plain");
        Row("  with PhotoMl's process settings", "tuned");
        Row("PhotoMl, float32", "float32");
        Row("PhotoMl, bfloat16", "bfloat16");
        if (_seconds.ContainsKey("default-train"))
        {
            Row("PhotoMl, default settings", "default");
        }

        foreach (var format in new[] { "float32", "bfloat16" })
        {
            output.WriteLine($"limit: product of {MatrixProduct.Size} x {MatrixProduct.Size}, {format,-8} {2 * Math.Pow(MatrixProduct.Size, 3) / Median(_seconds[$"{format}-product"]) / 1e9,19:F0} GFLOP/s");
        }

        void Row(string title, string side) =>
            output.WriteLine($"{title,-34}{Rate(side),10:F0}{1000 * Median(Seconds(side)),10:F2}{Ratio(side),8:F2}{Rate(side) * Flops / 1e9,10:F0}");
    }

    public string ToJson()
    {
        var figures = new Dictionary<string, double>
        {
            ["plain_images_per_second"] = Rate("plain"),
            ["float32_images_per_second"] = Rate("float32"),
            ["bfloat16_images_per_second"] = Rate("bfloat16"),
            ["ratio_float32"] = Ratio("float32"),
            ["ratio_bfloat16"] = Ratio("bfloat16"),
        };
        return JsonSerializer.Serialize(figures.ToDictionary(figure => figure.Key, figure => Math.Round(figure.Value, 3)));
    }

    private static bool IsProduct(string name) => name.EndsWith("product", StringComparison.Ordinal);

    private List<double> Seconds(string side) => _seconds[$"{side}-{(_options.Command == "evaluate" ? "evaluate" : "train")}"];

    private double Rate(string side) => Workloads.BatchSize / Median(Seconds(side));

    // Round by round, so that a slow minute hurts both.
    private double Ratio(string side) => Median([.. Seconds("plain").Zip(Seconds(side), (plain, other) => plain / other)]);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
