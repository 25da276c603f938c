using System.Diagnostics;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>The test loop of the examples around the residual network: default layers, float32, loss and accuracy counted.</summary>
internal sealed class PlainResNetInference : IWorkload
{
    private readonly PlainResNet18 _model = new(ResNetPhotos.Classes);
    private readonly Tensor _images = rand(ResNetPhotos.BatchSize, 3, ResNetPhotos.Size, ResNetPhotos.Size);
    private readonly Tensor _labels = randint(0, ResNetPhotos.Classes, [ResNetPhotos.BatchSize]);

    public PlainResNetInference() => _model.eval();

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
