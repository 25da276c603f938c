namespace PhotoMl.Tests.Training;

/// <summary>How often a run writes checkpoints, and how much each takes.</summary>
public sealed class CheckpointCostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunFolder _run;

    public CheckpointCostTests() => _run = RunFolder.Create(_folder.File("run"));

    [Fact]
    public void A_classifier_that_trains_faster_than_the_interval_writes_one_checkpoint_an_epoch()
    {
        using var data = TrainingRuns.Images(count: 150);
        using var cnn = new Cnn(TrainingRuns.Options with { Epochs = 2 });
        cnn.Trainer.CheckpointInterval = TimeSpan.MaxValue;
        var found = new List<(int Epoch, int Step)>();
        cnn.Fit(data, _run, _ =>
        {
            using var checkpoint = ClassifierTrainer.OpenCheckpoint(_run.CheckpointPath);
            found.Add((checkpoint.State.Epoch, checkpoint.State.Step));
        });

        // The one that each epoch began with is there at its three steps, and at its end the next one.
        Assert.Equal([(1, 0), (1, 0), (1, 0), (2, 0), (2, 0), (2, 0), (2, 0), (3, 0)], found);

        // The model, its average, its best and Adam's two moments.
        AssertSize(5 * 4 * Parameters(cnn.Model));
    }

    [Fact]
    public void A_generators_checkpoint_has_each_tensor_once()
    {
        using var data = GanRuns.Images();
        using var gan = new Gan(GanRuns.Options with { Epochs = 1, EmaDecay = 0.9 });
        gan.Fit(data, _run);

        // Both networks, their last healthy weights and Adam's two moments of each, and the generator's average; each generator has
        // statistics of batch norm.
        var (ofGenerator, ofDiscriminator) = (Parameters(gan.Generator), Parameters(gan.Discriminator));
        var statistics = gan.Generator.buffers().Sum(buffer => buffer.numel() * buffer.element_size());
        AssertSize((4 * ((5 * ofGenerator) + (4 * ofDiscriminator))) + (3 * statistics));
    }

    public void Dispose()
    {
        _run.Dispose();
        _folder.Dispose();
    }

    private static long Parameters(nn.Module network) => network.parameters().Sum(parameter => parameter.numel());

    // Beside the tensors there are only their names, the options and the history.
    private void AssertSize(long tensorBytes) => Assert.InRange(new FileInfo(_run.CheckpointPath).Length - tensorBytes, 0, 16 << 10);
}
