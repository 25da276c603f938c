using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>What keeps the slope of a critic near 1: the mean of (|grad D(u)| - 1)^2 over points u between real and generated
/// images.</summary>
/// <remarks>I. Gulrajani et al., "Improved Training of Wasserstein GANs", NIPS 2017, section 4: every pair of images has a share of its
/// own. A critic that is given the class measures, for each class, the distance of its real images from the generated ones: it must be
/// 1-Lipschitz in the image for every class, and its slope is 1 between real and generated images of the same class (J. Adler, O. Öktem,
/// "Deep Bayesian Inversion", 2018). The images of a batch are such pairs.</remarks>
internal static class GradientPenalty
{
    public const double Weight = 10;

    public static Tensor Of(
        DcganDiscriminator discriminator, Tensor real, Tensor generated, Tensor? labels, long dropoutSeed, DeterministicRandom random)
    {
        using var scope = NewDisposeScope();
        float[] shares = [.. Enumerable.Range(0, (int)real.shape[0]).Select(_ => (float)random.NextDouble())];
        var between = generated.lerp(real, tensor(shares, [shares.Length, 1, 1, 1])).detach().requires_grad_();
        var logits = discriminator.Discriminate(between, labels, dropoutSeed, isTwiceDifferentiable: true);

        // TorchSharp's retain_graph does not follow create_graph, as PyTorch's does.
        var gradient = autograd.grad([logits.sum()], [between], retain_graph: true, create_graph: true)[0];

        // The root of zero has no slope: an epsilon inside keeps a flat critic from NaN.
        return gradient.flatten(1).square().sum([1L]).add(1e-12).sqrt().sub(1).square().mean().MoveToOuterDisposeScope();
    }
}
