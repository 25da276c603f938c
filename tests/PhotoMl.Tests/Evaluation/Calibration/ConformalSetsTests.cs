namespace PhotoMl.Tests.Evaluation;

public sealed class ConformalSetsTests : IDisposable
{
    private readonly ImageDataset _data = TrainingRuns.Images();
    private readonly ConvClassifier _model = new(TrainingRuns.Network);

    [Theory]
    [InlineData(0, 10, true)]
    [InlineData(1, 10, false)]
    [InlineData(5, 10, false)]
    [InlineData(6, 10, true)]
    [InlineData(2, 2, true)] // either is no answer
    [InlineData(2, 3, false)]
    [InlineData(3, 3, true)]
    [InlineData(5, 1000, false)]
    public void An_empty_or_long_set_is_unsure(int count, int classes, bool unsure) =>
        Assert.Equal(unsure, ConformalSets.IsUnsure(count, classes));

    [Fact]
    public void By_hand_a_report_counts_covers_sizes_and_lists()
    {
        var report = ConformalReport.Of(0.9, [[1], [0], [1, 2], [], [0, 1, 2, 3]], [1, 1, 2, 0, 3], classes: 4);
        Assert.Equal((5, 3, 8, 1), (report.Images, report.Covered, report.SetSizes, report.Empty));
        Assert.Equal((2, 1, 1), (report.Single, report.SingleCorrect, report.Lists));
        Assert.Equal((0.6, 1.6, 0.2), (report.Coverage, report.MeanSetSize, report.EmptyShare));
        Assert.Equal((0.4, 0.2, 0.4), (report.SingleShare, report.ListShare, report.UnsureShare));
        Assert.Equal(0.5, report.SingleAccuracy);
        Assert.Null(ConformalReport.Of(0.9, [[]], [0], classes: 4).SingleAccuracy);
    }

    [Fact]
    public void By_hand_an_image_is_as_strange_as_its_probability_and_nearest_prototype_say()
    {
        using var scope = NewDisposeScope();
        var prototypes = tensor(new[] { 1f, 0, 0, 1, -1, 0, 0, -1 }, [2, 2, 2]).to(ScalarType.Float16); // right and up; left and down
        var logits = tensor(new[] { 0f, (float)Math.Log(3) }, [1, 2]);
        var scores = ConformalSets.Score(logits, tensor(new[] { 0.6f, 0.8f }, [1, 2]), prototypes);
        Assert.Equal([1L, 2, 2], scores.shape);
        var values = scores.data<float>().ToArray();
        Assert.Equal(Math.Log(4), values[0], 6); // probabilities 1/4 and 3/4
        Assert.Equal(0.4, values[1], 6); // to up: 0.36 + 0.04
        Assert.Equal(Math.Log(4.0 / 3), values[2], 6);
        Assert.Equal(3.2, values[3], 6); // to left: 2.56 + 0.64
    }

    [Fact]
    public void Prototypes_are_the_means_of_the_groups_of_a_class()
    {
        using var scope = NewDisposeScope();
        var points = Enumerable.Range(0, 40).SelectMany(i => i % 2 == 0 ? new[] { 1f, 0.25f * (i % 4 == 0 ? 1 : -1) } : [-1f, 0]).ToArray();
        var found = ClassPrototypes.Find(tensor(points, [40, 2]), new long[40], classes: 4096 / 2);
        Assert.Equal([2048L, 2, 2], found.shape);
        var means = found[0].to(ScalarType.Float32).data<float>().ToArray().Chunk(2).OrderByDescending(point => point[0]);
        Assert.Equal([1f, 0, -1f, 0], means.SelectMany(point => point));
        Assert.Equal(65_504, found[1].to(ScalarType.Float32).amin().item<float>()); // of a class without images, far away
    }

