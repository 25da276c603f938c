using System.Diagnostics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>The training loop of PyTorch's DCGAN example: two Adams, one dispose scope a step, batches ready in memory.</summary>
internal sealed class PlainGanTraining : IWorkload
{
    private readonly Sequential _generator = PlainGan.Generator();
    private readonly PlainGan.Discriminator _discriminator = new();
    private readonly optim.Optimizer _generatorOptimizer;
    private readonly optim.Optimizer _discriminatorOptimizer;
    private readonly Tensor[] _images = [.. Enumerable.Range(0, 40).Select(seed => Spots.Batch(seed, Workloads.BatchSize))];
    private readonly Tensor[] _labels = [.. Enumerable.Range(0, 40).Select(_ => randint(0, PlainGan.Classes, [Workloads.BatchSize]))];
    private readonly Tensor _real = ones(Workloads.BatchSize, 1);
    private readonly Tensor _generated = zeros(Workloads.BatchSize, 1);
    private readonly bool _isOnePass;
    private int _next;

    /// <param name="isOnePass">
    /// Whether the generator's step goes on with the images made for the discriminator's, as in the example; otherwise new ones are made.
    /// </param>
    public PlainGanTraining(bool isOnePass)
    {
        _isOnePass = isOnePass;
        _generatorOptimizer = optim.Adam(_generator.parameters(), 2e-4, beta1: 0.5);
        _discriminatorOptimizer = optim.Adam(_discriminator.parameters(), 2e-4, beta1: 0.5);
    }

    public TimeSpan Run(int steps)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            _next = (_next + 1) % _images.Length;

            _discriminatorOptimizer.zero_grad();
            var realLoss = Loss(_images[_next], _labels[_next], _real);
            realLoss.backward();
            var (images, labels) = Generate();
            var generatedLoss = Loss(images.detach(), labels, _generated);
            generatedLoss.backward();
            _discriminatorOptimizer.step();

            _generatorOptimizer.zero_grad();
            (images, labels) = _isOnePass ? (images, labels) : Generate();
            var generatorLoss = Loss(images, labels, _real);
            generatorLoss.backward();
            _generatorOptimizer.step();

            realLoss.add(generatedLoss).item<float>();
            generatorLoss.item<float>();
        }

        return clock.Elapsed;
    }

    // The class of a generated image is the region that its random numbers lie in: of the first ten the largest.
    private (Tensor Images, Tensor Labels) Generate()
    {
        var latents = randn(Workloads.BatchSize, PlainGan.Latent);
        return (_generator.forward(latents), latents.narrow(1, 0, PlainGan.Classes).argmax(1));
    }

    private Tensor Loss(Tensor images, Tensor labels, Tensor target) => nn.functional.binary_cross_entropy_with_logits(_discriminator.forward(images, labels), target);
}
