namespace PhotoMl.Tests.Training;

/// <summary>A trainer is one run: what is called again goes on with it, or is refused.</summary>
public sealed class TrainerReuseTests : IDisposable
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_classifier_goes_on_with_its_own_images_and_takes_no_others()
    {
        using var data = TrainingRuns.Images(count: 200);
        using var other = TrainingRuns.Images(seed: 2, count: 200);
        using var model = new ConvClassifier(TrainingRuns.Network, TrainingRuns.Options.Seed);
        using var trainer = new ClassifierTrainer(model, TrainingRuns.Options with { Epochs = 2 });
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(data, cancellationToken: Cancelled));

        Assert.Contains("Expected the images the run began with", Assert.Throws<ArgumentException>(() => trainer.Fit(other)).Message, StringComparison.Ordinal);
        Assert.Contains("Expected the validation images the run began with", Assert.Throws<ArgumentException>(() => trainer.Fit(data, validation: other)).Message, StringComparison.Ordinal);
        trainer.Fit(data);
        Assert.Equal(TrainingRuns.Train(data, TrainingRuns.Options with { Epochs = 2 }).Weights, WeightBytes.Of(model));
        Assert.Throws<ArgumentException>(() => trainer.Fit(other));
    }

    [Fact]
    public void A_classifier_does_not_go_on_in_the_folder_of_another_run()
    {
        using var data = TrainingRuns.Images(count: 100);
        using var run = RunFolder.Create(_folder.File("run"));
        using var taken = RunFolder.Create(_folder.File("taken"));
        using var model = new ConvClassifier(TrainingRuns.Network);
        using var trainer = new ClassifierTrainer(model, TrainingRuns.Options with { Epochs = 1 });
        using var another = new ClassifierTrainer(model, TrainingRuns.Options);
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(data, run, cancellationToken: Cancelled));
        Assert.Throws<OperationCanceledException>(() => another.Fit(data, taken, cancellationToken: Cancelled));
        var before = File.ReadAllBytes(taken.CheckpointPath);

        Assert.Throws<InvalidOperationException>(() => trainer.Fit(data, taken));
        Assert.Equal(before, File.ReadAllBytes(taken.CheckpointPath));
        using var resumed = ClassifierTrainer.Resume(run, out var copy);
        using var _ = copy;
        Assert.Throws<InvalidOperationException>(() => resumed.Fit(data, taken));
        trainer.Fit(data, run);
    }

    [Fact]
    public void A_generator_goes_on_with_its_own_images_and_takes_no_others_nor_another_folder()
    {
        using var data = GanRuns.Images();
        using var other = GanRuns.Images(seed: 2);
        using var run = RunFolder.Create(_folder.File("run"));
        using var taken = RunFolder.Create(_folder.File("taken"));
        GanRuns.Train(data, GanRuns.Options with { Epochs = 1 }, run: taken);
        var (generator, discriminator) = GanTrainer.CreateNetworks(GanRuns.Network, GanRuns.Options.Seed);
        using var _ = generator;
        using var __ = discriminator;
        using var trainer = new GanTrainer(generator, discriminator, GanRuns.Options);
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(data, run, cancellationToken: Cancelled));
        Assert.False(generator.training || discriminator.training);

        Assert.Contains("Expected the images the run began with", Assert.Throws<ArgumentException>(() => trainer.Fit(other, run)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => trainer.Fit(data, taken));
        trainer.Fit(data, run);
        Assert.Equal(GanRuns.Train(data, GanRuns.Options).Generator, WeightBytes.Of(generator));
    }

    [Fact]
    public void A_step_that_fails_leaves_no_parameter_of_the_discriminator_frozen()
    {
        using var data = GanRuns.Images();
        var (generator, discriminator) = GanTrainer.CreateNetworks(GanRuns.Network, 1);
        using var _ = generator;
        using var __ = discriminator;
        foreach (var parameter in generator.parameters())
        {
            parameter.requires_grad_(false); // the generator's step has nothing to move, which autograd refuses
        }

        using var trainer = new GanTrainer(generator, discriminator, GanRuns.Options);
        Assert.ThrowsAny<Exception>(() => trainer.Fit(data));

        Assert.All(discriminator.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    public void Dispose() => _folder.Dispose();
}
