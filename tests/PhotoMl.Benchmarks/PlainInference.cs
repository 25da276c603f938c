using System.Diagnostics;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>The test loop of the examples: default layers, float32, batches ready in memory, loss and accuracy counted.</summary>
internal sealed class PlainInference : IWorkload
{
    private readonly PlainClassifier _model = new();
    private readonly Tensor _images = rand(Workloads.BatchSize, 1, 28, 28);
    private readonly Tensor _labels = randint(0, 10, [Workloads.BatchSize]);

    public PlainInference() => _model.eval();

    public TimeSpan Run(int steps)
    {
        using var withoutGradients = no_grad();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            var logits = _model.forward(_images);
            nn.functional.cross_entropy(logits, _labels).item<float>();
            logits.argmax(1).eq(_labels).sum().item<long>();
        }

        return clock.Elapsed;
    }
}
