using System.Diagnostics;
using PhotoMl.Runtime;
using PhotoMl.Training;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>What the time of a default run goes to, checkpoints among it; see <see cref="StepProfile"/>.</summary>
internal static class ProfileCommand
{
    private const int ProductRounds = 9;

    /// <summary>What can be profiled.</summary>
    public static IReadOnlyList<string> Names { get; } = ["train-cnn", "train-gan", "resnet", "predict", "resnet-predict"];

    public static void Run(string name, int threads)
    {
        NativeLibraries.TuneProcess();
        NativeLibraries.EnsureLoaded();
        set_num_threads(threads);
        var folder = Directory.CreateTempSubdirectory("photoml-profile-");
        try
        {
            using var run = RunFolder.Create(Path.Combine(folder.FullName, "run"));
            Run(name, threads, run);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Run(string name, int threads, RunFolder run)
    {
        var (workload, batchSize, warmup, steps) = name switch
        {
            "train-cnn" => (PhotoMlTraining.Classifier(
                Workloads.Convnet, Workloads.BatchSize, 60_000, Precision.Auto, defaults: true, run), Workloads.BatchSize, 200, 2000),
            "train-gan" => (PhotoMlTraining.Gan(Precision.Auto, hasAverage: true, run), Workloads.BatchSize, 30, 150),
            "resnet" => (PhotoMlTraining.Classifier(
                Workloads.ResNet, Workloads.PhotoBatchSize, 8192, Precision.Auto, defaults: true, run), Workloads.PhotoBatchSize, 6, 60),
            "resnet-predict" => (new PhotoMlInference(
                Workloads.ResNet, Workloads.PhotoBatchSize, Precision.Auto), Workloads.PhotoBatchSize, 6, 30),
            _ => ((IWorkload)new PhotoMlInference(Workloads.Convnet, Workloads.BatchSize, Precision.Auto), Workloads.BatchSize, 200, 1000),
        };
        workload.Prepare(warmup);
        workload.Prepare(steps);
        var profile = new StepProfile();
        StepObserver.Current = profile;
        workload.Run(warmup);
        profile.Reset();
        var pauses = GC.GetTotalPauseDuration();
        workload.Run(steps);
        pauses = GC.GetTotalPauseDuration() - pauses;
        StepObserver.Current = null;

        ScalarType[] dtypes = [.. BenchmarkCommand.DTypes.Select(dtype => Enum.Parse<ScalarType>(dtype, ignoreCase: true))];
        var limits = dtypes.ToDictionary(dtype => dtype, Limit);
        var precision = $"{ProcessorFeatures.AutoPrecision}".ToLowerInvariant();
        Console.WriteLine(
            $"{name}, default settings, {precision}: batch {batchSize}, {threads} threads, mean of {steps} steps in ms; "
            + $"{ProcessorFeatures.Name} ({string.Join(", ", ProcessorFeatures.List())})");
        profile.Print(Console.Out, steps, limits);
        Console.WriteLine(
            $"{batchSize * steps / profile.TotalSeconds:F0} images/s; "
            + $"{1000 * pauses.TotalSeconds / steps:F2} ms of each step are pauses for .NET's collector");
        foreach (var (dtype, rate) in limits)
        {
            Console.WriteLine($"limit: product of {Workloads.ProductSize} x {Workloads.ProductSize}, {dtype,-8} {rate,6:F0} GFLOP/s");
        }
    }

    private static double Limit(ScalarType dtype)
    {
        var product = Workloads.Product(dtype);
        product.Run(2);
        var seconds = new List<double>();
        for (var round = 0; round < ProductRounds; round++)
        {
            var clock = Stopwatch.StartNew();
            product.Run(1);
            seconds.Add(clock.Elapsed.TotalSeconds);
        }

        return 2 * Math.Pow(Workloads.ProductSize, 3) / seconds.Order().ElementAt(ProductRounds / 2) / 1e9;
    }
}
