using PhotoMl.Models;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>What keeps the slope of a critic near 1: the mean of (|grad D(u)| - 1)^2 over points u between real and generated images.</summary>
/// <remarks>I. Gulrajani et al., "Improved Training of Wasserstein GANs", NIPS 2017, section 4: every pair of images has a share of its own.</remarks>
internal static class GradientPenalty
{
    /// <summary>The weight of the penalty in the loss.</summary>
    public const double Weight = 10;

    /// <summary>Computes the penalty.</summary>
    /// <param name="discriminator">The critic.</param>
    /// <param name="real">Real images, (N, C, H, W).</param>
    /// <param name="generated">Generated images, (N, C, H, W), detached.</param>
    /// <param name="labels">Their classes, if the critic is conditional.</param>
    /// <param name="dropoutSeed">What is dropped.</param>
    /// <param name="random">Where the shares come from.</param>
    /// <returns>The penalty, a scalar that can be differentiated by the critic's weights; the caller disposes it.</returns>
    public static Tensor Of(DcganDiscriminator discriminator, Tensor real, Tensor generated, Tensor? labels, long dropoutSeed, DeterministicRandom random)
    {
        using var scope = NewDisposeScope();
        var shares = new float[real.shape[0]];
        foreach (ref var share in shares.AsSpan())
        {
            share = (float)random.NextDouble();
        }

        var between = generated.lerp(real, tensor(shares, [real.shape[0], 1, 1, 1])).detach().requires_grad_();
        var logits = discriminator.Judge(between, labels, dropoutSeed, isTwiceDifferentiable: true);

        // TorchSharp's retain_graph does not follow create_graph, as PyTorch's does.
        var gradient = autograd.grad([logits.sum()], [between], retain_graph: true, create_graph: true)[0];

        // The root of zero has no slope: an epsilon inside keeps a flat critic from NaN.
        return gradient.flatten(1).square().sum([1L]).add(1e-12).sqrt().sub(1).square().mean().MoveToOuterDisposeScope();
    }
}
