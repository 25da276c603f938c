namespace PhotoMl.Evaluation;

/// <summary>Whether generated images lie where real ones lie, and real ones where generated ones do.</summary>
/// <remarks>
/// <para>Around every image lies a ball that reaches to its k-th nearest neighbour in its own set, the image itself not counted; the balls
/// of a set together are its manifold. An image on the very edge of a ball lies outside.</para>
/// <para>Precision and recall: T. Kynkäänniemi et al., "Improved Precision and Recall Metric for Assessing Generative Models", NeurIPS
/// 2019. Density and coverage: M. F. Naeem et al., "Reliable Fidelity and Diversity Metrics for Generative Models", ICML 2020, section 3,
/// with the reference implementation <c>prdc</c>. All depend on the numbers of images, so they compare only for equal numbers. Two large
/// sets of one distribution do not reach precision and recall 1; density is 1 on average, coverage 1 - 2^-k.</para>
/// </remarks>
internal sealed record ManifoldScores(int[] BallCounts, bool[] Recalled, bool[] Covered, int Neighbours)
{
    /// <summary>k where nothing else is asked for: 5, as in Naeem et al.</summary>
    public const int DefaultNeighbours = 5;

    // Distances that are equal but for the rounding of two matrix products count as equal: on the edge of a ball.
    private const double Edge = 1 - 1e-9;

    public double Precision => (double)BallCounts.Count(count => count > 0) / BallCounts.Length;
    public double Recall => (double)Recalled.Count(inside => inside) / Recalled.Length;

    /// <summary>In how many real images' balls a generated image lies on average, divided by k; about 1 for images like the real
    /// ones.</summary>
    public double Density => BallCounts.Average() / Neighbours;

    public double Coverage => (double)Covered.Count(covered => covered) / Covered.Length;

    /// <summary>Compares features of generated images with those of real ones, more than k each; memory grows with N + M.</summary>
    public static ManifoldScores Compute(
        Tensor real, Tensor generated, int neighbours = DefaultNeighbours, CancellationToken cancellationToken = default)
    {
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        var realRadii = Radii(real).unsqueeze(1); // (N, 1)
        var generatedRadii = Radii(generated); // (M)
        var ballCounts = zeros(generated.shape[0], dtype: ScalarType.Int32);
        var recalled = empty(real.shape[0], dtype: ScalarType.Bool);
        var covered = empty(real.shape[0], dtype: ScalarType.Bool);
        SquaredDistances.ForEachChunk(real, generated, Count, cancellationToken);
        return new ManifoldScores(
            ballCounts.data<int>().ToArray(), recalled.data<bool>().ToArray(), covered.data<bool>().ToArray(), neighbours);

        // Squared. The first of the nearest is the point itself.
        Tensor Radii(Tensor features) => SquaredDistances.ToNearest(features, features, neighbours + 1, cancellationToken).mul_(Edge);

        void Count(long start, Tensor distances)
        {
            var length = distances.shape[0];
            var inRealBalls = distances.lt(realRadii.narrow(0, start, length)); // (n, M)
            ballCounts.add_(inRealBalls.sum([0L]));
            covered.narrow(0, start, length).copy_(inRealBalls.any(1));
            recalled.narrow(0, start, length).copy_(distances.lt(generatedRadii).any(1));
        }
    }
}
