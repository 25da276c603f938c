namespace PhotoMl.Tests.Explanation;

/// <summary>Maps and figures of a network whose every number is known.</summary>
public sealed class HandComputedMapsTests
{
    private const float Few = 0.2f;
    private const float Some = 0.4f;
    private const float Most = 0.8f;

    [Fact]
    public void Grad_CAM_weighs_the_channels_by_their_mean_gradients_and_puts_each_element_where_it_looks()
    {
        var map = Explain(ExplanationMethod.GradCam).Heatmap;

        // The mean gradient is 2.5 of channel 0 and -0.5 of channel 1, which is twice as large: 2.5 A - 0.5 * 2 A.
        Assert.Equal(1.5f * Some, map[8, 8], 5);
        Assert.Equal(1.5f * Some, map[0, 0], 5); // beyond the first element as at it
        Assert.Equal(1.5f * Few, map[8, 21], 5);
        Assert.Equal(1.5f * Most, map[21, 21], 5);
        Assert.Equal(0, map[21, 0], 5);

        // Elements look at 9 and 13 pixels from the edge; the middle of pixel 10 is three eighths of the way.
        Assert.Equal(1.5f * ((0.625f * Some) + (0.375f * Few)), map[0, 10], 5);
        Assert.Equal(1.5f * 0.625f * Some, map[10, 0], 5);
    }

    [Fact]
    public void Grad_CAM_has_nothing_to_show_of_a_class_that_all_speaks_against()
    {
        var explanation = Explain(ExplanationMethod.GradCam, label: 0);

        Assert.All(explanation.Heatmap.Values.ToArray(), value => Assert.Equal(0, value));
        Assert.Equal((0, 1, "conv3"), (explanation.Label, explanation.PredictedLabel, explanation.Layer));
    }

    [Fact]
    public void Saliency_is_the_size_of_the_gradient_at_each_pixel()
    {
        foreach (var label in new[] { 0, 1 })
        {
            var map = Explain(ExplanationMethod.Saliency, label).Heatmap;

            Assert.Equal([0, 1, 3], new[] { map[8, 8], map[8, 12], map[13, 14] });
            Assert.Equal(1 + 3, map.Sum, 5); // none of A10, whose ReLU is shut
        }
    }

    [Fact]
    public void Integrated_gradients_share_out_the_difference_of_logits_with_its_sign()
    {
        var why = Explain(ExplanationMethod.IntegratedGradients);
        var whyNot = Explain(ExplanationMethod.IntegratedGradients, label: 0);

        Assert.Equal(Few, why.Heatmap[8, 12], 5);
        Assert.Equal(3 * Most, why.Heatmap[13, 14], 5);
        Assert.Equal(-3 * Most, whyNot.Heatmap[13, 14], 5);
        Assert.Equal(Few + (3 * Most), why.Completeness!.AttributionSum, 5);
        Assert.Equal(Few + (3 * Most), why.Completeness.LogitDifference, 5);
        Assert.InRange(why.Completeness.Gap, 0, 1e-5);
    }

    [Fact]
    public void Occlusion_is_the_mean_loss_of_log_odds_of_the_squares_that_cover_a_pixel()
    {
        var map = Explain(ExplanationMethod.Occlusion).Heatmap;

        // The log-odds are twice the logit. Of the four squares of side 2 over a pixel all cover that pixel, and two its neighbour.
        Assert.Equal(2 * 3 * Most, map[13, 14], 4);
        Assert.Equal(3 * Most, map[13, 15], 4);
        Assert.Equal(3 * Most / 2, map[12, 13], 4);
        Assert.Equal(2 * Few, map[8, 12], 4);
        Assert.Equal(0, map[8, 8], 4);
        Assert.Equal(0, map[0, 0], 4);
    }

    [Fact]
    public void Deletion_is_the_area_under_the_probability_while_the_first_pixels_go_first()
    {
        using var network = HandNetwork.OfFourPlaces();
        using var image = HandNetwork.Image((13, 14, Most)).unsqueeze_(0);
        using var inspected = EvaluationMode.InFloat32(network);
        var subject = new ExplanationSubject(network, image, 1, 1, CancellationToken.None);
        var options = new ExplanationOptions { FaithfulnessSteps = 4, RandomMaps = 2 };
        var sure = 1 / (1 + Math.Exp(-2 * 3 * Most));

        // Without the pixel both logits are 0. It goes with the first quarter of all pixels, or with the last.
        Assert.Equal((((sure + 0.5) / 2) + (3 * 0.5)) / 4, Measure(1).Deletion, 5);
        Assert.Equal(((3 * sure) + ((sure + 0.5) / 2)) / 4, Measure(-1).Deletion, 5);
        Assert.Equal(Measure(1), Measure(1));
        Assert.True(Measure(1).Insertion > Measure(-1).Insertion);

        // A map that marks nothing is as good as the random ones, which are then any order of the pixels.
        var empty = Measure(0);
        Assert.True(empty.RandomDeletionDeviation > 0);
        Assert.Equal((empty.RandomDeletion, empty.RandomInsertion), (empty.Deletion, empty.Insertion));

        Faithfulness Measure(float heat)
        {
            var values = new float[HandNetwork.Size * HandNetwork.Size];
            values[(13 * HandNetwork.Size) + 14] = heat;
            return FaithfulnessMeter.Measure(subject, new Heatmap(HandNetwork.Size, HandNetwork.Size, values), options);
        }
    }

