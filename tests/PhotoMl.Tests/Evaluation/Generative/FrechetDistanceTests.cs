namespace PhotoMl.Tests.Evaluation;

public sealed class FrechetDistanceTests : IDisposable
{
    private static readonly double[] Origin = [0, 0];

    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    // Means and covariances, and the distance worked out by hand.
    public static TheoryData<double[], double[], double[], double[], double> Cases => new()
    {
        // Diagonal: (1 - 4)^2 + (2 - 6)^2, and (1 - 2)^2 + (3 - 5)^2.
        { [1, 2], [1, 0, 0, 9], [4, 6], [4, 0, 0, 25], 25 + 5 },

        // Both have the eigenvectors (1, 1) and (1, -1): eigenvalues 9 and 1 against 4 and 16, so (3 - 2)^2 + (1 - 4)^2.
        { Origin, [5, 4, 4, 5], Origin, [10, -6, -6, 10], 10 },

        // In two dimensions tr (AB)^(1/2) = sqrt(tr AB + 2 sqrt(det A det B)). Here AB = (2 1; 4 8), so tr AB = 10; det A = 4, det B = 3:
        // 1 + 4 + 2 + 2 - 2 sqrt(10 + 2 sqrt 12).
        { Origin, [1, 0, 0, 4], Origin, [2, 1, 1, 2], 9 - (2 * Math.Sqrt(10 + (2 * Math.Sqrt(12)))) },

        // A singular covariance against a full one.
        { Origin, [9, 0, 0, 0], Origin, [1, 0, 0, 1], 4 + 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_moments_it_is_the_one_worked_out_by_hand(double[] m1, double[] c1, double[] m2, double[] c2, double expected)
    {
        var first = new FeatureMoments(tensor(m1, [1, 2]), tensor(c1, [1, 2, 2]));
        var second = new FeatureMoments(tensor(m2, [1, 2]), tensor(c2, [1, 2, 2]));

        Assert.Equal(expected, FrechetDistance.Between(first, second).item<double>(), 6);
        Assert.Equal(expected, FrechetDistance.Between(second, first).item<double>(), 6);
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
    public void It_does_not_depend_on_where_the_features_lie()
    {
        var first = TensorAssert.Normal(1, 500, 4).to(ScalarType.Float64);
        var second = TensorAssert.Normal(2, 500, 4).to(ScalarType.Float64) * 2;

        Assert.Equal(FrechetDistance.Between(first, second), FrechetDistance.Between(first + 1e5, second + 1e5), 6);
    }

    [Fact]
    public void Equal_sets_are_0_apart_even_where_their_covariance_is_singular()
    {
        var full = TensorAssert.Normal(1, 300, 8);
        var silent = full * tensor(new float[] { 1, 0, 1, 0, 0, 1, 1, 0 });
        var constant = ones(10, 8);
        Assert.All(
            [full, silent, TensorAssert.Normal(2, 3, 8), constant],
            features => Assert.InRange(FrechetDistance.Between(features, features.clone()), 0, 1e-6));
        Assert.Equal(8 * 4, FrechetDistance.Between(constant, constant * 3), 10);
    }

    [Fact]
    public void Resamples_get_the_moments_of_the_images_they_hold()
    {
        var features = TensorAssert.Normal(3, 4, 2);
        var draws = tensor(new double[,] { { 1, 1, 1, 1 }, { 0, 3, 0, 1 } });
        var moments = FeatureMoments.Of(features, draws, CancellationToken.None);
        var ofHeld = FeatureMoments.Of(features.index_select(0, tensor(new long[] { 1, 1, 1, 3 })));

        TensorAssert.Close(ofHeld.Means[0], moments.Means[1], 1e-12, 1e-12);
        TensorAssert.Close(ofHeld.Covariances[0], moments.Covariances[1], 1e-12, 1e-12);
        TensorAssert.Close(features.to(ScalarType.Float64).t().cov(), moments.Covariances[0], 1e-12, 1e-12);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_with_what_was_expected()
    {
        var good = ones(3, 2);
        var infinite = tensor(new float[] { 1, float.PositiveInfinity, 3, 4 }).reshape(2, 2);

        Refused("at least 2", () => FrechetDistance.Between(good, ones(1, 2)));
        Refused("(N, 2)", () => FrechetDistance.Between(good, ones(3, 4)));
        Refused("but got (3) of Float32", () => FrechetDistance.Between(good, ones(3)));
        Refused("of Int64", () => FrechetDistance.Between(ones(3, 2, ScalarType.Int64), good));
        Refused("finite", () => FrechetDistance.Between(good, infinite));
        Refused("finite", () => FrechetDistance.Between(infinite * 0, good)); // NaN among them
        Assert.Throws<ArgumentNullException>(() => FrechetDistance.Between(good, null!));

        static void Refused(string expected, Func<object> compare) =>
            Assert.Contains(expected, Assert.Throws<ArgumentException>(compare).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        var features = TensorAssert.Normal(1, 50, 3);

        TensorAssert.NoneIsLeftBehind(() => FrechetDistance.Between(features, features));
    }

    public void Dispose() => _scope.Dispose();
}
