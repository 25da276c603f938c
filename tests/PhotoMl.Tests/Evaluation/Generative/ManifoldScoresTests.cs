namespace PhotoMl.Tests.Evaluation;

public sealed class ManifoldScoresTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Points_on_a_line_score_as_worked_out_by_hand()
    {
        // Radii to the nearest other: real 1, 1, 2, 7 and generated 0.5, 0.5, 5.5.
        var scores = ManifoldScores.Compute(Line(0, 1, 3, 10), Line(1.5, 2, 7.5), neighbours: 1);

        // 1.5 is in the ball of 1 (0.5 < 1) and of 3 (1.5 < 2). 2 is on the edge of that of 1, so outside it, and in that of 3 (1 < 2).
        // 7.5 is in that of 10 (2.5 < 7). 0 has none in its ball: 1.5 is not within 1.
        Assert.Equal([2, 1, 1], scores.BallCounts);
        Assert.Equal([false, true, true, true], scores.Covered);

        // 0 and 1: neither within 0.5 of 1.5 or 2 (1 is on the edge) nor within 5.5 of 7.5. 3 and 10: 4.5 and 2.5 from 7.5.
        Assert.Equal([false, false, true, true], scores.Recalled);
        Assert.Equal((1.0, 0.5, 4 / 3.0, 0.75), (scores.Precision, scores.Recall, scores.Density, scores.Coverage));
    }

    [Fact]
    public void They_are_those_of_a_plain_double_loop()
    {
        foreach (var (count, others, size, neighbours) in new[] { (150, 120, 100, 5), (120, 200, 3, 1), (40, 7, 64, 6) })
        {
            var real = TensorAssert.Normal(count, count, size);
            var generated = (TensorAssert.Normal(others + 1, others, size) * 0.9) + 0.1;
            var scores = ManifoldScores.Compute(real, generated, neighbours);

            var (balls, recalled, covered) = PlainLoop(Rows(real), Rows(generated), neighbours);
            Assert.Equal(balls, scores.BallCounts);
            Assert.Equal(recalled, scores.Recalled);
            Assert.Equal(covered, scores.Covered);
        }
    }

    [Fact]
    public void Equal_sets_have_precision_recall_density_and_coverage_1()
    {
        // Each image lies in its own ball and those of which it is one of the nearest four; the fifth is on the edge.
        var features = TensorAssert.Normal(1, 700, 64).relu() + 20;
        var scores = ManifoldScores.Compute(features, features.clone());

        Assert.Equal((1.0, 1.0, 1.0, 1.0), (scores.Precision, scores.Recall, Math.Round(scores.Density, 12), scores.Coverage));
    }

    [Fact]
    public void A_generator_that_makes_one_image_over_and_over_recalls_nothing()
    {
        var real = TensorAssert.Normal(1, 200, 16);
        var generated = real[5].unsqueeze(0).repeat(100, 1); // radii 0: not even the image it copies is within one
        var scores = ManifoldScores.Compute(real, generated);

        Assert.Equal(1, scores.Precision);
        Assert.Equal(0, scores.Recall);
        Assert.True(scores.Covered[5]);
    }

    [Fact]
    public void Points_of_which_many_are_equal_have_no_ball()
    {
        var real = ones(20, 64) * 0.1;
        var scores = ManifoldScores.Compute(real, real.clone());

        Assert.Equal((0.0, 0.0, 0.0, 0.0), (scores.Precision, scores.Recall, scores.Density, scores.Coverage));
    }

    [Fact]
    public void Draws_of_one_distribution_score_what_is_expected_of_them()
    {
        // Naeem et al., lemma 1 and 2: density 1 and coverage 1 - 2^-k on average; there, of ten pairs of sets.
        var pairs = Enumerable.Range(0, 10)
            .Select(pair => ManifoldScores.Compute(TensorAssert.Normal(2 * pair, 1000, 8), TensorAssert.Normal((2 * pair) + 1, 1000, 8)))
            .ToList();

        Assert.InRange(pairs.Average(scores => scores.Density), 0.98, 1.02);
        Assert.InRange(pairs.Average(scores => scores.Coverage), 0.969 - 0.006, 0.969 + 0.006);
    }

    [SlowFact]
    public void Ten_thousand_draws_in_1000_dimensions_score_as_with_the_reference_implementation()
    {
        // The README of prdc gives 0.4772, 0.4705, 1.0555 and 0.9735 of one such pair of sets, "may fluctuate due to randomness":
        // in so many dimensions a few points near the middle lie in most balls, so density above all does.
        var scores = ManifoldScores.Compute(TensorAssert.Normal(1, 10_000, 1000), TensorAssert.Normal(2, 10_000, 1000));

        Assert.InRange(scores.Precision, 0.477 - 0.04, 0.477 + 0.04);
        Assert.InRange(scores.Recall, 0.471 - 0.04, 0.471 + 0.04);
        Assert.InRange(scores.Density, 0.85, 1.2);
        Assert.InRange(scores.Coverage, 0.955, 0.98);
    }

    [Fact]
    public void No_tensor_is_left_behind_even_when_cancelled()
    {
        var features = TensorAssert.Normal(1, 50, 3);
        var canceled = new CancellationToken(canceled: true);

        TensorAssert.NoneIsLeftBehind(() =>
        {
            ManifoldScores.Compute(features, features);
            Assert.Throws<OperationCanceledException>(() => ManifoldScores.Compute(features, features, cancellationToken: canceled));
        });
    }

    public void Dispose() => _scope.Dispose();

    private static Tensor Line(params double[] points) => tensor(points).unsqueeze(1);

    private static double[][] Rows(Tensor features) =>
        [.. Enumerable.Range(0, (int)features.shape[0]).Select(row => features[row].to(ScalarType.Float64).data<double>().ToArray())];

    private static (int[] Balls, bool[] Recalled, bool[] Covered) PlainLoop(double[][] real, double[][] generated, int neighbours)
    {
        var (realRadii, generatedRadii) = (Radii(real), Radii(generated));
        return (
            [.. generated.Select(point => real.Zip(realRadii).Count(ball => Distance(point, ball.First) < ball.Second))],
            [.. real.Select(point => generated.Zip(generatedRadii).Any(ball => Distance(point, ball.First) < ball.Second))],
            [.. real.Zip(realRadii).Select(ball => generated.Min(point => Distance(point, ball.First)) < ball.Second)]);

        double[] Radii(double[][] points) =>
            [.. points.Select(point => points.Select(other => Distance(point, other)).Order().ElementAt(neighbours))];
    }

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
}
