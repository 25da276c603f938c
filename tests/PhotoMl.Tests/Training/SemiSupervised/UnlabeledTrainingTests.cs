namespace PhotoMl.Tests.Training;

public sealed class UnlabeledTrainingTests : IDisposable
{
    private static readonly ClassifierTrainingOptions Options = TrainingRuns.Options with
    {
        BatchSize = 4, LabelSmoothing = 0, ValidationFraction = 0.2, Precision = Precision.Float32,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly ImageDataset _labeled = TrainingRuns.Images(count: 20);
    private readonly ImageDataset _unlabeled = TrainingRuns.Images(seed: 2, count: 100);

    public void Dispose()
    {
        _labeled.Dispose();
        _unlabeled.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void An_epoch_sees_each_unlabeled_image_and_each_step_a_whole_batch_of_labeled_ones()
    {
        var steps = new HashSet<int>();
        using var cnn = new Cnn(Options);
        var (_, result) = cnn.Fit(_labeled, progress: step => steps.Add(step.StepsPerEpoch), unlabeled: _unlabeled);

        Assert.Equal([4], steps); // of 28 unlabeled images and 4 labeled ones
        Assert.Equal(100, result.UnlabeledImages);
        Assert.InRange(result.UnlabeledUsed, 1, 100);
        Assert.Equal(3, result.Best.Epoch); // the last, whichever validates best
        Assert.InRange(result.Best.UnlabeledShare!.Value, 0.3, 1);
        Assert.NotNull(result.Best.PseudoLabelAccuracy);
    }

    [Fact]
    public void A_few_unlabeled_images_are_repeated_for_as_many_steps_as_see_each_labeled_one()
    {
        var steps = new HashSet<int>();
        using var five = TrainingRuns.Images(seed: 2, count: 5);
        using var cnn = new Cnn(Options with { BatchSize = 3 });
        var (_, result) = cnn.Fit(_labeled, progress: step => steps.Add(step.StepsPerEpoch), unlabeled: five);

        Assert.Equal([6], steps); // 16 labeled images, of which 4 are held out, in batches of 3
        Assert.Equal(5, result.UnlabeledImages);
        Assert.Equal(5, result.UnlabeledUsed); // the first threshold is 1 / classes
    }

    [Fact]
    public void All_batches_of_unlabeled_images_are_of_one_size()
    {
        using var images = SyntheticImages.Create(40);
        var options = new ClassifierTrainingOptions { BatchSize = 4 };
        var views = new UnlabeledImages(images, images.ClassNames, options, PseudoLabels.Begin(4, 40), leastSteps: 1).WeakViews;

        Assert.Equal([28, 28], Enumerable.Range(0, views.PerEpoch).Select(step => views.Taken(1, step).Length));
        Assert.Equal(40, Enumerable.Range(0, views.PerEpoch).SelectMany(step => views.Taken(1, step)).Distinct().Count());
    }

    [Theory]
    [InlineData("digits", ClassifierArchitecture.Convnet, 1, 28)]
    [InlineData("fashion-mnist train", ClassifierArchitecture.Convnet, 1, 28)]
    [InlineData("photos", ClassifierArchitecture.ResNet18, 3, 64)]
    public void Strong_views_differ_from_the_image_by_more_than_weak_ones(
        string name, ClassifierArchitecture network, int channels, int size)
    {
        using var scope = NewDisposeScope();
        using var drawn = SyntheticImages.Create(40, channels: channels, height: size, width: size);
        using var images = new ImageDataset(name, drawn.Images.clone(), drawn.Labels.clone(), drawn.ClassNames);
        var options = ClassifierTrainingOptions.For(images, isPhotos: name == "photos", network).ForUnlabeled();
        var pseudo = PseudoLabels.Begin(4, images.Count);
        var views = new UnlabeledImages(images, images.ClassNames, options, pseudo, leastSteps: 1);
        var weak = views.WeakViews.Get(1, 0).Images;
        var strong = views.Get(1, 0, batch => zeros(batch.shape[0], 4)).Images;
        var plain = PixelBatch.ToNetworkInput(images.Take(views.WeakViews.Taken(1, 0)));

        Assert.Equal(plain.shape, strong.shape);
        Assert.True(Distance(strong) > 1.2 * Distance(weak), $"{Distance(strong)} and {Distance(weak)}");

        // Of the image or its mirror image, whichever is nearer: flips change neither more.
        double Distance(Tensor view) => minimum(
            (view - plain).square().mean([1, 2, 3]), (view - plain.flip(3)).square().mean([1, 2, 3])).mean().item<float>();
    }

    [Theory]
    [InlineData(true, ClassifierArchitecture.ResNet18, 0.95)]
    [InlineData(true, ClassifierArchitecture.Convnet, 0.95)]
    [InlineData(false, ClassifierArchitecture.Convnet, 0)]
    public void Of_a_collection_of_photos_a_pseudo_label_must_be_probable(
        bool isPhotos, ClassifierArchitecture network, double threshold) =>
        Assert.Equal(threshold, ClassifierTrainingOptions.For(_labeled, isPhotos, network).UnlabeledThreshold);

    [Fact]
    public void Labels_of_unlabeled_images_are_never_trained_on()
    {
        using var scope = NewDisposeScope();
        using var other = new ImageDataset(
            _unlabeled.Name, _unlabeled.Images.clone(), zeros_like(_unlabeled.Labels), ["elsewhere"]);
        using var first = new Cnn(Options);
        using var second = new Cnn(Options);
        var known = first.Fit(_labeled, unlabeled: _unlabeled);
        var unknown = second.Fit(_labeled, unlabeled: other);

        Assert.Equal(known.Weights, unknown.Weights);
        Assert.NotNull(known.Result.Best.PseudoLabelAccuracy);
        Assert.Null(unknown.Result.Best.PseudoLabelAccuracy);
        Assert.Equal(known.Result.Best.UnlabeledShare, unknown.Result.Best.UnlabeledShare);
    }

    [Fact]
    public void Without_weight_the_unlabeled_images_only_give_the_number_of_steps()
    {
        using var other = TrainingRuns.Images(seed: 3, count: 100);
        using var first = new Cnn(Options with { UnlabeledWeight = 0 });
        using var second = new Cnn(Options with { UnlabeledWeight = 0 });
        using var weighted = new Cnn(Options);
        var result = first.Fit(_labeled, unlabeled: _unlabeled);

        Assert.Equal(result.Weights, second.Fit(_labeled, unlabeled: other).Weights);
        Assert.NotEqual(result.Weights, weighted.Fit(_labeled, unlabeled: _unlabeled).Weights);
        Assert.Null(result.Result.Best.UnlabeledShare);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_run_that_is_stopped_again_and_again_ends_as_if_it_had_never_stopped(bool cancel)
    {
        using var whole = new Cnn(Options);
        var expected = whole.Fit(_labeled, unlabeled: _unlabeled);
        var actual = TrainingRuns.TrainWithStops(
            _labeled, _folder.File("run"), Options, [1, 3, 4, 7, 12], cancel, unlabeled: _unlabeled);

        Assert.Equal(expected.Weights, actual.Weights);
        Assert.Equal(expected.Result.UnlabeledUsed, actual.Result.UnlabeledUsed);
        Assert.Equal(
            expected.Result.History.Select(epoch => epoch with { Seconds = 0, ImagesPerSecond = 0 }),
            actual.Result.History.Select(epoch => epoch with { Seconds = 0, ImagesPerSecond = 0 }));
        Assert.Equal(
            expected.Result.History.Select(epoch => epoch.PseudoLabelAccuracy),
            MetricsFile.Read(_folder.File("run/metrics.csv")).Select(epoch => epoch.PseudoLabelAccuracy));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.9)]
    public void Predicting_unlabeled_images_leaves_the_batch_norm_statistics_as_they_are_and_the_run_resumes_exactly(double emaDecay)
    {
        using var labeled = SyntheticImages.Create(24, channels: 3, height: 32, width: 32);
        using var unlabeled = SyntheticImages.Create(40, seed: 2, channels: 3, height: 32, width: 32);
        var network = ClassifierOptions.For(labeled, ClassifierArchitecture.ResNet18);
        var options = Options with { Epochs = 2, BatchSize = 4, EmaDecay = emaDecay };
        using var whole = new Cnn(options, network);
        var expected = whole.Fit(labeled, unlabeled: unlabeled);
        var actual = TrainingRuns.TrainWithStops(labeled, _folder.File("run"), options, [1, 3], cancel: true, network, unlabeled);

        Assert.Equal(expected.Weights, actual.Weights);
        Assert.Equal(expected.Result.Best.UnlabeledShare, actual.Result.Best.UnlabeledShare);
    }

    [Fact]
    public void A_run_goes_on_with_the_same_unlabeled_images_only()
    {
        TrainingRuns.Interrupt(_labeled, _folder.File("run"), unlabeled: _unlabeled);
        using var other = TrainingRuns.Images(seed: 3, count: 100);
        foreach (var wrong in new[] { other, null })
        {
            using var run = RunFolder.Open(_folder.File("run"));
            using var cnn = new Cnn(run);
            var exception = Assert.Throws<ArgumentException>(() => cnn.Fit(_labeled, run, unlabeled: wrong));
            Assert.Contains("Expected the unlabeled images the run began with", exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(4, 100, true)]
    [InlineData(4, 97, true)] // as many bytes
    [InlineData(3, 100, false)]
    [InlineData(4, 120, false)]
    public void Pseudo_labels_of_other_images_are_refused(int classes, int images, bool isSame)
    {
        var exception = Record.Exception(
            () => new UnlabeledImages(_unlabeled, _labeled.ClassNames, Options, PseudoLabels.Begin(classes, images), leastSteps: 1));

        Assert.Equal(!isSame, exception is ArgumentException);
    }

    [Fact]
    public void Unlabeled_images_of_another_size_are_refused()
    {
        using var larger = SyntheticImages.Create(20, height: 32, width: 32);
        using var cnn = new Cnn(Options);

        Assert.Throws<ArgumentException>(() => cnn.Fit(_labeled, unlabeled: larger));
    }

    [Fact]
    public void Labeled_images_are_gone_through_round_and_round()
    {
        long[] indices = [3, 5, 7, 9, 11];
        var order = new EpochOrder(indices, seed: 1);
        var taken = Enumerable.Range(0, 10).SelectMany(step => order.TakeOn(step * 4L, 4)).ToArray();

        Assert.Equal(8, taken.Chunk(5).Count());
        Assert.All(taken.Chunk(5), round => Assert.Equal(indices, round.Order()));
        Assert.True(taken.Chunk(5).Select(round => string.Join(',', round)).Distinct().Count() > 3);
        Assert.Equal(taken[12..16], order.TakeOn(12, 4)); // from any place
        Assert.Equal(taken[..13], order.TakeOn(0, 13)); // over several rounds
    }
}