    [Theory]
    [InlineData(2, 32)]
    [InlineData(128, 32)]
    [InlineData(1000, 4)]
    [InlineData(100_000, 1)]
    public void Many_classes_have_few_prototypes_each(int classes, int expected)
    {
        using var scope = NewDisposeScope();
        Assert.Equal([(long)classes, expected, 2], ClassPrototypes.Find(zeros(1, 2), [0], classes).shape);
    }

    [Fact]
    public void No_image_is_near_a_class_without_images()
    {
        using var scope = NewDisposeScope();
        var found = ClassPrototypes.Find(tensor(new[] { 1f, 0, 0, 1 }, [2, 2]), [0, 0], classes: 2);
        var distances = ConformalSets.Score(zeros(1, 2), zeros(1, 2), found).data<float>().ToArray(); // of each class by both measures
        Assert.Equal(1, distances[1]);
        Assert.InRange(distances[3], 1e9f, float.MaxValue);
    }

    [Fact]
    public void A_class_of_fewer_images_than_prototypes_has_them_all()
    {
        using var scope = NewDisposeScope();
        var found = ClassPrototypes.Find(tensor(new[] { 1f, 0, 0, 1 }, [2, 2]), [0, 0], classes: 2);
        Assert.Equal(16, found[0].eq(tensor(new[] { 1f, 0 }).to(ScalarType.Float16)).all(1).sum().item<long>());
        Assert.Equal(16, found[0].eq(tensor(new[] { 0f, 1 }).to(ScalarType.Float16)).all(1).sum().item<long>());
    }

    [Fact]
    public void A_trained_classifier_covers_new_images_and_is_unsure_of_what_it_never_saw()
    {
        var augmentation = new AugmentationOptions { Strength = 0 };
        var options = TrainingRuns.Options with { Epochs = 6, ValidationFraction = 0.25, Augmentation = augmentation };
        using var trainer = new ClassifierTrainer(_model, options);
        trainer.Fit(_data);
        var split = Split.ByFraction(_data.Labels.data<long>().ToArray(), options.ValidationFraction, options.Seed);
        using var validation = _data.Select(split.Validation);
        var calibration = ClassifierCalibrator.Calibrate(_model, _data, split.Train, validation, out var reference);
        using var _ = reference;
        var info = new ClassifierInfo
        {
            Network = _model.Options, ClassNames = _data.ClassNames, Preprocessing = _data.Preprocessing, Calibration = calibration,
        };
        using var test = TrainingRuns.Images(seed: 5);

        var sets = new ConformalSets(reference, 0.9);
        var evaluated = ClassifierEvaluator.Evaluate(new LoadedClassifier(_model, info, reference), test, sets);

        Assert.Equal(150, calibration.Images);
        Assert.InRange(evaluated.Sets!.Coverage, 0.8, 1);
        Assert.True(evaluated.Sets.MeanSetSize < 2, $"{evaluated.Sets.MeanSetSize} of 4 classes in the mean.");
        using var scope = NewDisposeScope();
        var (embeddings, logits) = _model.ForwardWithEmbedding(zeros(1, 1, 28, 28));
        Assert.Empty(Assert.Single(sets.Compute(logits, embeddings)));
    }

    [Fact]
    public void Calibrating_leaves_no_tensor_behind_and_gives_the_same_again()
    {
        using var small = TrainingRuns.Images(count: 40);
        var before = Tensor.TotalCount;
        var first = ClassifierCalibrator.Calibrate(_model, small, null, small, out var one);
        Assert.Equal(first, ClassifierCalibrator.Calibrate(_model, small, null, small, out var two));
        Assert.Equal(one.Prototypes.bytes.ToArray(), two.Prototypes.bytes.ToArray());
        Assert.Equal(one.Scores.bytes.ToArray(), two.Scores.bytes.ToArray());
        Assert.Equal(first, ClassifierCalibrator.FitTemperature(_model, small));
        one.Dispose();
        two.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    public void Dispose()
    {
        _data.Dispose();
        _model.Dispose();
    }
}
