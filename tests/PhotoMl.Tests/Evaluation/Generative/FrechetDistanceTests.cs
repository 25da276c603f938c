namespace PhotoMl.Tests.Evaluation;

public sealed class FrechetDistanceTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void With_diagonal_covariances_it_is_the_distance_of_the_means_and_of_the_standard_deviations()
    {
        // (1 - 4)^2 + (2 - 6)^2, and (1 - 2)^2 + (3 - 5)^2.
        var distance = FrechetDistance.Between(
            tensor(new double[] { 1, 2 }), Matrix(1, 0, 0, 9), tensor(new double[] { 4, 6 }), Matrix(4, 0, 0, 25));

        Assert.Equal(25 + 5, distance, 10);
    }

    [Fact]
    public void With_covariances_that_commute_it_is_the_one_worked_out_by_hand()
    {
        // Both have the eigenvectors (1, 1) and (1, -1): eigenvalues 9 and 1 against 4 and 16, so (3 - 2)^2 + (1 - 4)^2.
        var mean = zeros(2, dtype: ScalarType.Float64);

        Assert.Equal(10, FrechetDistance.Between(mean, Matrix(5, 4, 4, 5), mean, Matrix(10, -6, -6, 10)), 10);
    }

    [Fact]
    public void With_covariances_that_do_not_commute_it_is_the_one_worked_out_by_hand()
    {
        // In two dimensions tr (AB)^(1/2) = sqrt(tr AB + 2 sqrt(det A det B)). Here AB = (2 1; 4 8), so tr AB = 10; det A = 4, det B = 3:
        // 1 + 4 + 2 + 2 - 2 sqrt(10 + 2 sqrt 12).
        var mean = zeros(2, dtype: ScalarType.Float64);
        var expected = 9 - (2 * Math.Sqrt(10 + (2 * Math.Sqrt(12))));

        Assert.Equal(expected, FrechetDistance.Between(mean, Matrix(1, 0, 0, 4), mean, Matrix(2, 1, 1, 2)), 10);
        Assert.Equal(expected, FrechetDistance.Between(mean, Matrix(2, 1, 1, 2), mean, Matrix(1, 0, 0, 4)), 10);
    }

    [Fact]
    public void Of_features_it_takes_the_mean_and_the_unbiased_covariance()
    {
        // Means 2 and 5. Sums of squares about them 2 and 8, divided by 3 - 1 and 2 - 1: standard deviations 1 and sqrt 8.
        var first = tensor(new float[] { 1, 2, 3 }).unsqueeze(1);
        var second = tensor(new float[] { 3, 7 }).unsqueeze(1);

        Assert.Equal(9 + Math.Pow(Math.Sqrt(8) - 1, 2), FrechetDistance.Between(first, second), 10);
    }

    [Fact]
    public void Of_draws_from_two_normal_distributions_it_is_about_theirs()
    {
        var first = TensorAssert.Normal(1, 20_000, 3) * tensor(new float[] { 1, 2, 3 });
        var second = (TensorAssert.Normal(2, 20_000, 3) * tensor(new float[] { 2, 2, 1 })) + tensor(new float[] { 1, 0, 0 });

        Assert.InRange(FrechetDistance.Between(first, second), 6 * 0.97, 6 * 1.03); // 1 + (1 + 0 + 4)
    }

    [Fact]
    public void It_does_not_depend_on_where_the_features_lie()
    {
        var (first, second) = (TensorAssert.Normal(1, 500, 4).to(ScalarType.Float64), TensorAssert.Normal(2, 500, 4).to(ScalarType.Float64) * 2);

        Assert.Equal(FrechetDistance.Between(first, second), FrechetDistance.Between(first + 1e5, second + 1e5), 6);
    }

    [Fact]
    public void Equal_sets_are_0_apart_even_where_their_covariance_is_singular()
    {
        var full = TensorAssert.Normal(1, 300, 8);
        var silent = full * tensor(new float[] { 1, 0, 1, 0, 0, 1, 1, 0 });
        var few = TensorAssert.Normal(2, 3, 8);
        var constant = ones(10, 8);
        foreach (var features in new[] { full, silent, few, constant })
        {
            Assert.InRange(FrechetDistance.Between(features, features.clone()), 0, 1e-6);
        }

        Assert.Equal(8 * 4, FrechetDistance.Between(constant, constant * 3), 10);
    }

    [Fact]
    public void A_singular_covariance_against_a_full_one_is_exact()
    {
        var mean = zeros(2, dtype: ScalarType.Float64);

        Assert.Equal(4 + 1, FrechetDistance.Between(mean, Matrix(9, 0, 0, 0), mean, Matrix(1, 0, 0, 1)), 6);
    }

    [Fact]
    public void Resamples_get_the_moments_of_the_images_they_hold()
    {
        var features = TensorAssert.Normal(3, 4, 2);
        var moments = FeatureMoments.Of(features, tensor(new double[,] { { 1, 1, 1, 1 }, { 0, 3, 0, 1 } }), CancellationToken.None);
        var held = features.index_select(0, tensor(new long[] { 1, 1, 1, 3 }));
        var ofHeld = FeatureMoments.Of(held);

        TensorAssert.Close(ofHeld.Means[0], moments.Means[1], 1e-12, 1e-12);
        TensorAssert.Close(ofHeld.Covariances[0], moments.Covariances[1], 1e-12, 1e-12);
        TensorAssert.Close(features.to(ScalarType.Float64).t().cov(), moments.Covariances[0], 1e-12, 1e-12);
    }

    [Fact]
    public void Features_that_cannot_be_compared_are_refused_with_what_was_expected()
    {
        var good = ones(3, 2);
        var infinite = tensor(new float[] { 1, float.PositiveInfinity, 3, 4 }).reshape(2, 2);

        Assert.Contains("at least 2", Refused(good, ones(1, 2)), StringComparison.Ordinal);
        Assert.Contains("of 2 dimensions", Refused(good, ones(3, 4)), StringComparison.Ordinal);
        Assert.Contains("but got (3) of Float32", Refused(good, ones(3)), StringComparison.Ordinal);
        Assert.Contains("of Int64", Refused(ones(3, 2, ScalarType.Int64), good), StringComparison.Ordinal);
        Assert.Contains("finite", Refused(good, infinite), StringComparison.Ordinal);
        Assert.Contains("finite", Refused(infinite * 0, good), StringComparison.Ordinal); // NaN among them
        Assert.Throws<ArgumentNullException>(() => FrechetDistance.Between(good, null!));

        static string Refused(Tensor first, Tensor second) => Assert.Throws<ArgumentException>(() => FrechetDistance.Between(first, second)).Message;
    }

    [Fact]
    public void Moments_of_another_shape_or_without_symmetry_are_refused()
    {
        var (mean, covariance) = (zeros(2), Matrix(1, 0, 0, 1));

        Assert.Contains("(2, 2)", Assert.Throws<ArgumentException>(() => FrechetDistance.Between(mean, covariance, mean, ones(3, 3))).Message, StringComparison.Ordinal);
        Assert.Contains("(2)", Assert.Throws<ArgumentException>(() => FrechetDistance.Between(mean, covariance, zeros(3), covariance)).Message, StringComparison.Ordinal);
        Assert.Contains("symmetric", Assert.Throws<ArgumentException>(() => FrechetDistance.Between(mean, covariance, mean, Matrix(1, 1, 0, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        var features = TensorAssert.Normal(1, 50, 3);
        var (mean, covariance) = (zeros(2), Matrix(1, 0, 0, 1));

        TensorAssert.NoneIsLeftBehind(() =>
        {
            FrechetDistance.Between(features, features);
            FrechetDistance.Between(mean, covariance, mean, covariance);
        });
    }

    public void Dispose() => _scope.Dispose();

    private static Tensor Matrix(double a, double b, double c, double d) => tensor(new[,] { { a, b }, { c, d } });
}
