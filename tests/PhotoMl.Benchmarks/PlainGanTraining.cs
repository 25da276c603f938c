using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>The training loop of PyTorch's DCGAN example: two Adams, one dispose scope a step, batches ready in memory.</summary>
internal static class PlainGanTraining
{
    /// <summary>Trains the plain networks.</summary>
    /// <param name="isOnePass">
    /// Whether the generator's step goes on with the images made for the discriminator's, as in the example; otherwise new ones are made.
    /// </param>
    public static IWorkload Train(bool isOnePass)
    {
        var (generator, discriminator) = (PlainGan.Generator(PlainGan.Latent + PlainGan.Classes), new PlainGan.Discriminator());
        var generatorOptimizer = optim.Adam(generator.parameters(), 2e-4, beta1: 0.5);
        var discriminatorOptimizer = optim.Adam(discriminator.parameters(), 2e-4, beta1: 0.5);
        Tensor[] realImages = [.. Enumerable.Range(0, 40).Select(seed => Spots.Batch(seed, Workloads.BatchSize))];
        Tensor[] realLabels = [.. realImages.Select(_ => randint(0, PlainGan.Classes, [Workloads.BatchSize]))];
        var (real, generated, next) = (ones(Workloads.BatchSize, 1), zeros(Workloads.BatchSize, 1), 0);
        return new Steps(Step, hasGradients: true);

        void Step()
        {
            next = (next + 1) % realImages.Length;

            discriminatorOptimizer.zero_grad();
            var realLoss = Loss(realImages[next], realLabels[next], real);
            realLoss.backward();
            var (images, labels) = Generate();
            var generatedLoss = Loss(images.detach(), labels, generated);
            generatedLoss.backward();
            discriminatorOptimizer.step();

            generatorOptimizer.zero_grad();
            (images, labels) = isOnePass ? (images, labels) : Generate();
            var generatorLoss = Loss(images, labels, real);
            generatorLoss.backward();
            generatorOptimizer.step();

            realLoss.add(generatedLoss).item<float>();
            generatorLoss.item<float>();
        }

        // Of the classes of the real images.
        (Tensor Images, Tensor Labels) Generate()
        {
            var (latents, labels) = (randn(Workloads.BatchSize, PlainGan.Latent), realLabels[next]);
            return (generator.forward(cat([latents, nn.functional.one_hot(labels, PlainGan.Classes).to(ScalarType.Float32)], 1)), labels);
        }

        Tensor Loss(Tensor images, Tensor labels, Tensor target) =>
            nn.functional.binary_cross_entropy_with_logits(discriminator.forward(images, labels), target);
    }
}
