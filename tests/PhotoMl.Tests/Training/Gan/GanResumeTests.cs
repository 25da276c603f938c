namespace PhotoMl.Tests.Training;

public sealed class GanResumeTests : IDisposable
{
    private static readonly GanTrainingOptions Options = GanRuns.Options;

    private readonly TemporaryFolder _folder = new();
    private readonly ImageDataset _data = GanRuns.Images();

    /// <summary>All of three steps an epoch, with the steps they are stopped after, counted over the whole run. An exception out of the
    /// report leaves no checkpoint of its step behind, as a kill would.</summary>
    public static TheoryData<DcganOptions, GanTrainingOptions, int[], bool> Recipes => new()
    {
        {
            GanRuns.Network,
            Options with { Epochs = 1, LearningRate = 0.002, LabelSmoothing = 0.1, EmaDecay = 0.9 }, [1, 3], false
        },
        {
            GanRuns.Network with { Classes = 4 },
            Options with { Loss = GanLossKind.WganGp, DiscriminatorSteps = 2, DiscriminatorLearningRate = 0.001 }, [1, 4], true
        },
    };

    private string RunPath => _folder.File("run");

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_run_stopped_again_and_again_ends_as_if_it_had_never_stopped(
        DcganOptions network, GanTrainingOptions options, int[] stops, bool cancel) =>
        AssertSame(Uninterrupted(options, network), TrainWithStops(options, stops, cancel, network));

    [SlowFact]
    public void A_run_that_was_put_back_to_healthy_weights_goes_on_as_if_it_had_never_stopped()
    {
        // Whatever is made of these images is taken for collapsed: real ones are far apart.
        using var real = SyntheticImages.Create(10);
        var options = Options with { Epochs = 8, BatchSize = 10 };
        var expected = Uninterrupted(options, data: real);

        Assert.All(expected.Result.History, epoch => Assert.True(epoch.IsCollapsed));
        Assert.Equal(options.LearningRate / 4, expected.Result.History[6].LearningRate); // put back after epochs 6 and 7
        AssertSame(expected, TrainWithStops(options, [7], cancel: false, data: real, stepsPerEpoch: 1));
    }

    [Fact]
    public void A_finished_run_can_be_taken_up_and_gives_its_result_again()
    {
        var finished = Uninterrupted(Options);
        using var run = RunFolder.Open(_folder.File("uninterrupted"));
        using var gan = new Gan(run);
        Assert.True(gan.Trainer.IsFinished);
        var again = gan.Fit(_data, run, _ => Assert.Fail("There is nothing left to do."));

        Assert.Equal(finished.Generator, again.Generator);
        Assert.Equal(finished.Discriminator, again.Discriminator);
        Assert.False(gan.Generator.training);
        AssertSameHistory(finished.Result, again.Result);
        Assert.Equal((finished.Result.KeptEpoch, finished.Result.Duration), (again.Result.KeptEpoch, again.Result.Duration));
    }

    [Fact]
    public void Other_images_or_another_classifier_than_the_run_began_with_are_refused()
    {
        using var first = new ConvClassifier(new ClassifierOptions { Classes = 4 }, seed: 1);
        using var second = new ConvClassifier(new ClassifierOptions { Classes = 4 }, seed: 2);
        using var other = GanRuns.Images(seed: 2);
        GanRuns.Interrupt(_data, RunPath, classifier: first);
        var before = File.ReadAllBytes(Path.Combine(RunPath, RunFolder.CheckpointName));

        AssertRefused("images the run began with, synthetic 1, but got other images: synthetic 2", other, first);
        AssertRefused("classifier the run began with, but what was given differs", _data, second);
        AssertRefused("but got none", _data, classifier: null);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(RunPath, RunFolder.CheckpointName)));

        void AssertRefused(string text, ImageDataset data, ConvClassifier? classifier)
        {
            using var run = RunFolder.Open(RunPath);
            using var gan = new Gan(run, classifier);
            ExceptionAssert.Throws<ArgumentException>(text, () => gan.Fit(data, run));
        }
    }

    [Fact]
    public void Cancelling_before_the_start_makes_one_step_and_a_checkpoint()
    {
        GanRuns.Interrupt(_data, RunPath);
        using var checkpoint = GanTrainer.OpenCheckpoint(Path.Combine(RunPath, RunFolder.CheckpointName));

        using var scope = NewDisposeScope();
        Assert.Equal((1, 1, 1), (checkpoint.State.Epoch, checkpoint.State.Step, checkpoint.State.Means["GeneratorLoss"].Count));
        Assert.All(
            ["optimizer.generator.steps", "optimizer.discriminator.steps"],
            name => Assert.Equal(1, checkpoint.Reader.ReadTensor(name).item<long>()));
        Assert.Equal((GanRuns.Network, Options), (checkpoint.Info.Network, checkpoint.Info.Options));
    }

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    private static void AssertSameHistory(GanTrainingResult expected, GanTrainingResult actual)
    {
        Assert.Equal(expected.History.Select(Timeless), actual.History.Select(Timeless));
        Assert.Equal(expected.KeptEpoch, actual.KeptEpoch);

        static string Timeless(GanEpochReport epoch) =>
            $"{epoch with { Seconds = 0, ImagesPerSecond = 0, MissingClasses = [] }} {string.Join(", ", epoch.MissingClasses)}";
    }

    private void AssertSame(GanRun expected, GanRun actual)
    {
        Assert.Equal(expected.Generator, actual.Generator);
        Assert.Equal(expected.Discriminator, actual.Discriminator);
        AssertSameHistory(expected.Result, actual.Result);
        var grids = expected.Result.History.Select(epoch => Path.Combine("samples", $"epoch-{epoch.Epoch:D4}.png"));
        Assert.All(grids.Append("model.safetensors"), file => Assert.Equal(
            File.ReadAllBytes(_folder.File("uninterrupted", file)), File.ReadAllBytes(Path.Combine(RunPath, file))));
    }

    private GanRun Uninterrupted(GanTrainingOptions options, DcganOptions? network = null, ImageDataset? data = null)
    {
        using var run = RunFolder.Create(_folder.File("uninterrupted"));
        return GanRuns.Train(data ?? _data, options, network, run);
    }

    private GanRun TrainWithStops(
        GanTrainingOptions options, int[] stops, bool cancel, DcganOptions? network = null, ImageDataset? data = null,
        int stepsPerEpoch = 3)
    {
        var stopped = new StoppedRun(stops, cancel);
        return stopped.Train(RunPath, ReadSteps, (run, resumes, token) =>
        {
            using var gan = resumes ? new Gan(run) : new Gan(options, network);
            gan.Trainer.CheckpointInterval = cancel ? gan.Trainer.CheckpointInterval : TimeSpan.Zero;
            return gan.Fit(data ?? _data, run, stopped.AfterStep, token);
        });

        int ReadSteps(string path)
        {
            using var checkpoint = GanTrainer.OpenCheckpoint(path);
            return ((checkpoint.State.Epoch - 1) * stepsPerEpoch) + checkpoint.State.Step;
        }
    }
}
