using PhotoMl.Runtime;
using TorchSharp;

namespace PhotoMl.Benchmarks;

/// <summary>The workloads by name.</summary>
internal static class Workloads
{
    public const int BatchSize = 128;

    public static IWorkload Create(string name, int threads)
    {
        // What the command line does; the plain loop's author would not.
        if (!name.StartsWith("plain", StringComparison.Ordinal))
        {
            NativeLibraries.TuneProcess();
        }

        NativeLibraries.EnsureLoaded();
        torch.set_num_threads(threads);
        return name switch
        {
            "plain-train-cnn" or "tuned-train-cnn" => new PlainTraining(),
            "float32-train-cnn" => new PhotoMlTraining(Precision.Float32, defaults: false),
            "bfloat16-train-cnn" => new PhotoMlTraining(Precision.BFloat16, defaults: false),
            "default-train-cnn" => new PhotoMlTraining(Precision.Auto, defaults: true),
            "plain-evaluate" or "tuned-evaluate" => new PlainInference(),
            "float32-evaluate" => new PhotoMlInference(Precision.Float32),
            "bfloat16-evaluate" => new PhotoMlInference(Precision.BFloat16),
            "plain-train-gan" => new PlainGanTraining(isOnePass: false),
            "plain-one-pass-train-gan" or "tuned-train-gan" => new PlainGanTraining(isOnePass: true),
            "float32-train-gan" => new PhotoMlGanTraining(Precision.Float32, hasAverage: false),
            "bfloat16-train-gan" => new PhotoMlGanTraining(Precision.BFloat16, hasAverage: false),
            "default-train-gan" => new PhotoMlGanTraining(Precision.Float32, hasAverage: true),
            "plain-sample" or "tuned-sample" => new PlainSampling(),
            "float32-sample" => new PhotoMlSampling(Precision.Float32),
            "bfloat16-sample" => new PhotoMlSampling(Precision.BFloat16),
            "plain-resnet" or "tuned-resnet" => new PlainResNetTraining(),
            "float32-resnet" => new ResNetTraining(Precision.Float32),
            "bfloat16-resnet" => new ResNetTraining(Precision.BFloat16),
            "plain-resnet-evaluate" or "tuned-resnet-evaluate" => new PlainResNetInference(),
            "float32-resnet-evaluate" => new ResNetInference(Precision.Float32),
            "bfloat16-resnet-evaluate" => new ResNetInference(Precision.BFloat16),
            "float32-product" => new MatrixProduct(torch.ScalarType.Float32),
            "bfloat16-product" => new MatrixProduct(torch.ScalarType.BFloat16),
            _ => throw new ArgumentException($"There is no workload {name}.", nameof(name)),
        };
    }
}
