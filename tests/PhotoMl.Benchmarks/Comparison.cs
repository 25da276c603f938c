using System.Text.Json;

namespace PhotoMl.Benchmarks;

/// <summary>The figures of one comparison.</summary>
internal sealed class Comparison
{
    private const int ProductWarmup = 20;

    private static readonly string[] Products = ["float32-product", "bfloat16-product"];

    private readonly BenchmarkOptions _options;
    private readonly Dictionary<string, List<double>> _seconds;

    private Comparison(BenchmarkOptions options, Dictionary<string, List<double>> seconds)
    {
        _options = options;
        _seconds = seconds;
    }

    private BenchmarkCommand Command => _options.Command;

    /// <summary>Gives every side its turn, round after round, so that a slower moment of the machine meets all alike.</summary>
    public static Comparison Run(BenchmarkOptions options)
    {
        var command = options.Command;
        string[] names = [.. command.Sides.Select(side => command.WorkloadOf(side.Name)), .. Products];
        var workers = names.ToDictionary(name => name, name => new WorkerProcess(name, options.Threads));
        var seconds = names.ToDictionary(name => name, _ => new List<double>());
        try
        {
            foreach (var (name, worker) in workers)
            {
                worker.Run(Products.Contains(name) ? ProductWarmup : command.WarmupSteps);
            }

            for (var round = 0; round < options.Rounds; round++)
            {
                foreach (var (name, worker) in workers)
                {
                    seconds[name].Add(worker.Run(Products.Contains(name) ? 1 : command.StepsPerTurn));
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
        var flopsWidth = Command.FlopsTitle.Length + 3;
        output.WriteLine($"{Command.Name}: batch {Command.BatchSize}, {_options.Threads} threads, medians of {_options.Rounds} turns of {Command.StepsPerTurn} steps, sides in turn");
        var second = Command.SecondBaseline is { } other ? $"to {other.Title}".PadLeft(14) : "";
        output.WriteLine($"{"",-34}{"images/s",10}{"ms/step",10}{"ratio",8}{second}{Command.FlopsTitle.PadLeft(flopsWidth)}");
        foreach (var side in Command.Sides)
        {
            second = Command.SecondBaseline is { } baseline ? $"{Ratio(side.Name, baseline.Name),14:F2}" : "";
            var flops = $"{Rate(side.Name) * Command.Flops / 1e9:F0}".PadLeft(flopsWidth);
            output.WriteLine($"{side.Title,-34}{Rate(side.Name),10:F0}{1000 * Median(Seconds(side.Name)),10:F2}{Ratio(side.Name),8:F2}{second}{flops}");
        }

        foreach (var format in new[] { "float32", "bfloat16" })
        {
            output.WriteLine($"limit: product of {MatrixProduct.Size} x {MatrixProduct.Size}, {format,-8} {2 * Math.Pow(MatrixProduct.Size, 3) / Median(_seconds[$"{format}-product"]) / 1e9,19:F0} GFLOP/s");
        }
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
        if (Command.SecondBaseline is { } baseline)
        {
            var key = baseline.Title.Replace(' ', '_');
            figures[$"ratio_float32_to_{key}"] = Ratio("float32", baseline.Name);
            figures[$"ratio_bfloat16_to_{key}"] = Ratio("bfloat16", baseline.Name);
        }

        return JsonSerializer.Serialize(figures.ToDictionary(figure => figure.Key, figure => Math.Round(figure.Value, 3)));
    }

    private List<double> Seconds(string side) => _seconds[Command.WorkloadOf(side)];

    private double Rate(string side) => Command.BatchSize / Median(Seconds(side));

    // Round by round, so that a slow minute hurts both.
    private double Ratio(string side, string baseline = "plain") => Median([.. Seconds(baseline).Zip(Seconds(side), (plain, other) => plain / other)]);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
