namespace PhotoMl.Tests.Training;

public sealed class DivergenceTests : IDisposable
{
    private static readonly ClassifierTrainingOptions Absurd = new()
    {
        Epochs = 2, BatchSize = 64, Optimizer = OptimizerKind.Sgd, LearningRate = 1000, Schedule = ScheduleKind.Constant, EmaDecay = 0,
    };

    private readonly ImageDataset _data = TrainingRuns.Images(count: 300);
    private readonly TemporaryFolder _folder = new();
    private readonly RunFolder _run;

    public DivergenceTests() => _run = RunFolder.Create(_folder.File("run"));

    [Theory]
    [InlineData(0)]
    [InlineData(3600)]
    public void An_absurd_learning_rate_ends_the_run_with_a_usable_model_on_disk(int secondsBetweenCheckpoints)
    {
        using var cnn = new Cnn(Absurd);
        cnn.Trainer.CheckpointInterval = TimeSpan.FromSeconds(secondsBetweenCheckpoints);
        var steps = 0;
        var exception = Assert.Throws<TrainingDivergedException>(() => cnn.Fit(_data, _run, _ => steps++));

        Assert.Equal(1, exception.Epoch);
        Assert.InRange(exception.Step, Math.Max(1, steps), steps + 1);
        Assert.False(double.IsFinite(exception.Value));
        Assert.Contains($"epoch 1, step {exception.Step}", exception.Message, StringComparison.Ordinal);
        Assert.Contains(_run.ModelPath, exception.Message, StringComparison.Ordinal);
        using var loaded = ClassifierFile.Load(_run.ModelPath);
        Assert.Equal(TrainingRuns.Network, loaded.Model.Options);
    }

    [Fact]
    public void A_run_that_diverges_after_good_epochs_keeps_the_best_of_them()
    {
        TrainingRuns.Train(_data, Absurd with { Epochs = 1, LearningRate = 0.01 }, run: _run);
        var best = File.ReadAllBytes(_run.ModelPath);
        File.Delete(_run.CheckpointPath);

        Assert.Throws<TrainingDivergedException>(() => TrainingRuns.Train(_data, Absurd, run: _run));
        Assert.Equal(best, File.ReadAllBytes(_run.ModelPath));
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
        using var cnn = new Cnn(TrainingRuns.Options);
        GanRuns.Fill(cnn.Model, "conv1.weight", float.NaN);

        Assert.Throws<TrainingDivergedException>(() => cnn.Fit(_data, _run));
    }

    public void Dispose()
    {
        _data.Dispose();
        _run.Dispose();
        _folder.Dispose();
    }
}
