namespace PhotoMl.Tests.Training;

public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ImageDataset _data = TrainingRuns.Images();

    public static TheoryData<string, ClassifierTrainingOptions> Recipes => new()
    {
        { "AdamW, one cycle, average, augmentation", TrainingRuns.Options with { Precision = Precision.Float32 } },
        { "SGD with momentum, cosine, no average", TrainingRuns.Options with { Precision = Precision.Float32, Optimizer = OptimizerKind.Sgd, LearningRate = 0.05, Schedule = ScheduleKind.Cosine, EmaDecay = 0 } },
        { "sampler, photo variation, mixup or CutMix", TrainingRuns.Options with { Precision = Precision.Float32, Balance = ClassBalance.Sampler, PhotoAugmentation = new(), Mixup = 0.4, CutMix = 1 } },
    };

    private string RunPath => _folder.File("run");

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_run_cancelled_again_and_again_ends_as_if_it_had_never_stopped(string name, ClassifierTrainingOptions options)
    {
        Assert.NotEmpty(name);
        var (expected, uninterrupted) = TrainingRuns.Train(_data, options);

        // Steps counted over the whole run of 27: at the start, within epochs, at the end of one, at the very end.
        var (weights, result) = TrainWithStops(options, [1, 5, 9, 10, 17, 26, 27], cancel: true);

        Assert.Equal(expected, weights);
        AssertSameHistory(uninterrupted, result);
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [BFloat16Data(Precision.BFloat16)]
    public void A_run_killed_again_and_again_ends_as_if_it_had_never_stopped(Precision precision)
    {
        var options = TrainingRuns.Options with { Precision = precision };
        var (expected, uninterrupted) = TrainingRuns.Train(_data, options);

        // An exception out of the report leaves no checkpoint of its step behind, as a kill would.
        var (weights, result) = TrainWithStops(options, [1, 2, 9, 14, 27], cancel: false);

        Assert.Equal(expected, weights);
        AssertSameHistory(uninterrupted, result);
        using var loaded = ClassifierFile.Load(RunFolder.ModelPathIn(RunPath));
        Assert.Equal(expected, WeightBytes.Of(loaded.Model));
    }

    [Fact]
    public void A_run_killed_and_resumed_ends_with_the_same_calibrated_file_byte_for_byte()
    {
        using var other = new TemporaryFolder();
        using (var run = RunFolder.Create(other.File("run")))
        using (var model = new ConvClassifier(TrainingRuns.Network, TrainingRuns.Options.Seed))
        using (var trainer = new ClassifierTrainer(model, TrainingRuns.Options))
        {
            Assert.NotNull(trainer.Fit(_data, run).Info.Calibration);
        }

        TrainWithStops(TrainingRuns.Options, [2, 14, 27], cancel: false);
        var expected = File.ReadAllBytes(RunFolder.ModelPathIn(other.File("run")));
        Assert.Equal(expected, File.ReadAllBytes(RunFolder.ModelPathIn(RunPath)));

        ClassifierFile.SaveScores(RunFolder.ModelPathIn(RunPath), new ClassifierScores { TestAccuracy = 0.25 });
        TrainWithStops(TrainingRuns.Options, [], cancel: true);
        using var loaded = ClassifierFile.Load(RunFolder.ModelPathIn(RunPath));
        Assert.Equal(0.25, loaded.Info.Scores.TestAccuracy); // what a finished run has in its file stays
        Assert.NotNull(loaded.Conformal);
    }

    [Fact]
    public void A_finished_run_can_be_taken_up_and_gives_its_result_again()
    {
        var (weights, result) = TrainWithStops(TrainingRuns.Options, [], cancel: true);
        using var run = RunFolder.Open(RunPath);
        using var trainer = ClassifierTrainer.Resume(run, out var model);
        using var _ = model;
        var again = trainer.Fit(_data, run);

        Assert.Equal(weights, WeightBytes.Of(model));
        Assert.Equal(result.History, again.History);
        Assert.Equal(result.Best, again.Best);
    }

    [Fact]
    public void Other_images_than_those_the_run_began_with_are_refused()
    {
        TrainingRuns.Interrupt(_data, RunPath);
        using var other = TrainingRuns.Images(seed: 2);
        using var run = RunFolder.Open(RunPath);
        using var trainer = ClassifierTrainer.Resume(run, out var model);
        using var _ = model;
        var exception = Assert.Throws<ArgumentException>(() => trainer.Fit(other, run));

        Assert.Contains("synthetic 1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("synthetic 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_before_the_start_makes_one_step_and_a_checkpoint()
    {
        TrainingRuns.Interrupt(_data, RunPath);
        using var checkpoint = ClassifierCheckpointInfo.Open(Path.Combine(RunPath, RunFolder.CheckpointName));
        Assert.Equal((1, 1), (checkpoint.State.Epoch, checkpoint.State.Step));
    }

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    private static void AssertSameHistory(ClassifierTrainingResult expected, ClassifierTrainingResult actual) => Assert.Equal(
        expected.History.Select(epoch => epoch with { Seconds = 0, ImagesPerSecond = 0 }),
        actual.History.Select(epoch => epoch with { Seconds = 0, ImagesPerSecond = 0 }));

    private (byte[] Weights, ClassifierTrainingResult Result) TrainWithStops(ClassifierTrainingOptions options, int[] stops, bool cancel) =>
        TrainingRuns.TrainWithStops(_data, RunPath, options, stops, cancel);
}
