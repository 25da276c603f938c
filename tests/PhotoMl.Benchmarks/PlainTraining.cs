using System.Diagnostics;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>The training loop of the examples: default layers, float32, Adam, one dispose scope a step, batches ready in memory.</summary>
internal sealed class PlainTraining : IWorkload
{
    private readonly PlainClassifier _model = new();
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor[] _images = [.. Enumerable.Range(0, 40).Select(_ => rand(Workloads.BatchSize, 1, 28, 28))];
    private readonly Tensor[] _labels = [.. Enumerable.Range(0, 40).Select(_ => randint(0, 10, [Workloads.BatchSize]))];
    private int _next;

    public PlainTraining() => _optimizer = optim.Adam(_model.parameters(), 1e-3);

    public TimeSpan Run(int steps)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            _next = (_next + 1) % _images.Length;
            _optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(_model.forward(_images[_next]), _labels[_next]);
            loss.backward();
            _optimizer.step();
            loss.item<float>();
        }

        return clock.Elapsed;
    }
}
