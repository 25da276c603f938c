namespace PhotoMl.Tests.Training;

/// <summary>How often a run writes checkpoints, and how much each takes.</summary>
public sealed class CheckpointCostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_classifier_that_trains_faster_than_the_interval_writes_one_checkpoint_an_epoch()
    {
        using var data = TrainingRuns.Images();
        using var run = RunFolder.Create(_folder.File("run"));
        using var model = new ConvClassifier(TrainingRuns.Network);
        using var trainer = new ClassifierTrainer(model, TrainingRuns.Options) { CheckpointInterval = TimeSpan.MaxValue };
        var found = new List<(int Epoch, int Step)>();
        trainer.Fit(data, run, new ProgressCallback(_ =>
        {
            using var checkpoint = ClassifierCheckpointInfo.Open(run.CheckpointPath);
            found.Add((checkpoint.State.Epoch, checkpoint.State.Step));
        }));

        // The one that each epoch began with is there at its nine steps, and at its end the next one.
        Assert.Equal([.. Enumerable.Range(1, 3).SelectMany(epoch => Enumerable.Repeat((epoch, 0), TrainingRuns.StepsPerEpoch).Append((epoch + 1, 0)))], found);

        // The model, its average, its best and Adam's two moments.
        AssertSize(5 * 4 * Parameters(model), run.CheckpointPath);
    }

    [Fact]
    public void A_generator_that_trains_faster_than_the_interval_writes_one_checkpoint_an_epoch()
    {
        using var data = GanRuns.Images();
        using var run = RunFolder.Create(_folder.File("run"));
        var (generator, discriminator) = GanTrainer.CreateNetworks(GanRuns.Network, 1);
        using var _ = generator;
        using var __ = discriminator;
        using var trainer = new GanTrainer(generator, discriminator, GanRuns.Options with { EmaDecay = 0.9 }) { CheckpointInterval = TimeSpan.MaxValue };
        var found = new List<(int Epoch, int Step)>();
        trainer.Fit(data, run, new GanProgressCallback(_ =>
        {
            using var checkpoint = GanCheckpointInfo.Open(run.CheckpointPath);
            found.Add((checkpoint.State.Epoch, checkpoint.State.Step));
        }));

        Assert.Equal([(1, 0), (1, 0), (1, 0), (2, 0), (2, 0), (2, 0), (2, 0), (3, 0)], found);

        // Both networks, their last healthy weights and Adam's two moments of each, and the generator's average; each generator has statistics of batch norm.
        var (ofGenerator, ofDiscriminator) = (Parameters(generator), Parameters(discriminator));
        var statistics = generator.buffers().Sum(buffer => buffer.numel() * buffer.element_size());
        AssertSize((4 * ((5 * ofGenerator) + (4 * ofDiscriminator))) + (3 * statistics), run.CheckpointPath);
    }

    public void Dispose() => _folder.Dispose();

    private static long Parameters(nn.Module network) => network.parameters().Sum(parameter => parameter.numel());

    // Beside the tensors there are only their names, the options and the history.
    private static void AssertSize(long tensorBytes, string path) => Assert.InRange(new FileInfo(path).Length - tensorBytes, 0, 16 << 10);
}
