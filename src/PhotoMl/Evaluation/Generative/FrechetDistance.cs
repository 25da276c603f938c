namespace PhotoMl.Evaluation;

/// <summary>How far apart two sets of features lie, with each approximated by a normal distribution.</summary>
/// <remarks>
/// <para>|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), the squared 2-Wasserstein distance of the normal distributions with means m and
/// covariances C: D. C. Dowson, B. V. Landau, "The Fréchet distance between multivariate normal distributions", Journal of Multivariate
/// Analysis 12 (1982). M. Heusel et al., "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium", NeurIPS 2017,
/// evaluate images by it. It is 0 for equal distributions; its scale is that of the features, so distances compare only within one feature
/// space.</para>
/// <para>The trace of the root is that of (C1^(1/2) C2 C1^(1/2))^(1/2), which is symmetric: eigenvalues in float64, those that rounding
/// made negative taken as 0. Covariances may be singular. Two sets of one distribution lie the further apart the fewer images they hold, so
/// distances compare only for equal numbers.</para>
/// </remarks>
public static class FrechetDistance
{
    /// <summary>Computes the distance of two sets of features.</summary>
    /// <param name="first">Features, (N, D), float32 or float64, N at least 2.</param>
    /// <param name="second">Features, (M, D), float32 or float64, M at least 2.</param>
    /// <returns>The squared distance, at least 0; of the means and unbiased covariances (divided by N - 1).</returns>
    /// <exception cref="ArgumentException">The features have another shape or dtype, are too few, or hold a number that is not
    /// finite.</exception>
    public static double Between(Tensor first, Tensor second)
    {
        const string Expected = "features of at least 2 images, (N, D),";
        Check(first, nameof(first), Expected, shape => shape is [>= 2, >= 1]);
        Check(second, nameof(second), Expected, shape => shape is [>= 2, _]);
        Check(second, nameof(second), $"features (N, {first.shape[1]})", shape => shape[1] == first.shape[1]);
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        return Between(FeatureMoments.Of(first), FeatureMoments.Of(second)).item<double>();
    }

    internal static Tensor Between(FeatureMoments first, FeatureMoments second)
    {
        using var scope = NewDisposeScope();
        var (eigenvalues, vectors) = linalg.eigh(first.Covariances);
        var root = (vectors * eigenvalues.clamp_min(0).sqrt().unsqueeze(1)).matmul(vectors.transpose(1, 2));
        var product = root.matmul(second.Covariances).matmul(root); // (R, D, D)
        var (squares, _) = linalg.eigh((product + product.transpose(1, 2)) / 2);
        var traceOfRoot = squares.clamp_min(0).sqrt().sum(1);
        var means = (first.Means - second.Means).square().sum(1);
        return (means + Trace(first.Covariances) + Trace(second.Covariances) - (2 * traceOfRoot)).clamp_min(0).MoveToOuterDisposeScope();

        static Tensor Trace(Tensor matrices) => matrices.diagonal(0, 1, 2).sum(1);
    }

    private static void Check(Tensor values, string name, string expected, Func<long[], bool> fits)
    {
        ArgumentNullException.ThrowIfNull(values, name);
        if (!fits(values.shape) || values.dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException(
                $"Expected {expected} of Float32 or Float64 but got ({string.Join(", ", values.shape)}) of {values.dtype}.", name);
        }

        // The squares of what float32 can hold are far from the end of float64.
        using var scope = NewDisposeScope();
        var largest = values.detach().abs().max().to(ScalarType.Float64).item<double>();
        if (!(largest <= float.MaxValue))
        {
            throw new ArgumentException($"Expected finite numbers in the range of float32 but got one of size {largest}.", name);
        }
    }
}

/// <summary>Means and covariances of features, of a whole set or of many resamples of it at once.</summary>
internal sealed record FeatureMoments(Tensor Means, Tensor Covariances)
{
    public static FeatureMoments Of(Tensor features, Tensor? draws = null, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        var count = features.shape[0];
        draws ??= ones(1, count, dtype: ScalarType.Float64); // each once
        var x = features.to(ScalarType.Float64);
        var centre = x.mean([0]);
        x = x - centre; // so that the product of the means, taken off below, is small
        var means = draws.matmul(x).div_(count); // (R, D)
        var squares = empty(draws.shape[0], x.shape[1], x.shape[1], dtype: ScalarType.Float64);
        for (var resample = 0L; resample < draws.shape[0]; resample++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var weighted = x * draws[resample].unsqueeze(1);
            squares[resample].copy_(weighted.t().mm(x));
        }

        squares.sub_(means.unsqueeze(2) * means.unsqueeze(1) * count).div_(count - 1);
        var symmetric = (squares + squares.transpose(1, 2)).div_(2);
        return new FeatureMoments((means + centre).MoveToOuterDisposeScope(), symmetric.MoveToOuterDisposeScope());
    }
}
