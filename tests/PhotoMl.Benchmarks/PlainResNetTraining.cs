using System.Diagnostics;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>The training loop of the examples around the residual network: default layers, float32, Adam, batches ready in memory.</summary>
internal sealed class PlainResNetTraining : IWorkload
{
    private readonly PlainResNet18 _model = new(ResNetPhotos.Classes);
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _images = rand(ResNetPhotos.BatchSize, 3, ResNetPhotos.Size, ResNetPhotos.Size);
    private readonly Tensor _labels = randint(0, ResNetPhotos.Classes, [ResNetPhotos.BatchSize]);

    public PlainResNetTraining() => _optimizer = optim.Adam(_model.parameters(), 1e-3);

    public TimeSpan Run(int steps)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            _optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(_model.forward(_images), _labels);
            loss.backward();
            _optimizer.step();
            loss.item<float>();
        }

        return clock.Elapsed;
    }
}