    [Fact]
    public void Figures_are_compared_with_the_mean_and_the_deviation_of_random_maps()
    {
        const float Never = float.NegativeInfinity;
        Assert.Equal(0.3125, FaithfulnessMeter.Area([float.PositiveInfinity, 0, Never, Never, 0])); // 1, 1/2, 0, 0, 1/2
        var better = Faithfulness.Of((0.1, 0.45), [(0.2, 0.2), (0.4, 0.4)]);
        Assert.Equal((0.1, 0.45), (better.Deletion, better.Insertion));
        Assert.Equal((0.3, 0.3), (Math.Round(better.RandomDeletion, 12), Math.Round(better.RandomInsertion, 12)));
        Assert.Equal(Math.Sqrt(0.02), better.RandomDeletionDeviation, 12);
        Assert.Equal(Math.Sqrt(0.02), better.RandomInsertionDeviation, 12);

        // 0.3 less or more than 0.1414.
        var worse = better with { Deletion = 0.17, Insertion = 0.43 };
        Assert.Equal((true, true), (better.IsDeletionBetter, better.IsInsertionBetter));
        Assert.Equal((false, false), (worse.IsDeletionBetter, worse.IsInsertionBetter));
    }

    [Fact]
    public void Pixels_rank_by_their_heat_and_equal_ones_at_random()
    {
        var map = new Heatmap(2, 3, [1, 5, 1, -2, 1, 7]);
        var ranks = Enumerable.Range(1, 40).Select(seed => FaithfulnessMeter.Rank(map, new DeterministicRandom(seed))).ToList();

        Assert.All(ranks, rank => Assert.Equal((1, 5, 0), (rank[1], rank[3], rank[5])));
        Assert.All(ranks, rank => Assert.Equal([0, 1, 2, 3, 4, 5], rank.Order()));
        Assert.Equal([2, 3, 4], ranks.Select(rank => rank[0]).Distinct().Order());
    }

    [Fact]
    public void A_map_is_mirrored_and_moved_around_the_edges()
    {
        var map = new Heatmap(2, 3, [1, 2, 3, 4, 5, 6]);

        Assert.Equal([3, 1, 2, 6, 4, 5], FaithfulnessMeter.Rearrange(map, false, false, 0, 1).Values.ToArray());
        Assert.Equal([4, 5, 6, 1, 2, 3], FaithfulnessMeter.Rearrange(map, true, false, 0, 0).Values.ToArray());
        Assert.Equal([5, 4, 6, 2, 1, 3], FaithfulnessMeter.Rearrange(map, false, true, 1, 2).Values.ToArray());
    }

    [Fact]
    public void The_ground_is_the_median_of_the_border_and_blurring_keeps_what_is_even()
    {
        using var scope = NewDisposeScope();
        var image = zeros(1, 2, 4, 5);
        image[0, 0].fill_(0.7f);
        image[0, 0].narrow(0, 1, 2).narrow(1, 1, 3).fill_(0.1f); // all of the inside
        image[0, 0, 0, 0] = 1;
        image[0, 1, 0, 0] = 1;
        var ground = BaselineImage.Of(image, ExplanationBaseline.Ground);

        Assert.Equal([1, 2, 4, 5], ground.shape);
        TensorAssert.Equal(full([4, 5], 0.7f), ground[0, 0]);
        TensorAssert.Equal(zeros(4, 5), ground[0, 1]);
        var even = full([1, 3, 40, 30], 0.3f);
        TensorAssert.Close(even, BaselineImage.Of(even, ExplanationBaseline.Blurred), 1e-5, 0);
        var step = zeros(1, 1, 32, 32);
        step.narrow(3, 16, 16).fill_(1);
        var blurred = BaselineImage.Of(step, ExplanationBaseline.Blurred)[0, 0, 5];
        Assert.Equal(0.5, (blurred[15].item<float>() + blurred[16].item<float>()) / 2, 4);
        Assert.Equal(0.1587, (blurred[11].item<float>() + blurred[12].item<float>()) / 2, 0.02); // one deviation, 4 pixels, from the edge
    }

    private static ImageExplanation Explain(ExplanationMethod method, int? label = null)
    {
        using var network = HandNetwork.OfFourPlaces();
        using var image = HandNetwork.Image((8, 8, Some), (8, 12, Few), (13, 14, Most));
        var options = new ExplanationOptions { Method = method, MeasureFaithfulness = false, Window = 2 };
        return Explainer.Explain(network, image, label, options);
    }
}
