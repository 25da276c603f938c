using System.Text.Json;

namespace PhotoMl.Benchmarks;

/// <summary>The figures of one comparison, in seconds a step.</summary>
internal sealed class Comparison(BenchmarkCommand command, BenchmarkOptions options, Dictionary<string, List<double>> seconds)
{
    private const int ProductWarmup = 20;

    private static readonly string[] Products = [.. BenchmarkCommand.DTypes.Select(dtype => $"{dtype}-product")];

    /// <summary>Gives every side its turn, round after round, so that a slower moment of the machine meets all alike.</summary>
    public static Comparison Run(BenchmarkCommand command, BenchmarkOptions options)
    {
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

        return new Comparison(command, options, seconds);
    }

    public void Print(TextWriter output)
    {
        const string Flops = "direct GFLOP/s"; // PhotoMl needs fewer
        var (width, second) = (Flops.Length + 3, command.SecondBaseline);
        output.WriteLine(
            $"{command.Name}: batch {command.BatchSize}, {options.Threads} threads, "
            + $"medians of {options.Rounds} turns of {command.StepsPerTurn} steps, sides in turn");
        var title = second is null ? "" : $"to {second.Title}".PadLeft(14);
        output.WriteLine($"{"",-34}{"images/s",10}{"ms/step",10}{"ratio",8}{title}{Flops.PadLeft(width)}");
        foreach (var (name, row) in command.Sides)
        {
            var ratio = second is null ? "" : $"{Ratio(name, second.Name),14:F2}";
            var flops = $"{Rate(name) * command.Flops / 1e9:F0}".PadLeft(width);
            output.WriteLine($"{row,-34}{Rate(name),10:F0}{1000 * Median(Seconds(name)),10:F2}{Ratio(name),8:F2}{ratio}{flops}");
        }

        foreach (var dtype in BenchmarkCommand.DTypes)
        {
            const int Size = Workloads.ProductSize;
            var rate = 2 * Math.Pow(Size, 3) / Median(seconds[$"{dtype}-product"]) / 1e9;
            output.WriteLine($"limit: product of {Size} x {Size}, {dtype,-8} {rate,19:F0} GFLOP/s");
        }

        if (options.Json)
        {
            output.WriteLine(JsonSerializer.Serialize(Figures().ToDictionary(figure => figure.Key, figure => Math.Round(figure.Value, 3))));
        }
    }

    private Dictionary<string, double> Figures()
    {
        var figures = new Dictionary<string, double> { ["plain_images_per_second"] = Rate("plain") };
        foreach (var dtype in BenchmarkCommand.DTypes)
        {
            figures[$"{dtype}_images_per_second"] = Rate(dtype);
            figures[$"ratio_{dtype}"] = Ratio(dtype);
            if (command.SecondBaseline is { } baseline)
            {
                figures[$"ratio_{dtype}_to_{baseline.Title.Replace(' ', '_')}"] = Ratio(dtype, baseline.Name);
            }
        }

        return figures;
    }

    private List<double> Seconds(string side) => seconds[command.WorkloadOf(side)];

    private double Rate(string side) => command.BatchSize / Median(Seconds(side));

    // Round by round, so that a slow minute hurts both.
    private double Ratio(string side, string baseline = "plain") =>
        Median([.. Seconds(baseline).Zip(Seconds(side), (plain, other) => plain / other)]);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
