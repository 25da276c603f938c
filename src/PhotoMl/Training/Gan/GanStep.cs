namespace PhotoMl.Training;

/// <summary>What one step gave.</summary>
/// <param name="DiscriminatorLoss">The discriminator's loss.</param>
/// <param name="GeneratorLoss">The generator's loss; null where it was not its turn.</param>
/// <param name="RealScore">D(x).</param>
/// <param name="GeneratedScore">D(G(z)).</param>
/// <param name="Images">The real images seen.</param>
internal readonly record struct GanStep(double DiscriminatorLoss, double? GeneratorLoss, double RealScore, double GeneratedScore, int Images)
{
    /// <summary>Whether all losses are finite numbers.</summary>
    public bool IsFinite => double.IsFinite(DiscriminatorLoss) && double.IsFinite(GeneratorLoss ?? 0);
}
