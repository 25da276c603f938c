using PhotoMl.Models;
using PhotoMl.Runtime;
using TorchSharp;

namespace PhotoMl.Benchmarks;

/// <summary>The workloads by name.</summary>
internal static class Workloads
{
    public const int BatchSize = 128;
    public const int PhotoBatchSize = 64;

    /// <summary>The size of the large matrix product whose rate is the most any network can reach.</summary>
    public const int ProductSize = 2048;

    private const int PhotoSize = 128;

    /// <summary>The network for digits.</summary>
    public static ClassifierOptions Convnet { get; } = new();

    /// <summary>The residual network for photos.</summary>
    public static ClassifierOptions ResNet { get; } =
        new() { Architecture = ClassifierArchitecture.ResNet18, Channels = 3, Height = PhotoSize, Width = PhotoSize, Classes = 10 };

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
            "plain-train-cnn" or "tuned-train-cnn" => PlainTraining.Train(PlainClassifiers.Convnet(), 40, BatchSize, 1, 28, 28),
            "float32-train-cnn" => PhotoMlTraining.Classifier(Convnet, BatchSize, 60_000, Precision.Float32),
            "bfloat16-train-cnn" => PhotoMlTraining.Classifier(Convnet, BatchSize, 60_000, Precision.BFloat16),
            "default-train-cnn" => PhotoMlTraining.Classifier(Convnet, BatchSize, 60_000, Precision.Auto, defaults: true),
            "plain-evaluate" or "tuned-evaluate" => PlainTraining.Evaluate(PlainClassifiers.Convnet(), BatchSize, 1, 28, 28),
            "float32-evaluate" => new PhotoMlInference(Convnet, BatchSize, Precision.Float32),
            "bfloat16-evaluate" => new PhotoMlInference(Convnet, BatchSize, Precision.BFloat16),
            "plain-train-gan" => PlainGanTraining.Train(isOnePass: false),
            "plain-one-pass-train-gan" or "tuned-train-gan" => PlainGanTraining.Train(isOnePass: true),
            "float32-train-gan" => PhotoMlTraining.Gan(Precision.Float32, hasAverage: false),
            "bfloat16-train-gan" => PhotoMlTraining.Gan(Precision.BFloat16, hasAverage: false),
            "default-train-gan" => PhotoMlTraining.Gan(Precision.Auto, hasAverage: true),
            "plain-sample" or "tuned-sample" => PlainSampling.Sample(),
            "float32-sample" => new PhotoMlSampling(Precision.Float32),
            "bfloat16-sample" => new PhotoMlSampling(Precision.BFloat16),
            "plain-resnet" or "tuned-resnet" =>
                PlainTraining.Train(PlainClassifiers.ResNet18(ResNet.Classes), 1, PhotoBatchSize, 3, PhotoSize, PhotoSize),
            "float32-resnet" => PhotoMlTraining.Classifier(ResNet, PhotoBatchSize, 4096, Precision.Float32),
            "bfloat16-resnet" => PhotoMlTraining.Classifier(ResNet, PhotoBatchSize, 4096, Precision.BFloat16),
            "plain-resnet-evaluate" or "tuned-resnet-evaluate" =>
                PlainTraining.Evaluate(PlainClassifiers.ResNet18(ResNet.Classes), PhotoBatchSize, 3, PhotoSize, PhotoSize),
            "float32-resnet-evaluate" => new PhotoMlInference(ResNet, PhotoBatchSize, Precision.Float32),
            "bfloat16-resnet-evaluate" => new PhotoMlInference(ResNet, PhotoBatchSize, Precision.BFloat16),
            "float32-product" => Product(torch.ScalarType.Float32),
            "bfloat16-product" => Product(torch.ScalarType.BFloat16),
            _ when name.Split("-onnx") is [var side, var kind] => Onnx(side, kind, threads),
            _ => throw new ArgumentException($"There is no workload {name}.", nameof(name)),
        };
    }

    private static IWorkload Onnx(string side, string kind, int threads)
    {
        var network = kind.StartsWith("-resnet", StringComparison.Ordinal) ? ResNet : Convnet;
        var batchSize = kind.EndsWith("-1", StringComparison.Ordinal) ? 1 : PhotoBatchSize;
        return side is "plain" or "int8"
            ? new OnnxInference(network, batchSize, threads, int8: side == "int8")
            : new PhotoMlInference(network, batchSize, Enum.Parse<Precision>(side, ignoreCase: true));
    }

    /// <summary>A product of two large square matrices.</summary>
    public static IWorkload Product(torch.ScalarType dtype)
    {
        var (a, b) = (torch.randn(ProductSize, ProductSize).to(dtype), torch.randn(ProductSize, ProductSize).to(dtype));
        return new Steps(() => a.matmul(b), hasGradients: false);
    }
}
