using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>How far apart two sets of features lie, with each approximated by a normal distribution.</summary>
/// <remarks>
/// <para>
/// |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), the squared 2-Wasserstein distance of the normal distributions with means m and
/// covariances C: D. C. Dowson, B. V. Landau, "The Fréchet distance between multivariate normal distributions", Journal of Multivariate
/// Analysis 12 (1982). M. Heusel et al., "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium", NeurIPS 2017,
/// evaluate images by it. It is 0 for equal distributions; its scale is that of the features, so distances compare only within one feature space.
/// </para>
/// <para>
/// The trace of the root is that of (C1^(1/2) C2 C1^(1/2))^(1/2), which is symmetric: eigenvalues in float64, those that rounding made
/// negative taken as 0. Covariances may be singular. Two sets of one distribution lie the further apart the fewer images they hold,
/// so distances compare only for equal numbers.
/// </para>
/// </remarks>
public static class FrechetDistance
{
    /// <summary>Computes the distance of two sets of features.</summary>
    /// <param name="first">Features, (N, D), float32 or float64, N at least 2.</param>
    /// <param name="second">Features, (M, D), float32 or float64, M at least 2.</param>
    /// <returns>The squared distance, at least 0; of the means and unbiased covariances (divided by N - 1).</returns>
    /// <exception cref="ArgumentException">The features have another shape or dtype, are too few, or hold a number that is not finite.</exception>
    public static double Between(Tensor first, Tensor second)
    {
        FeatureCheck.Pair(first, nameof(first), second, nameof(second), leastPoints: 2);
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        return Between(FeatureMoments.Of(first), FeatureMoments.Of(second)).item<double>();
    }

    /// <summary>Computes the distance of two normal distributions.</summary>
    /// <param name="firstMean">Mean, (D), float32 or float64.</param>
    /// <param name="firstCovariance">Covariance, (D, D), float32 or float64, symmetric, no eigenvalue below 0.</param>
    /// <param name="secondMean">Mean, (D), float32 or float64.</param>
    /// <param name="secondCovariance">Covariance, (D, D), float32 or float64, symmetric, no eigenvalue below 0.</param>
    /// <returns>The squared distance, at least 0.</returns>
    /// <exception cref="ArgumentException">A tensor has another shape or dtype, holds a number that is not finite, or is no symmetric matrix.</exception>
    public static double Between(Tensor firstMean, Tensor firstCovariance, Tensor secondMean, Tensor secondCovariance)
    {
        ArgumentNullException.ThrowIfNull(firstMean);
        var size = firstMean.numel();
        FeatureCheck.Shape(firstMean, nameof(firstMean), Math.Max(1, size));
        FeatureCheck.Shape(firstCovariance, nameof(firstCovariance), size, size);
        FeatureCheck.Shape(secondMean, nameof(secondMean), size);
        FeatureCheck.Shape(secondCovariance, nameof(secondCovariance), size, size);
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        return Between(
            new FeatureMoments(firstMean.to(ScalarType.Float64).unsqueeze(0), Symmetric(firstCovariance, nameof(firstCovariance)).unsqueeze(0)),
            new FeatureMoments(secondMean.to(ScalarType.Float64).unsqueeze(0), Symmetric(secondCovariance, nameof(secondCovariance)).unsqueeze(0)))
            .item<double>();
    }

    internal static Tensor Between(FeatureMoments first, FeatureMoments second)
    {
        using var scope = NewDisposeScope();
        var root = Root(first.Covariances);
        var product = root.matmul(second.Covariances).matmul(root); // (R, D, D)
        var (eigenvalues, _) = linalg.eigh((product + product.transpose(1, 2)) / 2);
        var traceOfRoot = eigenvalues.clamp_min(0).sqrt().sum(1);
        var means = (first.Means - second.Means).square().sum(1);
        return (means + Trace(first.Covariances) + Trace(second.Covariances) - (2 * traceOfRoot)).clamp_min(0).MoveToOuterDisposeScope();
    }

    private static Tensor Trace(Tensor matrices) => matrices.diagonal(0, 1, 2).sum(1);

    private static Tensor Root(Tensor covariances)
    {
        var (eigenvalues, vectors) = linalg.eigh(covariances);
        return (vectors * eigenvalues.clamp_min(0).sqrt().unsqueeze(1)).matmul(vectors.transpose(1, 2));
    }

    private static Tensor Symmetric(Tensor matrix, string name)
    {
        const double Rounding = 1e-5; // of the largest entry: what float32 leaves of symmetry
        var exact = matrix.to(ScalarType.Float64);
        var skew = (exact - exact.t()).abs().max().item<double>();
        return skew <= Rounding * exact.abs().max().item<double>()
            ? (exact + exact.t()) / 2
            : throw new ArgumentException($"Expected a symmetric matrix but got entries that differ by {skew} from those across the diagonal.", name);
    }
}
