namespace PhotoMl.Tests.Training;

public sealed class ClassifierTrainerTests
{
    public static TheoryData<string, ClassifierTrainingOptions> Recipes => new()
    {
        { "defaults", TrainingRuns.Options },
        { "adam", TrainingRuns.Options with { Optimizer = OptimizerKind.Adam, LearningRate = 0.002, Schedule = ScheduleKind.Constant, WeightDecay = 0, EmaDecay = 0 } },
        { "sgd", TrainingRuns.Options with { Optimizer = OptimizerKind.Sgd, LearningRate = 0.05, Schedule = ScheduleKind.Cosine, Warmup = 0.1, WeightDecay = 1e-4, GradientClip = 5 } },
        { "float32", TrainingRuns.Options with { Precision = Precision.Float32, LabelSmoothing = 0.1 } },
        { "weights", TrainingRuns.Options with { Balance = ClassBalance.Weights, LabelSmoothing = 0.1 } },
        { "sampler", TrainingRuns.Options with { Balance = ClassBalance.Sampler } },
        { "focal", TrainingRuns.Options with { Balance = ClassBalance.Focal } },
        { "photo", TrainingRuns.Options with { PhotoAugmentation = new() { CropArea = 0.8, Flip = 0 } } },
        { "mixup", TrainingRuns.Options with { Mixup = 0.2, Balance = ClassBalance.Weights } },
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
        using var data = TrainingRuns.Images(count: 1200);
        var (_, result) = TrainingRuns.Train(data, options with { Epochs = 3, BatchSize = 32 });

        Assert.InRange(result.Best.ValidationAccuracy, 0.95, 1);
        Assert.True(result.History[^1].TrainLoss < result.History[0].TrainLoss);
        Assert.Equal(1100, result.TrainImages);
        Assert.Equal(100, result.ValidationImages);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        using var data = TrainingRuns.Images();
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
        using var data = TrainingRuns.Images();
        var options = TrainingRuns.Options with { Epochs = 6, Schedule = ScheduleKind.Constant, LearningRate = 0.01, EmaDecay = 0 };
        using var model = new ConvClassifier(TrainingRuns.Network);
        using var trainer = new ClassifierTrainer(model, options);
        var result = trainer.Fit(data);

        Assert.Equal(result.History.MaxBy(epoch => (epoch.ValidationAccuracy, -epoch.ValidationLoss))!.Epoch, result.Best.Epoch);
        var split = Split.ByFraction(data.Labels.data<long>().ToArray(), options.ValidationFraction, options.Seed);
        using var validation = data.Select(split.Validation);
        var judged = PhotoMl.Evaluation.ClassifierEvaluator.Evaluate(model, validation);

        Assert.Equal(result.Best.ValidationLoss, judged.Loss);
        Assert.Equal(result.Best.ValidationAccuracy, judged.Accuracy);
        Assert.Equal(result.Best.ValidationBalancedAccuracy, judged.BalancedAccuracy);
        Assert.Equal(judged.Confusion.ToRows(), result.Validation.Confusion.ToRows());
    }

    [Fact]
    public void A_run_stops_when_patience_is_over()
    {
        // Nothing changes at such a rate, so no epoch is better than the first.
        using var data = TrainingRuns.Images(count: 120);
        var options = TrainingRuns.Options with
        {
            Epochs = 50, Patience = 3, LearningRate = 1e-9, Optimizer = OptimizerKind.Sgd, Schedule = ScheduleKind.Constant, EmaDecay = 0, WeightDecay = 0, Precision = Precision.Float32,
        };
        var (_, result) = TrainingRuns.Train(data, options);

        Assert.Equal(result.Best.Epoch + 3, result.History.Count);
        Assert.InRange(result.History.Count, 4, 12);
    }

    [Fact]
    public void The_average_of_the_weights_is_judged_and_kept()
    {
        // Of weights w1, w2 after two steps the average is a2 = a1 + (1 - d2)(w2 - a1), with the short decays of the first steps.
        using var data = TrainingRuns.Images(count: 130);
        var options = TrainingRuns.Options with { Epochs = 1, BatchSize = 64, Schedule = ScheduleKind.Constant, EmaDecay = 0.999, Augmentation = AugmentationOptions.None };
        var steps = new List<byte[]>();
        using var model = new ConvClassifier(TrainingRuns.Network);
        var expected = Floats(WeightBytes.Of(model));
        using var trainer = new ClassifierTrainer(model, options);
        trainer.Fit(data, progress: new ProgressCallback(progress =>
        {
            if (progress.Completed is null)
            {
                steps.Add(WeightBytes.Of(model));
            }
        }));

        Assert.Equal(2, steps.Count);
        for (var step = 1; step <= steps.Count; step++)
        {
            var decay = Math.Min(0.999, (1.0 + step) / (10 + step));
            expected = [.. expected.Zip(Floats(steps[step - 1]), (average, weight) => (decay * average) + ((1 - decay) * weight))];
        }

        var actual = Floats(WeightBytes.Of(model));
        Assert.InRange(actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-6);
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
        var options = TrainingRuns.Options with
        {
            Epochs = 1, BatchSize = 128, Optimizer = OptimizerKind.Sgd, LearningRate = 1, Schedule = ScheduleKind.Constant, WeightDecay = 0, EmaDecay = 0,
        };
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
        var (_, result) = TrainingRuns.Train(data, TrainingRuns.Options with { Epochs = 2 }, new ProgressCallback(reports.Add));

        Assert.Equal([(1, 1, false), (1, 2, false), (1, 3, false), (1, 3, true), (2, 1, false), (2, 2, false), (2, 3, false), (2, 3, true)],
            reports.Select(report => (report.Epoch, report.Step, report.Completed is not null)));
        Assert.Equal(result.History, reports.Select(report => report.Completed).OfType<EpochReport>());
        Assert.All(reports, report => Assert.True(report.Remaining >= TimeSpan.Zero && report.ImagesPerSecond > 0 && report.LiveTensors > 0));
        Assert.Equal(TimeSpan.Zero, reports[^1].Remaining);
    }

    [Fact]
    public void Images_that_do_not_fit_the_network_are_refused_with_both_named()
    {
        using var data = SyntheticImages.Create(100, classes: 4, height: 30);
        var exception = Assert.Throws<ArgumentException>(() => TrainingRuns.Train(data, TrainingRuns.Options));

        Assert.Contains("1x28x28 in 4 classes", exception.Message, StringComparison.Ordinal);
        Assert.Contains("got 1x30x28 in 4", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_size_that_the_network_does_not_take_is_refused_with_both_named()
    {
        using var data = TrainingRuns.Images(count: 100);
        var exception = Assert.Throws<ArgumentException>(() => TrainingRuns.Train(data, TrainingRuns.Options with { PhotoAugmentation = new() { TrainImageSize = 20 } }));

        Assert.Contains("the training size, 20x20, but got one of 28x28", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_images_to_hold_any_out_are_refused()
    {
        using var data = TrainingRuns.Images(count: 4);

        Assert.Throws<ArgumentException>(() => TrainingRuns.Train(data, TrainingRuns.Options));
    }

    private static double[] Floats(byte[] bytes) => [.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray().Select(value => (double)value)];

    private static double Distance(double[] before, byte[] after) => Math.Sqrt(before.Zip(Floats(after), (a, b) => (a - b) * (a - b)).Sum());
}
