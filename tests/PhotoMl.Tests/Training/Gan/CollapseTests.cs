namespace PhotoMl.Tests.Training;

public sealed class CollapseTests : IDisposable
{
    /// <summary>One step an epoch.</summary>
    private static readonly GanTrainingOptions Options = GanRuns.Options with { Epochs = 4, BatchSize = 10, LearningRate = 0.0004 };

    private readonly TemporaryFolder _folder = new();
    private readonly ImageDataset _data = GanRuns.Images();

    [Fact]
    public void An_absurd_learning_rate_is_noticed_and_what_to_try_is_said()
    {
        var options = GanRuns.Options with { BatchSize = 16, Epochs = 8, LearningRate = 1, OnCollapse = CollapseAction.Stop };
        using var run = RunFolder.Create(_folder.File("run"));
        using var data = GanRuns.Images(count: 40);
        var exception = Assert.Throws<GeneratorCollapsedException>(() => GanRuns.Train(data, options, run: run));

        Assert.InRange(exception.Epoch, 1, 6); // five epochs are allowed to begin in
        Assert.StartsWith($"training stopped in epoch {exception.Epoch}: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("lower learning rate", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Stopping_leaves_the_last_healthy_model_on_disk_and_names_it()
    {
        using var run = RunFolder.Create(_folder.File("run"));
        byte[] healthy = [];
        var options = Options with { OnCollapse = CollapseAction.Stop };
        using var gan = new Gan(options);
        var exception = Assert.Throws<GeneratorCollapsedException>(() => gan.Fit(_data, run, report =>
        {
            if (report is { Epoch: 2, Completed: not null })
            {
                healthy = File.ReadAllBytes(run.ModelPath);
            }
            else if (report is { Epoch: 3, Completed: null })
            {
                GanRuns.MakeConstant(gan.Generator);
            }
        }));

        Assert.Equal(3, exception.Epoch);
        Assert.Contains("the generator has collapsed", exception.Reason, StringComparison.Ordinal);
        Assert.EndsWith($"(the last healthy weights are in {run.ModelPath}).", exception.Message, StringComparison.Ordinal);
        Assert.Equal(healthy, File.ReadAllBytes(run.ModelPath));
        using var loaded = GeneratorFile.Load(run.ModelPath);
        Assert.Equal(2, loaded.Info.Training!.Epoch);
    }

    [Fact]
    public void A_collapsed_run_goes_on_from_the_healthy_weights_at_half_the_rate_with_optimizers_reset()
    {
        byte[] healthyGenerator = [];
        byte[] healthyDiscriminator = [];
        float[] before = [];
        var messages = new List<(int Epoch, string Message)>();
        var run = GanRuns.Train(_data, Options, progress: (report, generator, discriminator) =>
        {
            if (report.Message is { } message)
            {
                messages.Add((report.Epoch, message));
            }

            switch (report)
            {
                case { Epoch: 1, Completed: not null }:
                    (healthyGenerator, healthyDiscriminator) = (WeightBytes.Of(generator), WeightBytes.Of(discriminator));
                    break;
                case { Epoch: 2, Completed: null }:
                    Assert.NotEqual(healthyDiscriminator, WeightBytes.Of(discriminator));
                    GanRuns.MakeConstant(generator);
                    break;
                case { Epoch: 2, Completed: not null }:
                    Assert.Equal(healthyGenerator, WeightBytes.Of(generator));
                    Assert.Equal(healthyDiscriminator, WeightBytes.Of(discriminator));
                    before = GanRuns.Weights(discriminator, "dense.weight");
                    break;
                case { Epoch: 3, Completed: null }:
                    // Adam's first step is as long as the rate, which has been halved.
                    var moves = before.Zip(GanRuns.Weights(discriminator, "dense.weight"), (a, b) => Math.Abs(a - b)).Order().ToArray();
                    Assert.InRange(moves[moves.Length / 2], 0.00019, 0.00021);
                    break;
            }
        });

        var (epoch, message) = Assert.Single(messages);
        Assert.Equal(2, epoch);
        Assert.Contains("the generator has collapsed", message, StringComparison.Ordinal);
        const string Expected = "the run continues from the averaged weights of epoch 1 at a learning rate of 0.0002";
        Assert.EndsWith(Expected, message, StringComparison.Ordinal);
        Assert.Equal([false, true, false, false], run.Result.History.Select(row => row.IsCollapsed));
        Assert.Equal([0.0004, 0.0002, 0.0002, 0.0002], run.Result.History.Select(row => row.LearningRate));
        Assert.Equal(message, run.Result.History[1].Message);
        Assert.Equal(4, run.Result.KeptEpoch);
    }

    [Fact]
    public void A_generator_that_has_not_begun_has_five_epochs_to_do_so_and_five_restores_after_them()
    {
        var (waits, restores) = (0, 0);
        using var gan = new Gan(Options with { Epochs = 20 });
        var exception = Assert.Throws<GeneratorCollapsedException>(() => gan.Fit(_data, progress: report =>
        {
            if (report.Completed is not { } epoch)
            {
                GanRuns.MakeConstant(gan.Generator);
            }
            else if (epoch.Epoch <= 5)
            {
                waits++;
                Assert.Contains("still much alike", report.Message, StringComparison.Ordinal);
                Assert.Equal(Options.LearningRate, epoch.LearningRate);
            }
            else
            {
                restores++;
                Assert.Contains("the weights it began with", report.Message, StringComparison.Ordinal);
            }
        }));

        Assert.Equal(5, waits);
        Assert.Equal(5, restores);
        Assert.Equal(11, exception.Epoch);
        Assert.DoesNotContain("healthy", exception.Message, StringComparison.Ordinal); // there never was such a model
    }

    [Fact]
    public void A_last_epoch_that_collapsed_leaves_the_healthy_one_before()
    {
        var run = GanRuns.Train(_data, Options with { Epochs = 2 }, progress: (report, generator, _) =>
        {
            if (report is { Epoch: 2, Completed: null })
            {
                GanRuns.MakeConstant(generator);
            }
        });

        Assert.Equal(1, run.Result.KeptEpoch);
        Assert.Equal([false, true], run.Result.History.Select(row => row.IsCollapsed));
        Assert.Equal(1, run.Result.Info.Training!.Epoch);
    }

    [Fact]
    public void A_run_without_any_healthy_epoch_keeps_the_last_one_for_there_is_nothing_better()
    {
        using var run = RunFolder.Create(_folder.File("run"));
        using var gan = new Gan(Options with { Epochs = 1 });
        var result = gan.Fit(_data, run, _ => GanRuns.MakeConstant(gan.Generator)).Result;

        Assert.True(result.History.Single().IsCollapsed);
        Assert.Equal(1, result.KeptEpoch);
        GeneratorFile.Load(run.ModelPath).Dispose();
    }

    [Theory]
    [InlineData(CollapseAction.Stop, 0)]
    [InlineData(CollapseAction.Restore, 5)]
    public void Weights_that_are_no_numbers_from_the_start_end_the_run(CollapseAction action, int restores)
    {
        using var run = RunFolder.Create(_folder.File("run"));
        var (generator, discriminator) = GanTrainer.CreateNetworks(GanRuns.Network, 1);
        using var _ = generator;
        using var __ = discriminator;
        GanRuns.Fill(generator, "dense.weight", float.NaN);
        using var trainer = new GanTrainer(generator, discriminator, GanRuns.Options with { Epochs = 20, OnCollapse = action });
        var messages = new List<string?>();
        var exception = Assert.Throws<GeneratorCollapsedException>(
            () => trainer.Fit(_data, run, new GanProgressCallback(report => messages.Add(report.Message))));

        Assert.Equal(restores, messages.Count(message => message is not null));
        Assert.Contains("a loss is no longer a finite number", exception.Reason, StringComparison.Ordinal);
        Assert.False(File.Exists(run.CheckpointPath)); // nothing to go on from
    }

    [Fact]
    public void A_loss_that_is_no_number_puts_the_last_healthy_weights_back_at_once()
    {
        byte[] healthy = [];
        var messages = new List<string>();
        var result = GanRuns.Train(_data, GanRuns.Options, progress: (report, generator, _) =>
        {
            if (report is { Epoch: 1, Completed: not null })
            {
                healthy = WeightBytes.Of(generator);
            }
            else if (report is { Epoch: 2, Step: 1, Completed: null })
            {
                GanRuns.Fill(generator, "conv3.weight", float.NaN);
            }
            else if (report.Message is { } message)
            {
                messages.Add($"{report.Epoch}.{report.Step}: {message}");
                Assert.Equal(healthy, WeightBytes.Of(generator));
            }
        }).Result;

        const string Expected = "2.2: a loss is no longer a finite number; the run continues from the averaged weights of epoch 1";
        Assert.StartsWith(Expected, Assert.Single(messages), StringComparison.Ordinal);
        Assert.All(result.History, row => Assert.True(double.IsFinite(row.DiscriminatorLoss) && double.IsFinite(row.GeneratorLoss)));
        Assert.Equal(2, result.KeptEpoch);
    }

    [Fact]
    public void Weights_that_are_no_numbers_after_the_last_step_are_never_kept()
    {
        using var run = RunFolder.Create(_folder.File("run"));
        using var gan = new Gan(Options with { Epochs = 1 });
        var exception = Assert.Throws<GeneratorCollapsedException>(
            () => gan.Fit(_data, run, _ => GanRuns.Fill(gan.Generator, "dense.weight", float.NaN)));

        Assert.Equal((1, "a weight is no longer a finite number"), (exception.Epoch, exception.Reason));
        Assert.False(File.Exists(run.ModelPath));
    }

    [Fact]
    public void A_discriminator_spoilt_by_the_last_step_of_an_epoch_is_not_kept_with_a_healthy_generator()
    {
        var messages = new List<string>();
        var result = GanRuns.Train(_data, GanRuns.Options with { DiscriminatorSteps = 2 }, progress: (report, _, discriminator) =>
        {
            if (report is { Epoch: 1, Step: 3, Completed: null })
            {
                GanRuns.Fill(discriminator, "dense.weight", float.NaN);
            }
            else if (report.Message is { } message)
            {
                messages.Add($"{report.Epoch}: {message}");
            }
        }).Result;

        const string Expected = "1: a weight is no longer a finite number; the run continues from the weights it began with";
        Assert.StartsWith(Expected, Assert.Single(messages), StringComparison.Ordinal);
        Assert.Equal(2, result.KeptEpoch);
    }

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }
}
