namespace PhotoMl.Tests.Training;

public sealed class GanResumeTests : IDisposable
{
    private static readonly DcganOptions Conditional = GanRuns.Network with { Classes = 4 };

    private const int StepsPerEpoch = 3;

    private static readonly GanTrainingOptions Options = GanRuns.Options;

    // Two batches of as many pictures as the kernels of a real run take, and one of fewer.
    private static readonly GanTrainingOptions LargeBatches = Options with { BatchSize = 64 };

    private readonly TemporaryFolder _folder = new();
    private readonly ImageDataset _data = GanRuns.Images();

    /// <summary>All of three steps an epoch.</summary>
    public static TheoryData<string, DcganOptions, GanTrainingOptions> Recipes => new()
    {
        { "non-saturating", GanRuns.Network, Options with { LearningRate = 0.002, LabelSmoothing = 0.1 } },
        { "conditional WGAN-GP of two steps", Conditional, Options with { Loss = GanLossKind.WganGp, DiscriminatorSteps = 2, DiscriminatorLearningRate = 0.001 } },
    };

    private string RunPath => _folder.File("run");

    [Fact]
    public void The_batches_of_these_runs_are_large_enough_for_the_kernels_of_real_ones()
    {
        using var scope = NewDisposeScope();
        using var networks = new DcganGenerator(GanRuns.Network);
        using var others = new DcganDiscriminator(GanRuns.Network);
        var (generator, discriminator) = (Layer.Of(networks).ToList(), Layer.Of(others).ToList());
        Assert.Equal(new GanTrainingOptions().Precision, LargeBatches.Precision);
        Assert.Equal(Precision.Float32, LargeBatches.Precision);
        AssertTaken(generator[1].Spec, input: 7, output: 7);
        AssertTaken(generator[2].Spec, input: 7, output: 14);
        AssertTaken(discriminator[1].Spec, input: 14, output: 7);

        static void AssertTaken(LayerSpec layer, int input, int output)
        {
            var activations = zeros(LargeBatches.BatchSize, layer.Inputs, input, input);
            Assert.Equal("Fourier", LayerRoute.Find(new LayerInput(layer, activations, zeros(layer.WeightShape), null, (output, output))).Name);
        }
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_run_cancelled_again_and_again_ends_as_if_it_had_never_stopped(string name, DcganOptions network, GanTrainingOptions options)
    {
        Assert.NotEmpty(name);
        var expected = Uninterrupted(network, options);

        // Steps counted over the whole run of 6: at the start, within epochs, at the end of one, at the very end.
        AssertSame(expected, TrainWithStops(network, options, [1, 2, 3, 4, 6], cancel: true));
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_run_killed_again_and_again_ends_as_if_it_had_never_stopped(string name, DcganOptions network, GanTrainingOptions options)
    {
        Assert.NotEmpty(name);
        var expected = Uninterrupted(network, options);

        // An exception out of the report leaves no checkpoint of its step behind, as a kill would.
        AssertSame(expected, TrainWithStops(network, options, [1, 2, 3, 5, 6], cancel: false));
    }

    [Fact]
    public void A_run_of_large_batches_stopped_within_an_epoch_ends_as_if_it_had_never_stopped()
    {
        using var data = GanRuns.Images(count: 132);
        var options = LargeBatches with { Epochs = 1 };
        var expected = Uninterrupted(GanRuns.Network, options, data);

        AssertSame(expected, TrainWithStops(GanRuns.Network, options, [2], cancel: true, data));
    }

    [Fact]
    public void A_run_with_a_moving_average_ends_as_if_it_had_never_stopped()
    {
        var options = Options with { Epochs = 1, EmaDecay = 0.9 };
        var expected = Uninterrupted(GanRuns.Network, options);

        AssertSame(expected, TrainWithStops(GanRuns.Network, options, [1, 2], cancel: false));
    }

    [SlowFact]
    public void A_conditional_run_of_three_epochs_with_a_moving_average_ends_as_if_it_had_never_stopped()
    {
        var options = Options with { Epochs = 3, EmaDecay = 0.9 };
        var expected = Uninterrupted(Conditional, options);

        AssertSame(expected, TrainWithStops(Conditional, options, [1, 3, 4, 6, 8, 9], cancel: false));
    }

    [Fact]
    public void A_run_whose_discriminator_alone_is_told_the_class_ends_as_if_it_had_never_stopped()
    {
        var network = GanRuns.Network with { ProjectionClasses = 4 };
        var expected = Uninterrupted(network, Options);

        AssertSame(expected, TrainWithStops(network, Options, [1, 2, 4, 5], cancel: false));
        Assert.NotEqual(expected.Generator, GanRuns.Train(_data, Options).Generator);
    }

    [Fact]
    public void A_run_that_was_put_back_to_healthy_weights_goes_on_as_if_it_had_never_stopped()
    {
        // Whatever is made of these images is taken for collapsed: real ones are far apart.
        using var real = SyntheticImages.Create(10);
        var options = GanRuns.Options with { Epochs = 8 };
        var expected = Uninterrupted(GanRuns.Network, options, real);
        var actual = TrainWithStops(GanRuns.Network, options, [3, 17, 19, 21], cancel: false, real);

        Assert.All(expected.Result.History, epoch => Assert.True(epoch.IsCollapsed));
        Assert.Equal(options.LearningRate / 4, expected.Result.History[6].LearningRate); // put back after epochs 6 and 7
        AssertSame(expected, actual);
    }

    [Fact]
    public void A_finished_run_can_be_taken_up_and_gives_its_result_again()
    {
        var finished = Uninterrupted(GanRuns.Network, GanRuns.Options);
        using var run = RunFolder.Open(_folder.File("uninterrupted"));
        using var trainer = GanTrainer.Resume(run, null, out var generator, out var discriminator);
        using var _ = generator;
        using var __ = discriminator;
        Assert.True(trainer.IsFinished);
        var again = trainer.Fit(_data, run, new GanProgressCallback(_ => Assert.Fail("There is nothing left to do.")));

        Assert.Equal(finished.Generator, WeightBytes.Of(generator));
        Assert.Equal(finished.Discriminator, WeightBytes.Of(discriminator));
        Assert.False(generator.training);
        AssertSameHistory(finished.Result, again);
        Assert.Equal((finished.Result.KeptEpoch, finished.Result.Duration), (again.KeptEpoch, again.Duration));
    }

    [Fact]
    public void Other_images_than_those_the_run_began_with_are_refused()
    {
        GanRuns.Interrupt(_data, RunPath);
        using var other = GanRuns.Images(seed: 2);
        var before = File.ReadAllBytes(Path.Combine(RunPath, "checkpoint.safetensors"));
        var message = Refused(other, classifier: null);

        Assert.Contains("synthetic 1", message, StringComparison.Ordinal);
        Assert.Contains("synthetic 2", message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(RunPath, "checkpoint.safetensors")));
    }

    [Fact]
    public void Another_classifier_than_the_one_the_run_began_with_is_refused_and_so_is_none()
    {
        using var first = new ConvClassifier(new ClassifierOptions { Classes = 4 }, seed: 1);
        using var second = new ConvClassifier(new ClassifierOptions { Classes = 4 }, seed: 2);
        GanRuns.Interrupt(_data, RunPath, classifier: first);

        Assert.Contains($"Expected {ModelHash.Of(first)}", Refused(_data, second), StringComparison.Ordinal);
        Assert.Contains("but got none", Refused(_data, classifier: null), StringComparison.Ordinal);
    }

    [Fact]
    public void A_classifier_is_refused_where_the_run_began_with_none()
    {
        using var classifier = new ConvClassifier(new ClassifierOptions { Classes = 4 });
        GanRuns.Interrupt(_data, RunPath);

        Assert.Contains("Expected no classifier", Refused(_data, classifier), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_trainer_does_not_write_over_the_run_of_another()
    {
        GanRuns.Interrupt(_data, RunPath);
        using var run = RunFolder.Open(RunPath);
        var before = File.ReadAllBytes(run.CheckpointPath);

        Assert.Throws<InvalidOperationException>(() => GanRuns.Train(_data, GanRuns.Options, run: run));
        Assert.Equal(before, File.ReadAllBytes(run.CheckpointPath));
    }

    [Fact]
    public void A_trainer_goes_on_with_its_own_run_after_it_was_cancelled()
    {
        var expected = Uninterrupted(GanRuns.Network, GanRuns.Options);
        using var run = RunFolder.Create(RunPath);
        var (generator, discriminator) = GanTrainer.CreateNetworks(GanRuns.Network, GanRuns.Options.Seed);
        using var _ = generator;
        using var __ = discriminator;
        using var trainer = new GanTrainer(generator, discriminator, GanRuns.Options);
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(_data, run, cancellationToken: new CancellationToken(canceled: true)));
        trainer.Fit(_data, run);

        Assert.Equal(expected.Generator, WeightBytes.Of(generator));
    }

    [Fact]
    public void Cancelling_before_the_start_makes_one_step_and_a_checkpoint()
    {
        GanRuns.Interrupt(_data, RunPath);
        using var checkpoint = GanCheckpointInfo.Open(Path.Combine(RunPath, "checkpoint.safetensors"));

        using var scope = NewDisposeScope();
        Assert.Equal((1, 1, 1), (checkpoint.State.Epoch, checkpoint.State.Step, checkpoint.State.GeneratorSteps));
        Assert.All(["generator_optimizer.steps", "discriminator_optimizer.steps"], name => Assert.Equal(1, checkpoint.Reader.ReadTensor(name).item<long>()));
        Assert.Equal(GanRuns.Options, checkpoint.Info.Options);
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

        static string Timeless(GanEpochReport epoch) => $"{epoch with { Seconds = 0, ImagesPerSecond = 0, MissingClasses = [] }} {string.Join(", ", epoch.MissingClasses)}";
    }

    private void AssertSame(GanRun expected, GanRun actual)
    {
        Assert.Equal(expected.Generator, actual.Generator);
        Assert.Equal(expected.Discriminator, actual.Discriminator);
        AssertSameHistory(expected.Result, actual.Result);
        foreach (var file in expected.Result.History.Select(epoch => Path.Combine("samples", $"epoch-{epoch.Epoch:D4}.png")).Append("model.safetensors"))
        {
            Assert.Equal(File.ReadAllBytes(_folder.File("uninterrupted", file)), File.ReadAllBytes(Path.Combine(RunPath, file)));
        }
    }

    private GanRun Uninterrupted(DcganOptions network, GanTrainingOptions options, ImageDataset? data = null)
    {
        using var run = RunFolder.Create(_folder.File("uninterrupted"));
        return GanRuns.Train(data ?? _data, options, network, run);
    }

    private string Refused(ImageDataset data, ConvClassifier? classifier)
    {
        using var run = RunFolder.Open(RunPath);
        using var trainer = GanTrainer.Resume(run, classifier, out var generator, out var discriminator);
        using var _ = generator;
        using var __ = discriminator;
        return Assert.Throws<ArgumentException>(() => trainer.Fit(data, run)).Message;
    }

    private GanRun TrainWithStops(DcganOptions network, GanTrainingOptions options, int[] stops, bool cancel, ImageDataset? data = null)
    {
        var stopped = new StoppedRun(stops, cancel);
        return stopped.Train(RunPath, ReadSteps, (run, resumes, token) =>
        {
            var (generator, discriminator) = resumes ? default : GanTrainer.CreateNetworks(network, options.Seed);
            using var trainer = resumes ? GanTrainer.Resume(run, null, out generator, out discriminator) : new GanTrainer(generator!, discriminator!, options);
            using var _ = generator;
            using var __ = discriminator;
            if (!cancel)
            {
                trainer.CheckpointInterval = TimeSpan.Zero;
            }

            var progress = new GanProgressCallback(report =>
            {
                if (report.Completed is null)
                {
                    stopped.AfterStep(((report.Epoch - 1) * report.StepsPerEpoch) + report.Step);
                }
            });
            var result = trainer.Fit(data ?? _data, run, progress, token);
            return new GanRun(WeightBytes.Of(generator!), WeightBytes.Of(discriminator!), result);
        });

        static int ReadSteps(string path)
        {
            using var checkpoint = GanCheckpointInfo.Open(path);
            return ((checkpoint.State.Epoch - 1) * StepsPerEpoch) + checkpoint.State.Step;
        }
    }
}
