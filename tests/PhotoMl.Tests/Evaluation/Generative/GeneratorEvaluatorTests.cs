namespace PhotoMl.Tests.Evaluation;

public sealed class GeneratorEvaluatorTests : IDisposable
{
    private readonly ConvClassifier _classifier = new(new ClassifierOptions { Classes = 4 }, seed: 2);
    private readonly ImageDataset _train = SyntheticImages.Create(400, seed: 1);
    private readonly ImageDataset _test = SyntheticImages.Create(150, seed: 2);
    private readonly ImageDataset _generated = SyntheticImages.Create(200, seed: 3);

    [Fact]
    public void Values_and_floors_are_those_of_the_features_of_equal_numbers_of_images()
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var report = Evaluate(_generated);
        var (generated, predictions) = Features(_generated, Split.Subset(200, 150, seed: 1));
        var (test, _) = Features(_test, Split.Subset(150, 150, seed: 1));
        var (train, _) = Features(_train, [.. Enumerable.Range(0, 400)]);
        var sample = train.index_select(0, tensor(Split.Subset(400, 150, seed: 1)));

        Assert.Equal((150, 150, 400), (report.GeneratedImages, report.ReferenceImages, report.TrainingImages));
        AssertScore(FrechetDistance.Between(generated, test), FrechetDistance.Between(sample, test), report.FrechetDistance);
        var (scores, floor) = (ManifoldScores.Compute(test, generated), ManifoldScores.Compute(test, sample));
        AssertScore(scores.Precision, floor.Precision, report.Precision);
        AssertScore(scores.Recall, floor.Recall, report.Recall);
        AssertScore(scores.Density, floor.Density, report.Density);
        AssertScore(scores.Coverage, floor.Coverage, report.Coverage);

        var shares = Enumerable.Range(0, 4).Select(index => predictions.Count(prediction => prediction == index) / 150.0).ToArray();
        Assert.Equal(GeneratorEvaluator.Entropy(shares), report.ClassEntropy.Value, 12);
        Assert.Equal(_train.ClassNames.Zip(shares, KeyValuePair.Create), report.ClassShares);

