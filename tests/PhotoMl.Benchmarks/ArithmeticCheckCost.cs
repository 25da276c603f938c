using System.Diagnostics;
using System.Globalization;
using PhotoMl.Kernels;
using PhotoMl.Models;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>What <see cref="ArithmeticCheck"/> adds to the first training step of a network: processes with and without it, in
/// turn.</summary>
internal static class ArithmeticCheckCost
{
    private const int BatchSize = 32;

    private static readonly Dictionary<string, ClassifierOptions> Networks = new()
    {
        ["convnet"] = new ClassifierOptions(),
        ["resnet18"] = Workloads.ResNet,
    };

    public static int Run(string[] args)
    {
        if (args is ["worker", var network, var mode])
        {
            Console.WriteLine(FirstStep(Networks[network], isChecked: mode == "checked").ToString("R", CultureInfo.InvariantCulture));
            return 0;
        }

        var rounds = args is [var given] ? int.Parse(given, CultureInfo.InvariantCulture) : 15;
        Console.WriteLine(
            $"first training step, batch {BatchSize}, {Environment.ProcessorCount} cores, medians of {rounds} processes each, in turn");
        foreach (var name in Networks.Keys)
        {
            var times = Enumerable.Range(0, rounds)
                .Select(_ => (Checked: Start(name, "checked"), Skipped: Start(name, "skipped"))).ToList();
            var (with, without) = (Median(times.Select(time => time.Checked)), Median(times.Select(time => time.Skipped)));
            var difference = Median(times.Select(time => time.Checked - time.Skipped));
            Console.WriteLine($"{name}: {with:F0} ms with the check, {without:F0} ms without, {difference:F0} ms of difference");
        }

        return 0;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static double Start(string network, string mode)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["arithmetic-check", "worker", network, mode])
        {
            RedirectStandardOutput = true,
        })!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    // Milliseconds of the first step of a process.
    private static double FirstStep(ClassifierOptions options, bool isChecked)
    {
        NativeLibraries.TuneProcess();
        NativeLibraries.EnsureLoaded();
        foreach (var candidate in NetworkArithmetic.Operators())
        {
            // Without gradients in both cases, so that both have run the same code before the step.
            ArithmeticCheck.Skip(candidate, withGradients: false);
            if (!isChecked)
            {
                ArithmeticCheck.Skip(candidate, withGradients: true);
            }
        }

        using var scope = NewDisposeScope();
        var network = ImageClassifier.Create(options);
        var images = rand(BatchSize, options.Channels, options.Height, options.Width);
        var watch = Stopwatch.StartNew();
        network.forward(images).sum().backward();
        return watch.Elapsed.TotalMilliseconds;
    }
}
