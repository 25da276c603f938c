namespace PhotoMl.Tests.Explanation;

[Collection(nameof(CornerNetworks))]
public sealed class ExplainerTests(CornerNetworks networks)
{
    private static readonly ExplanationOptions Quick = new() { FaithfulnessSteps = 8, RandomMaps = 4, Steps = 16 };

    // Occlusion asks any network for its outputs alone, and of a large one that takes long.
    public static IEnumerable<object[]> All =>
        from architecture in Enum.GetValues<ClassifierArchitecture>()
        from method in Enum.GetValues<ExplanationMethod>()
        where architecture == ClassifierArchitecture.Convnet || method != ExplanationMethod.Occlusion
        select new object[] { architecture, method };

    [Theory]
    [MemberData(nameof(All))]
    public void A_network_that_looks_at_a_corner_is_explained_by_that_corner(ClassifierArchitecture architecture, ExplanationMethod method)
    {
        var network = networks.Of(architecture);
        using var image = CornerNetworks.Both(network);

        // Of so small a photo layer4 leaves 2 x 2 elements, each of which sees all of it.
        var layer = architecture == ClassifierArchitecture.ResNet18 ? "layer2" : null;
        var explanation = Explainer.Explain(network, image, options: Quick with { Method = method, Layer = layer });

        Assert.Equal(1, explanation.PredictedLabel);
        Assert.Equal(1, explanation.Label);
        Assert.InRange(explanation.Probabilities[1], 0.7, 1);
        Assert.Equal(1, explanation.Probabilities.Sum(), 10);
        var corner = HeatOf(explanation.Heatmap, 0, 0);
        Assert.InRange(corner, 0.4, 1);
        Assert.All([1, 2, 3], other => Assert.InRange(HeatOf(explanation.Heatmap, other / 2, other % 2), 0, corner / 1.5));
        Assert.True(explanation.Faithfulness is { IsDeletionBetter: true, IsInsertionBetter: true }, $"{explanation.Faithfulness}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Other_weights_give_another_map(ClassifierArchitecture architecture, ExplanationMethod method)
    {
        // J. Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018: a map that stays explains the image and not the network.
        var network = networks.Of(architecture);
        var random = networks.Of(architecture, isTrained: false);
        using var image = CornerNetworks.Both(network);
        var layer = architecture == ClassifierArchitecture.ResNet18 ? "layer2" : null;
        var options = Quick with { Method = method, Layer = layer, MeasureFaithfulness = false };
        var learned = Explainer.Explain(network, image, 1, options).Heatmap;

        Assert.InRange(RankCorrelation(learned, Explainer.Explain(random, image, 1, options).Heatmap), -1, 0.7);
        Assert.Equal(1, RankCorrelation(learned, Explainer.Explain(network, image, 1, options).Heatmap), 10);
    }

    [Fact]
    public void Of_a_small_photo_a_layer_of_more_than_one_element_is_shown()
    {
        var options = networks.Of(ClassifierArchitecture.ResNet18).Options with { Height = 32, Width = 32 };
        using var network = ImageClassifier.Create(options, seed: 4);
        using var image = TensorAssert.Normal(1, 3, 32, 32).abs_().clamp_(0, 1);
        var labels = Enumerable.Range(0, 3).Select(label => Explainer.Explain(network, image, label, Quick).Heatmap);
        Assert.Contains(labels, map => map.Values.ToArray().Distinct().Count() > 1);
    }

    [Theory]
    [EnumData<ClassifierArchitecture>]
    public void Nothing_is_left_behind_and_the_network_is_as_it_was(ClassifierArchitecture architecture)
    {
        using var network = networks.Of(architecture).Copy();
        network.Precision = Precision.BFloat16;
        network.train();
        var weights = WeightBytes.Of(network);
        using var image = CornerNetworks.Both(network);
        var options = Quick with { FaithfulnessSteps = 2, RandomMaps = 2, Steps = 3, Window = 32 };

        TensorAssert.NoneIsLeftBehind(() => Assert.All(
            Enum.GetValues<ExplanationMethod>(), method => Explainer.Explain(network, image, 1, options with { Method = method })));
        Assert.Equal((Precision.BFloat16, true), (network.Precision, network.training));
        Assert.All(network.parameters(), parameter => Assert.True(parameter.requires_grad && parameter.grad is null));
        Assert.Equal(weights, WeightBytes.Of(network));
        Assert.False(image.requires_grad);
    }

    [Fact]
    public void It_works_where_gradients_are_switched_off_and_in_bfloat16_gives_the_same()
    {
        var network = networks.Of(ClassifierArchitecture.Convnet);
        using var image = CornerNetworks.Both(network);
        using var withoutGradients = no_grad();
        var options = new ExplanationOptions { Method = ExplanationMethod.Saliency, MeasureFaithfulness = false };
        using var rounded = network.Copy();
        rounded.Precision = Precision.BFloat16;

        var explanation = Explainer.Explain(network, image, options: options);
        Assert.True(explanation.Heatmap.Sum > 0);
        Assert.Null(explanation.Faithfulness);
        Assert.Equal(explanation.Heatmap.Values, Explainer.Explain(rounded, image, options: options).Heatmap.Values);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_both_named()
    {
        var network = networks.Of(ClassifierArchitecture.Convnet);
        using var image = CornerNetworks.Both(network);
        using var larger = zeros(1, 29, 28);

        Refused<ArgumentException>("but got (1, 1, 29, 28)", () => Explainer.Explain(network, larger));
        var dense = new ExplanationOptions { Layer = "dense1" };
        Refused<ArgumentException>("conv1, conv2, conv3, but got dense1", () => Explainer.Explain(network, image, options: dense));
        Refused<ArgumentOutOfRangeException>("expected 1 to 10000, but got 0", () => new ExplanationOptions { Steps = 0 });
        Refused<ArgumentOutOfRangeException>("expected 2 to 1000, but got 1", () => new ExplanationOptions { RandomMaps = 1 });
        Refused<ArgumentOutOfRangeException>("expected 1 to 4096, but got 0", () => new ExplanationOptions { Window = 0 });
        var canceled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => Explainer.Explain(network, image, cancellationToken: canceled));
    }

    private static void Refused<T>(string expected, Func<object> action)
        where T : Exception => Assert.Contains(expected, Assert.Throws<T>(action).Message, StringComparison.Ordinal);

    // The share of a quarter in all heat that speaks for the class.
    private static double HeatOf(Heatmap map, int down, int right)
    {
        var heat = map.Values.ToArray().Select(value => Math.Max(0.0, value)).ToArray();
        return heat.Where((_, i) => (i / map.Width * 2 / map.Height, i % map.Width * 2 / map.Width) == (down, right)).Sum() / heat.Sum();
    }

    // Spearman's.
    private static double RankCorrelation(Heatmap first, Heatmap second)
    {
        var middle = (first.Values.Length - 1) / 2.0;
        var (a, b) = (Centred(first), Centred(second));
        return a.Zip(b, (x, y) => x * y).Sum() / a.Sum(x => x * x);

        double[] Centred(Heatmap map) => Array.ConvertAll(FaithfulnessMeter.Rank(map, new DeterministicRandom(1)), rank => rank - middle);
    }
}
