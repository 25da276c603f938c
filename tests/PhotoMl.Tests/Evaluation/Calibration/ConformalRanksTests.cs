namespace PhotoMl.Tests.Evaluation;

public class ConformalRanksTests
{
    [Theory]
    [InlineData(9, 0.9, 9)]
    [InlineData(10, 0.9, 10)]
    [InlineData(19, 0.9, 18)]
    [InlineData(999, 0.9, 900)]
    [InlineData(5000, 0.95, 4751)]
    [InlineData(8, 0.9, 9)] // too few: no score is strange enough
    public void The_rank_is_that_of_the_finite_sample_quantile(int images, double coverage, int rank) =>
        Assert.Equal(rank, ConformalRanks.Rank(images, coverage));

    [Theory]
    [InlineData(0.9, 9)]
    [InlineData(0.95, 19)]
    [InlineData(0.99, 99)]
    [InlineData(0.999, 999)]
    [InlineData(0.1, 1)]
    public void A_coverage_needs_so_many_images(double coverage, int fewest)
    {
        Assert.Equal(fewest, ConformalRanks.FewestImages(coverage));
        Assert.True(ConformalRanks.Rank(fewest, coverage) <= fewest);
        Assert.True(fewest == 1 || ConformalRanks.Rank(fewest - 1, coverage) > fewest - 1);
    }

    [Fact]
    public void One_measure_includes_what_is_no_stranger_than_the_quantile()
    {
        // Of 1 to 19 the 18th, ceil(20 x 0.9).
        var ranks = new ConformalRanks([.. Enumerable.Range(1, 19)], [1], 0.9);
        Assert.True(ranks.Includes([18]));
        Assert.False(ranks.Includes([18.01f]));
        Assert.True(ranks.Includes([float.NegativeInfinity]));
        Assert.False(ranks.Includes([float.PositiveInfinity]));
        Assert.False(ranks.Includes([float.NaN]));
    }

    [Fact]
    public void By_hand_two_measures_share_the_misses()
    {
        // 20 images, the strangest by one measure being the least strange by the other; of all 21 the floor(21 x 0.2) = 4 least typical are
        // left out.
        float[] scores = [.. Enumerable.Range(1, 20).SelectMany(score => new float[] { score, 21 - score })];
        var ranks = new ConformalRanks(scores, [1, 1], 0.8);

        // Ranks 2 and 21, so 2; the images of 20 by either measure have 1 and 1, of 19 they have 3 (the new one is as strange) and 2: with
        // itself 4 are at most 2.
        Assert.False(ranks.Includes([19.5f, 0]));
        Assert.False(ranks.Includes([0, 19.5f]));

        // Rank 3; of 20 by the first 1, of 19 by the first 3 and of 20 and 19 by the second 1 and 2: with itself 5.
        Assert.True(ranks.Includes([19, 0]));
        Assert.True(ranks.Includes([0, 19]));

        // With weight 2 the first measure counts 2, 4, ... and the second 1, 2, 3, ...
        var weighted = new ConformalRanks(scores, [2, 1], 0.8);
        Assert.False(weighted.Includes([20.5f, 0])); // 2; by the second 1 and 2, by the first 4: with itself 3
        Assert.True(weighted.Includes([19.5f, 0])); // 4; by the second 1, 2, 3 and 4
        Assert.False(weighted.Includes([0, 18.5f])); // 3; by the second 1 and 2, by the first 2: with itself 4
        Assert.True(weighted.Includes([0, 18])); // 4; by the second 1, 2 and 4, by the first 2: with itself 5
    }

    [Property(MaxTest = 8)]
    public void The_true_class_is_included_as_often_as_promised_whatever_the_measures(byte images, byte weight, int seed)
    {
        var (count, coverage) = (20 + (images % 60), 0.9);
        var random = new DeterministicRandom(seed);
        var included = 0;
        const int Trials = 1000;
        for (var trial = 0; trial < Trials; trial++)
        {
            var drawn = Enumerable.Range(0, count).SelectMany(_ => Draw(random)).ToArray();
            included += new ConformalRanks(drawn, [1 + (weight % 5), 1], coverage).Includes(Draw(random)) ? 1 : 0;
        }

        // Five standard deviations; above what is promised one image in n + 1, and those that are as typical as another.
        var deviation = 5 * Math.Sqrt(coverage * (1 - coverage) / Trials);
        Assert.InRange((double)included / Trials, coverage - deviation, coverage + (6.0 / (count + 1)) + deviation);
    }

    // Dependent measures of different shapes, one of them with ties.
    private static float[] Draw(DeterministicRandom random)
    {
        var shared = random.NextGaussian();
        return [(float)Math.Exp(shared + (0.5 * random.NextGaussian())), (float)Math.Round(3 * (shared + random.NextGaussian()))];
    }
}