        var (ofGenerated, ofTest) = (MedianToNearest(generated, train), MedianToNearest(test, train));
        AssertClose(ofGenerated, report.GeneratedDistance);
        AssertClose(ofTest, report.HeldOutDistance);
        AssertScore(ofGenerated / ofTest, MedianToNearest(sample, train, rank: 2) / ofTest, report.NearestNeighbourRatio);
    }

    [Fact]
    public void Entropies_are_those_worked_out_by_hand()
    {
        Assert.Equal(2.302585, GeneratorEvaluator.Entropy(Enumerable.Repeat(0.1, 10)), 6); // ln 10
        Assert.Equal(0, GeneratorEvaluator.Entropy([0, 1, 0]));
        Assert.Equal(1.039721, GeneratorEvaluator.Entropy([0.5, 0.25, 0.25]), 6); // 1/2 ln 2 + 2 * 1/4 ln 4 = 3/2 ln 2
    }

    [Fact]
    public void Intervals_enclose_the_values_and_are_the_same_again()
    {
        var report = Evaluate(_generated);

        Assert.All(Figures(report), figure => Assert.InRange(figure.Value, figure.Low, figure.High));
        Assert.All(
            [report.FrechetDistance, report.Recall, report.Density, report.NearestNeighbourRatio],
            figure => Assert.True(figure.Low < figure.High));
        Assert.Equal(Figures(report), Figures(Evaluate(_generated)));
    }

    [Fact]
    public void Copies_of_test_images_are_perfect()
    {
        using var copies = _test.Select([.. Enumerable.Range(0, _test.Count)]);
        var report = Evaluate(copies);

        Assert.InRange(report.FrechetDistance.Value, 0, 1e-6 * report.FrechetDistance.High);
        Assert.Equal((1.0, 1.0, 1.0), (report.Precision.Value, report.Recall.Value, report.Coverage.Value));
        Assert.Equal(1, report.Density.Value, 12);
        Assert.Equal(1, report.NearestNeighbourRatio.Value);
    }

    [Fact]
    public void Copies_of_training_images_give_themselves_away_by_a_ratio_of_0_that_real_images_do_not_have()
    {
        using var copies = _train.Select(Split.Subset(_train.Count, 160, seed: 5));
        var fresh = Evaluate(_generated).NearestNeighbourRatio;

        Assert.InRange(Evaluate(copies).NearestNeighbourRatio.High, 0, 1e-3);
        Assert.InRange(fresh.Value, 0.8, 1.25);
        Assert.InRange(fresh.Floor, 0.8, 1.25);
    }

    [Fact]
    public void Noise_is_far_from_real_images()
    {
        using var noise = new ImageDataset(
            "noise", randint(0, 256, [150, 1, 28, 28], ScalarType.Byte), zeros(150, ScalarType.Int64), ["none"]);
        var report = Evaluate(noise);

        Assert.True(report.FrechetDistance.Low > 10 * report.FrechetDistance.Floor);
        Assert.Equal((0, 0), (report.Precision.Value, report.Coverage.Value));
        Assert.True(report.NearestNeighbourRatio.Low > 2);
    }

    [Fact]
    public void Test_images_that_are_training_images_are_refused()
    {
        var refusal = Assert.Throws<InvalidDatasetException>(() => GeneratorEvaluator.Evaluate(_classifier, _generated, _train, _train));
        Assert.Contains("distinguish from the training images", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_classifier_whose_outputs_are_no_numbers_is_refused()
    {
        using var withoutGradients = no_grad();
        _classifier.get_parameter("dense1.weight")!.fill_(float.NaN);
        Assert.Throws<InvalidModelException>(() => Evaluate(_generated));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_classifier_is_left_as_it_was_even_when_cancelled(bool training)
    {
        using var threads = new TorchThreads(2);
        _classifier.train(training);
        _classifier.Precision = Precision.BFloat16;
        using var source = new CancellationTokenSource();
        var seen = new List<int>();

        Evaluate(_generated, new SynchronousProgress<int>(seen.Add));
        var canceling = new SynchronousProgress<int>(_ => source.Cancel());
        Assert.Throws<OperationCanceledException>(() => Evaluate(_generated, canceling, source.Token));

        Assert.Equal([150, 300, 700], seen);
        Assert.Equal((training, Precision.BFloat16), (_classifier.training, _classifier.Precision));
    }

    [Fact]
    public void No_tensor_is_left_behind() => TensorAssert.NoneIsLeftBehind(
        () => GeneratorEvaluator.Evaluate(_classifier, _generated, _train, _test, resamples: 50));

    public void Dispose()
    {
        _classifier.Dispose();
        _train.Dispose();
        _test.Dispose();
        _generated.Dispose();
    }

    private GeneratorEvaluation Evaluate(
        ImageDataset generated, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        GeneratorEvaluator.Evaluate(
            _classifier, generated, _train, _test, resamples: 50, progress: progress, cancellationToken: cancellationToken);

    private static void AssertScore(double value, double floor, ScoredFigure figure)
    {
        AssertClose(value, figure.Value);
        AssertClose(floor, figure.Floor);
    }

    // The features of other batches differ in the last digits of float32.
    private static void AssertClose(double expected, double actual) => Assert.InRange(actual, expected * 0.9995, expected * 1.0005);

    private static ScoredFigure[] Figures(GeneratorEvaluation report) =>
    [
        report.FrechetDistance, report.Precision, report.Recall, report.Density, report.Coverage, report.ClassEntropy,
        report.NearestNeighbourRatio,
    ];

    private static double MedianToNearest(Tensor features, Tensor references, int rank = 1)
    {
        var sorted = SquaredDistances.ToNearest(features, references, rank, CancellationToken.None).sqrt().data<double>().Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private (Tensor Features, long[] Predictions) Features(ImageDataset data, long[] indices)
    {
        using var images = data.Take(indices);
        var (features, logits) = _classifier.ForwardWithFeatures(PixelBatch.ToNetworkInput(images));
        return (features, logits.argmax(1).data<long>().ToArray());
    }
}
