namespace PhotoMl.Tests.Training;

public sealed class ClassifierTrainerTests
{
    private static readonly ClassifierTrainingOptions Plain = TrainingRuns.Options with
    {
        Epochs = 1, Optimizer = OptimizerKind.Sgd, Schedule = ScheduleKind.Constant, WeightDecay = 0, EmaDecay = 0,
    };

    public static TheoryData<string, ClassifierTrainingOptions> Recipes => new()
    {
        { "defaults", TrainingRuns.Options },
        { "adam", Plain with { Optimizer = OptimizerKind.Adam, LearningRate = 0.002 } },
        { "sgd", Plain with { LearningRate = 0.05, Schedule = ScheduleKind.Cosine, Warmup = 0.1, WeightDecay = 1e-4, GradientClip = 5 } },
        { "float32", TrainingRuns.Options with { Precision = Precision.Float32, LabelSmoothing = 0.1 } },
        { "focal", TrainingRuns.Options with { Balance = ClassBalance.Focal } },
        { "photo", TrainingRuns.Options with { PhotoAugmentation = new() { CropArea = 0.8, Flip = 0 }, Balance = ClassBalance.Sampler } },
        { "mixup, weights", TrainingRuns.Options with { Mixup = 0.2, Balance = ClassBalance.Weights, LabelSmoothing = 0.1 } },
    };

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Every_recipe_learns_easy_images(string name, ClassifierTrainingOptions options)
    {
        Assert.NotEmpty(name);
        AssertLearnsEasyImages(options);
    }

    [FactWithBFloat16]
    public void A_recipe_in_bfloat16_learns_easy_images() =>
        AssertLearnsEasyImages(TrainingRuns.Options with { Precision = Precision.BFloat16, Augmentation = AugmentationOptions.None });

    private static void AssertLearnsEasyImages(ClassifierTrainingOptions options)
    {
        using var data = TrainingRuns.Images(count: 400);
        var (_, result) = TrainingRuns.Train(data, options with { Epochs = 3, BatchSize = 16 });

        Assert.InRange(result.Best.ValidationAccuracy, 0.94, 1);
        Assert.True(result.History[^1].TrainLoss < result.History[0].TrainLoss);
        Assert.Equal((367, 33), (result.TrainImages, result.ValidationImages));
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        using var data = TrainingRuns.Images(count: 200);
        var options = TrainingRuns.Options with { Epochs = 1 };
        manual_seed(1);
        var first = TrainingRuns.Train(data, options).Weights;
        manual_seed(2);
        var again = TrainingRuns.Train(data, options).Weights;

        Assert.Equal(first, again);
        Assert.NotEqual(first, TrainingRuns.Train(data, options with { Seed = 2 }).Weights);
    }

    [Fact]
    public void The_weights_of_the_best_epoch_are_put_back()
    {
        using var data = TrainingRuns.Images(count: 200);
        var options = TrainingRuns.Options with { Epochs = 6, Schedule = ScheduleKind.Constant, LearningRate = 0.01, EmaDecay = 0 };
        using var cnn = new Cnn(options);
        var result = cnn.Fit(data).Result;

        Assert.Equal(result.History.MaxBy(epoch => (epoch.ValidationAccuracy, -epoch.ValidationLoss))!.Epoch, result.Best.Epoch);
        var split = Split.ByFraction(data.Labels.data<long>().ToArray(), options.ValidationFraction, options.Seed);
        using var validation = data.Select(split.Validation);
        var evaluated = ClassifierEvaluator.Evaluate(cnn.Model, validation);

        Assert.Equal(
            (result.Best.ValidationLoss, result.Best.ValidationAccuracy, result.Best.ValidationBalancedAccuracy),
            (evaluated.Loss, evaluated.Accuracy, evaluated.BalancedAccuracy));
        Assert.Equal(evaluated.Confusion.ToRows(), result.Validation.Confusion.ToRows());
    }

    [Fact]
    public void A_run_stops_when_patience_is_over()
    {
        // Nothing changes at such a rate, so no epoch is better than the first.
        using var data = TrainingRuns.Images(count: 120);
        var options = Plain with { Epochs = 50, Patience = 3, LearningRate = 1e-9, Precision = Precision.Float32 };
        var (_, result) = TrainingRuns.Train(data, options);

        Assert.Equal(result.Best.Epoch + 3, result.History.Count);
        Assert.InRange(result.History.Count, 4, 12);
    }

