using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>Whether generated images lie where real ones lie, and real ones where generated ones do.</summary>
/// <remarks>
/// <para>
/// Around every image lies a ball that reaches to its k-th nearest neighbour in its own set, the image itself not counted; the balls of a
/// set together are its manifold. An image on the very edge of a ball lies outside.
/// </para>
/// <para>
/// Precision and recall: T. Kynkäänniemi et al., "Improved Precision and Recall Metric for Assessing Generative Models", NeurIPS 2019.
/// Density and coverage: M. F. Naeem et al., "Reliable Fidelity and Diversity Metrics for Generative Models", ICML 2020, section 3, with
/// the reference implementation <c>prdc</c>. All depend on the numbers of images, so they compare only for equal numbers. Two large sets of one
/// distribution do not reach precision and recall 1; density is 1 on average, coverage 1 - 2^-k.
/// </para>
/// </remarks>
internal sealed record ManifoldScores(IReadOnlyList<int> BallCounts, IReadOnlyList<bool> Recalled, IReadOnlyList<bool> Covered, int Neighbours)
{
    /// <summary>k where nothing else is asked for: 5, as in Naeem et al.</summary>
    public const int DefaultNeighbours = 5;

    // Distances that are equal but for the rounding of two matrix products count as equal: on the edge of a ball.
    private const double Edge = 1 - 1e-9;

    public double Precision => Share(BallCounts, count => count > 0);
    public double Recall => Share(Recalled, inside => inside);

    /// <summary>In how many real images' balls a generated image lies on average, divided by k; about 1 for images like the real ones, and may be more.</summary>
    public double Density => BallCounts.Average() / Neighbours;

    public double Coverage => Share(Covered, covered => covered);

    /// <summary>Compares generated images with real ones.</summary>
    /// <remarks>Time grows with (N + M)^2, memory with N + M.</remarks>
    public static ManifoldScores Compute(
        Tensor real, Tensor generated, int neighbours = DefaultNeighbours, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        ArgumentOutOfRangeException.ThrowIfEqual(neighbours, int.MaxValue);
        FeatureCheck.Pair(real, nameof(real), generated, nameof(generated), leastPoints: neighbours + 1);

        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        var realRadii = Radii(real, neighbours, cancellationToken).unsqueeze(1); // (N, 1)
        var generatedRadii = Radii(generated, neighbours, cancellationToken); // (M)
        var ballCounts = zeros(generated.shape[0], dtype: ScalarType.Int64);
        var recalled = empty(real.shape[0], dtype: ScalarType.Bool);
        var covered = empty(real.shape[0], dtype: ScalarType.Bool);
        SquaredDistances.ForEachChunk(
            real,
            generated,
            (start, distances) =>
            {
                var length = distances.shape[0];
                var inRealBalls = distances.lt(realRadii.narrow(0, start, length)); // (n, M)
                ballCounts.add_(inRealBalls.sum([0L]));
                covered.narrow(0, start, length).copy_(inRealBalls.any(1));
                recalled.narrow(0, start, length).copy_(distances.lt(generatedRadii).any(1));
            },
            cancellationToken);
        return new ManifoldScores(
            [.. ballCounts.data<long>().Select(count => (int)count)], recalled.data<bool>().ToArray(), covered.data<bool>().ToArray(), neighbours);
    }

    // Squared. The first of the nearest is the point itself.
    private static Tensor Radii(Tensor features, int neighbours, CancellationToken cancellationToken) =>
        SquaredDistances.ToNearest(features, features, neighbours + 1, cancellationToken).mul_(Edge);

    private static double Share<T>(IReadOnlyList<T> items, Func<T, bool> counts) => (double)items.Count(counts) / items.Count;
}
