namespace PhotoMl.Tests.Training;

public sealed class ResumeTests : IDisposable
{
    private static readonly ClassifierTrainingOptions Options = TrainingRuns.Options with { Precision = Precision.Float32 };

    private readonly TemporaryFolder _folder = new();
    private readonly ImageDataset _data = TrainingRuns.Images(count: 240); // 4 steps an epoch

    public static TheoryData<string, ClassifierTrainingOptions> Recipes => new()
    {
        { "AdamW, one cycle, average, augmentation", Options },
        {
            "SGD with momentum, cosine, no average",
            Options with { Optimizer = OptimizerKind.Sgd, LearningRate = 0.05, Schedule = ScheduleKind.Cosine, EmaDecay = 0 }
        },
        {
            "sampler, photo variation, mixup or CutMix",
            Options with { Balance = ClassBalance.Sampler, PhotoAugmentation = new(), Mixup = 0.4, CutMix = 1 }
        },
    };

    private string RunPath => _folder.File("run");

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_run_cancelled_again_and_again_ends_as_if_it_had_never_stopped(string name, ClassifierTrainingOptions options)
    {
        Assert.NotEmpty(name);

        // Steps counted over the whole run of 12: at the start, within epochs, at the end of one, at the very end.
        AssertSame(TrainingRuns.Train(_data, options), TrainWithStops(options, [1, 3, 4, 7, 12], cancel: true));
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [BFloat16Data(Precision.BFloat16)]
    public void A_run_killed_again_and_again_ends_with_the_same_calibrated_file_byte_for_byte(Precision precision)
    {
        var options = Options with { Precision = precision };
        using var run = RunFolder.Create(_folder.File("uninterrupted"));
        var expected = TrainingRuns.Train(_data, options, run: run);
        Assert.NotNull(expected.Result.Info.Calibration);
        AssertSame(expected, TrainWithStops(options, [1, 2, 4, 7, 12], cancel: false));

        var path = RunFolder.ModelPathIn(RunPath);
        Assert.Equal(File.ReadAllBytes(run.ModelPath), File.ReadAllBytes(path));
        ClassifierFile.SaveScores(path, new ClassifierScores { TestAccuracy = 0.25 });
        TrainWithStops(options, [], cancel: true);
        using var loaded = ClassifierFile.Load(path);
        Assert.Equal(expected.Weights, WeightBytes.Of(loaded.Model));
        Assert.Equal(0.25, loaded.Info.Scores.TestAccuracy); // what a finished run has in its file stays
        Assert.NotNull(loaded.Conformal);
    }

    [Fact]
    public void A_finished_run_can_be_taken_up_and_gives_its_result_again()
    {
        var (weights, result) = TrainWithStops(Options, [], cancel: true);
        using var run = RunFolder.Open(RunPath);
        using var cnn = new Cnn(run);
        var again = cnn.Fit(_data, run);

        Assert.Equal(weights, again.Weights);
        Assert.Equal(result.History, again.Result.History);
        Assert.Equal(result.Best, again.Result.Best);
    }

    [Fact]
    public void Cancelling_before_the_start_makes_one_step_and_a_checkpoint_which_takes_no_other_images()
    {
        TrainingRuns.Interrupt(_data, RunPath);
        using var run = RunFolder.Open(RunPath);
        using (var checkpoint = ClassifierTrainer.OpenCheckpoint(run.CheckpointPath))
        {
            Assert.Equal((1, 1), (checkpoint.State.Epoch, checkpoint.State.Step));
        }

        using var other = TrainingRuns.Images(seed: 2);
        using var cnn = new Cnn(run);
        var exception = Assert.Throws<ArgumentException>(() => cnn.Fit(other, run));
        Assert.Contains("synthetic 1, but got other images: synthetic 2", exception.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    private static void AssertSame(
        (byte[] Weights, ClassifierTrainingResult Result) expected, (byte[] Weights, ClassifierTrainingResult Result) actual)
    {
        Assert.Equal(expected.Weights, actual.Weights);
        Assert.Equal(
            expected.Result.History.Select(epoch => epoch with { Seconds = 0, ImagesPerSecond = 0 }),
            actual.Result.History.Select(epoch => epoch with { Seconds = 0, ImagesPerSecond = 0 }));
    }

    private (byte[] Weights, ClassifierTrainingResult Result) TrainWithStops(ClassifierTrainingOptions options, int[] stops, bool cancel) =>
        TrainingRuns.TrainWithStops(_data, RunPath, options, stops, cancel);
}