    [Fact]
    public void The_average_of_the_weights_is_evaluated_and_kept()
    {
        // Of weights w1, w2 after two steps the average is a2 = a1 + (1 - d2)(w2 - a1), with the short decays of the first steps.
        using var data = TrainingRuns.Images(count: 130);
        var steps = new List<byte[]>();
        var options = new ClassifierTrainingOptions { Epochs = 1, BatchSize = 64, Schedule = ScheduleKind.Constant };
        using var cnn = new Cnn(options with { Augmentation = AugmentationOptions.None });
        var expected = Floats(WeightBytes.Of(cnn.Model));
        var (weights, _) = cnn.Fit(data, progress: progress =>
        {
            if (progress.Completed is null)
            {
                steps.Add(WeightBytes.Of(cnn.Model));
            }
        });

        Assert.Equal(2, steps.Count);
        for (var step = 1; step <= steps.Count; step++)
        {
            var decay = Math.Min(0.999, (1.0 + step) / (10 + step));
            expected = [.. expected.Zip(Floats(steps[step - 1]), (average, weight) => (decay * average) + ((1 - decay) * weight))];
        }

        Assert.InRange(Floats(weights).Zip(expected, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-6);
    }

    [Fact]
    public void Label_smoothing_reaches_the_loss()
    {
        using var data = TrainingRuns.Images();
        var options = TrainingRuns.Options with { Epochs = 1, LabelSmoothing = 0 };
        var plain = TrainingRuns.Train(data, options).Result.Best;
        var smoothed = TrainingRuns.Train(data, options with { LabelSmoothing = 0.9 }).Result.Best;

        // With nearly all certainty taken away the loss cannot fall far below that of a guess, ln 4.
        Assert.InRange(smoothed.TrainLoss, 1.3, 1.5);
        Assert.True(plain.TrainLoss < 1.2);
    }

    [Fact]
    public void Clipping_limits_how_far_one_step_goes()
    {
        using var data = TrainingRuns.Images(count: 100);
        var options = Plain with { BatchSize = 128, LearningRate = 1 };
        using var start = new ConvClassifier(TrainingRuns.Network);
        var before = Floats(WeightBytes.Of(start));

        // One step of plain gradient descent at a rate of 1 is as long as the gradient.
        Assert.Equal(0.01, Distance(before, TrainingRuns.Train(data, options with { GradientClip = 0.01 }).Weights), 4);
        Assert.True(Distance(before, TrainingRuns.Train(data, options).Weights) > 0.1);
    }

    [Fact]
    public void What_the_validation_images_show_has_no_influence_on_the_weights()
    {
        using var data = TrainingRuns.Images(count: 200);
        using var other = TrainingRuns.Images(count: 200);
        var options = TrainingRuns.Options with { Epochs = 1 };
        var split = Split.ByFraction(other.Labels.data<long>().ToArray(), options.ValidationFraction, options.Seed);
        foreach (var index in split.Validation)
        {
            other.Images[index].fill_(255);
        }

        Assert.Equal(TrainingRuns.Train(data, options).Weights, TrainingRuns.Train(other, options).Weights);
        other.Images[split.Train[0]].fill_(255);
        Assert.NotEqual(TrainingRuns.Train(data, options).Weights, TrainingRuns.Train(other, options).Weights);
    }

    [Fact]
    public void Validation_images_are_never_trained_on_and_all_others_once_an_epoch()
    {
        using var scope = NewDisposeScope();
        using var data = TrainingRuns.Images(count: 100);
        for (var i = 0; i < 100; i++)
        {
            data.Images[i].fill_(i); // an image that tells which it is
        }

        var options = TrainingRuns.Options with { BatchSize = 32, Augmentation = AugmentationOptions.None, ValidationFraction = 0.2 };
        var split = Split.ByFraction(data.Labels.data<long>().ToArray(), options.ValidationFraction, options.Seed);
        var batches = new ClassifierBatches(data, split.Train, options);
        Assert.Equal(3, batches.PerEpoch);
        var orders = new List<long[]>();
        foreach (var epoch in new[] { 1, 2 })
        {
            var seen = new List<long>();
            for (var step = 0; step < batches.PerEpoch; step++)
            {
                var batch = batches.Get(epoch, step);
                var indices = batch.Images[.., 0, 0, 0].mul(255).round().to(ScalarType.Int64).data<long>().ToArray();
                Assert.Equal(indices.Select(index => index % 4), batch.Labels.data<long>().ToArray());
                seen.AddRange(indices);
            }

            Assert.Equal(split.Train, seen.Order());
            Assert.Empty(split.Validation.Intersect(seen));
            orders.Add([.. seen]);
        }

        Assert.NotEqual(orders[0], orders[1]);
    }

    [Fact]
    public void Progress_counts_steps_from_one_and_ends_every_epoch_with_its_report()
    {
        using var data = TrainingRuns.Images(count: 150);
        var reports = new List<ClassifierProgress>();
        var (_, result) = TrainingRuns.Train(data, TrainingRuns.Options with { Epochs = 2 }, reports.Add);

        Assert.Equal([(1, 1, false), (1, 2, false), (1, 3, false), (1, 3, true), (2, 1, false), (2, 2, false), (2, 3, false), (2, 3, true)],
            reports.Select(report => (report.Epoch, report.Step, report.Completed is not null)));
        Assert.Equal(result.History, reports.Select(report => report.Completed).OfType<EpochReport>());
        Assert.All(reports, report => Assert.True(report is { ImagesPerSecond: > 0, LiveTensors: > 0, Remaining.Ticks: >= 0 }));
        Assert.Equal(TimeSpan.Zero, reports[^1].Remaining);
    }

    [Fact]
    public void Images_that_do_not_fit_the_network_or_are_too_few_to_hold_any_out_are_refused()
    {
        using var high = SyntheticImages.Create(100, classes: 4, height: 30);
        using var data = TrainingRuns.Images(count: 100);
        using var few = TrainingRuns.Images(count: 4);
        var photo = TrainingRuns.Options with { PhotoAugmentation = new() { TrainImageSize = 20 } };

        AssertRefused("Expected images of 1x28x28 in 4 classes but got 1x30x28 in 4 classes", high, TrainingRuns.Options);
        AssertRefused("Expected a network that takes images of the training size, 20x20, but got one of 28x28", data, photo);
        ExceptionAssert.Throws<InvalidDatasetException>(
            "expected enough images to hold out", () => TrainingRuns.Train(few, TrainingRuns.Options));

        static void AssertRefused(string expected, ImageDataset data, ClassifierTrainingOptions options) =>
            ExceptionAssert.Throws<ArgumentException>(expected, () => TrainingRuns.Train(data, options));
    }

    private static double[] Floats(byte[] bytes) => [.. MemoryMarshal.Cast<byte, float>(bytes).ToArray().Select(value => (double)value)];

    private static double Distance(double[] before, byte[] after) =>
        Math.Sqrt(before.Zip(Floats(after), (a, b) => (a - b) * (a - b)).Sum());
}
