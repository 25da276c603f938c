namespace PhotoMl.Tests.Training;

public sealed class DivergenceTests : IDisposable
{
    private static readonly ClassifierTrainingOptions Absurd = new()
    {
        Epochs = 2, BatchSize = 64, Optimizer = OptimizerKind.Sgd, LearningRate = 1000, Schedule = ScheduleKind.Constant, EmaDecay = 0, WeightDecay = 0,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly ImageDataset _data = TrainingRuns.Images(count: 300);

    [Theory]
    [InlineData(0)]
    [InlineData(3600)]
    public void An_absurd_learning_rate_ends_the_run_with_a_usable_model_on_disk(int secondsBetweenCheckpoints)
    {
        using var run = RunFolder.Create(_folder.File("run"));
        using var model = new ConvClassifier(TrainingRuns.Network);
        using var trainer = new ClassifierTrainer(model, Absurd) { CheckpointInterval = TimeSpan.FromSeconds(secondsBetweenCheckpoints) };
        var steps = 0;

        var exception = Assert.Throws<TrainingDivergedException>(() => trainer.Fit(_data, run, new ProgressCallback(_ => steps++)));

        Assert.Equal(1, exception.Epoch);
        Assert.InRange(exception.Step, Math.Max(1, steps), steps + 1);
        Assert.False(double.IsFinite(exception.Value));
        Assert.Contains($"epoch 1, step {exception.Step}", exception.Message, StringComparison.Ordinal);
        Assert.Contains(run.ModelPath, exception.Message, StringComparison.Ordinal);
        using var loaded = ClassifierFile.Load(run.ModelPath);
        Assert.Equal(TrainingRuns.Network, loaded.Model.Options);
    }

    [Fact]
    public void A_run_that_diverges_after_good_epochs_keeps_the_best_of_them()
    {
        using var run = RunFolder.Create(_folder.File("run"));
        using var model = new ConvClassifier(TrainingRuns.Network);
        using var trainer = new ClassifierTrainer(model, Absurd with { Epochs = 1, LearningRate = 0.01 });
        trainer.Fit(_data, run);
        var best = File.ReadAllBytes(run.ModelPath);

        File.Delete(run.CheckpointPath);
        using var again = new ClassifierTrainer(model, Absurd);

        Assert.Throws<TrainingDivergedException>(() => again.Fit(_data, run));
        Assert.Equal(best, File.ReadAllBytes(run.ModelPath));
    }

    [Fact]
    public void A_new_trainer_does_not_write_over_the_run_of_another()
    {
        using var run = RunFolder.Create(_folder.File("run"));
        using var model = new ConvClassifier(TrainingRuns.Network);
        using var trainer = new ClassifierTrainer(model, TrainingRuns.Options with { Epochs = 1 });
        trainer.Fit(_data, run);
        var checkpoint = File.ReadAllBytes(run.CheckpointPath);

        using var another = new ClassifierTrainer(model, TrainingRuns.Options);

        Assert.Throws<InvalidOperationException>(() => another.Fit(_data, run));
        Assert.Equal(checkpoint, File.ReadAllBytes(run.CheckpointPath));
    }

    [Fact]
    public void Without_a_folder_nothing_is_written_and_the_message_says_what_to_try()
    {
        var exception = Assert.Throws<TrainingDivergedException>(() => TrainingRuns.Train(_data, Absurd));

        Assert.Contains("lower learning rate", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_no_numbers_from_the_start_end_the_run_at_once()
    {
        using var run = RunFolder.Create(_folder.File("run"));
        using var model = new ConvClassifier(TrainingRuns.Network);
        using (TorchSharp.torch.no_grad())
        {
            model.parameters().First().fill_(float.NaN);
        }

        using var trainer = new ClassifierTrainer(model, TrainingRuns.Options);

        Assert.Throws<TrainingDivergedException>(() => trainer.Fit(_data, run));
    }

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }
}
