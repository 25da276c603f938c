namespace PhotoMl.Training;

/// <summary>The losses of generator and discriminator, from the discriminator's logits D; with p = sigmoid(D) the probability that an image
/// is real.</summary>
/// <remarks>
/// <para>Non-saturating: L_D = -E[log p(x)] - E[log(1 - p(G(z)))], L_G = -E[log p(G(z))] (I. Goodfellow et al., NIPS 2014, section
/// 3).</para>
/// <para>Minimax: the same L_D, L_G = E[log(1 - p(G(z)))] (ibid., eq. 1).</para>
/// <para>Least squares: L_D = E[(D(x) - 1)^2] / 2 + E[D(G(z))^2] / 2, L_G = E[(D(G(z)) - 1)^2] / 2 (X. Mao et al., ICCV 2017, eq.
/// 9).</para>
/// <para>WGAN-GP: L_D = E[D(G(z))] - E[D(x)] + 10 E[(|grad D(u)| - 1)^2] with u evenly between real and generated images, L_G = -E[D(G(z))]
/// (I. Gulrajani et al., NIPS 2017, eq. 3); the penalty is <see cref="GradientPenalty"/>'s.</para>
/// <para>Hinge: L_D = E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))], L_G = -E[D(G(z))] (J. Lim, J. Ye, 2017; T. Miyato et al., ICLR 2018,
/// eq. 17).</para>
/// <para>One-sided label smoothing s replaces the target 1 of real images by 1 - s in L_D of the first three (T. Salimans et al., NIPS
/// 2016, section 3.4).</para>
/// </remarks>
public static class AdversarialLoss
{
    /// <summary>Computes the discriminator's loss, for WGAN-GP without its penalty.</summary>
    /// <param name="kind">Which loss.</param>
    /// <param name="real">The logits of real images, (N), float32.</param>
    /// <param name="generated">The logits of generated images, (M), float32.</param>
    /// <param name="labelSmoothing">What is taken from the target of real images, in [0, 1).</param>
    /// <returns>The loss, a scalar; the caller disposes it.</returns>
    public static Tensor OfDiscriminator(GanLossKind kind, Tensor real, Tensor generated, double labelSmoothing = 0)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(generated);
        using var scope = NewDisposeScope();
        var target = 1 - labelSmoothing;
        var loss = kind switch
        {
            GanLossKind.NonSaturating or GanLossKind.Minimax => CrossEntropy(real, target).add(CrossEntropy(generated, 0)),
            GanLossKind.LeastSquares => real.sub(target).square().mean().add(generated.square().mean()).mul(0.5),
            GanLossKind.WganGp => generated.mean().sub(real.mean()),
            GanLossKind.Hinge => real.neg().add(1).relu().mean().add(generated.add(1).relu().mean()),
            _ => throw new ArgumentException($"There is no loss {kind}.", nameof(kind)),
        };
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>Computes the generator's loss.</summary>
    /// <param name="kind">Which loss.</param>
    /// <param name="generated">The logits of generated images, (M), float32.</param>
    /// <returns>The loss, a scalar; the caller disposes it.</returns>
    public static Tensor OfGenerator(GanLossKind kind, Tensor generated)
    {
        ArgumentNullException.ThrowIfNull(generated);
        using var scope = NewDisposeScope();
        var loss = kind switch
        {
            GanLossKind.NonSaturating => CrossEntropy(generated, 1),
            GanLossKind.Minimax => CrossEntropy(generated, 0).neg(),
            GanLossKind.LeastSquares => generated.sub(1).square().mean().mul(0.5),
            GanLossKind.WganGp or GanLossKind.Hinge => generated.mean().neg(),
            _ => throw new ArgumentException($"There is no loss {kind}.", nameof(kind)),
        };
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>Whether a loss reads the logits as those of a probability.</summary>
    public static bool IsOfProbabilities(GanLossKind kind) => kind is GanLossKind.NonSaturating or GanLossKind.Minimax;

    // -t log p - (1 - t) log(1 - p) of a logit, which is softplus(logit) - t logit, and finite for all logits.
    private static Tensor CrossEntropy(Tensor logits, double target)
    {
        var softplus = nn.functional.softplus(logits);
        return target == 0 ? softplus.mean() : softplus.add(logits, alpha: -target).mean();
    }
}
