using System.Text.Json.Nodes;

namespace PhotoMl.Tests.Training;

public sealed class GanCheckpointTests() : CheckpointTests(ValidBytes.Value)
{
    private static readonly DcganOptions Network = new() { Latent = 1, Classes = 4 };
    private static readonly GanTrainingOptions Options = GanRuns.Options with { EmaDecay = 0.9 };
    private static readonly Lazy<byte[]> ValidBytes = new(Interrupt);

    private static readonly Dictionary<string, Action<Dictionary<string, Tensor>>> Tensors = new()
    {
        ["an extra tensor"] = tensors => tensors["extra"] = zeros(1),
        ["an extra tensor of the generator"] = tensors => tensors["generator.conv4.weight"] = zeros(1),
        ["an extra tensor of the discriminator"] = tensors => tensors["discriminator.conv3.weight"] = zeros(1),
        ["an extra tensor of the healthy generator"] = tensors => tensors["healthy_generator.conv4.weight"] = zeros(1),
        ["an extra tensor of an optimizer"] = tensors => tensors["generator_optimizer.conv1.weight.cube"] = zeros(1),
        ["a missing weight of the generator"] = tensors => tensors.Remove("generator.conv3.weight"),
        ["a missing weight of the discriminator"] = tensors => tensors.Remove("discriminator.dense.bias"),
        ["a missing vector of the classes"] = tensors => tensors.Remove("discriminator.classes.weight"),
        ["a missing statistic"] = tensors => tensors.Remove("generator.norm2.running_var"),
        ["a missing count"] = tensors => tensors.Remove("average.norm1.num_batches_tracked"),
        ["a missing average"] = tensors => tensors.Remove("average.dense.weight"),
        ["a missing healthy generator"] = tensors => tensors.Remove("healthy_generator.norm3.bias"),
        ["a missing healthy discriminator"] = tensors => tensors.Remove("healthy_discriminator.conv1.bias"),
        ["a missing mean of the generator's optimizer"] = tensors => tensors.Remove("generator_optimizer.conv2.weight.mean"),
        ["a missing square of the discriminator's optimizer"] = tensors => tensors.Remove("discriminator_optimizer.conv2.weight.square"),
        ["a weight of another shape"] = tensors => tensors["generator.conv3.weight"] = zeros(64, 3, 5, 5),
        ["a weight of another dtype"] = tensors => tensors["discriminator.dense.bias"] = zeros(1, ScalarType.Float64),
        ["a count of another dtype"] = tensors => tensors["generator.norm1.num_batches_tracked"] = zeros([]),
        ["a healthy weight of another shape"] = tensors => tensors["healthy_generator.norm2.bias"] = zeros(127),
        ["a mean of another shape"] = tensors => tensors["discriminator_optimizer.dense.bias.mean"] = zeros(1, 1),
        ["a NaN weight of the generator"] = tensors => tensors["generator.norm2.bias"] = full([128], float.NaN),
        ["an infinite weight of the discriminator"] = tensors => tensors["discriminator.dense.bias"] = full([1], float.PositiveInfinity),
        ["a NaN average"] = tensors => tensors["average.norm2.bias"] = full([128], float.NaN),
        ["a NaN statistic"] = tensors => tensors["healthy_generator.norm2.running_var"] = full([128], float.NaN),
        ["no steps of an optimizer"] = tensors => tensors.Remove("discriminator_optimizer.steps"),
        ["negative steps of an optimizer"] = tensors => tensors["generator_optimizer.steps"] = tensor(-1L),
        ["a NaN weight of the healthy discriminator"] = tensors => tensors["healthy_discriminator.dense.bias"] = full([1], float.NaN),
    };

    private static readonly Dictionary<string, Action<JsonObject>> Metadata = new()
    {
        ["a newer format"] = stored => stored["info"]!["format_version"] = CheckpointInfo.CurrentFormat + 1,
        ["an older format"] = stored => stored["info"]!["format_version"] = CheckpointInfo.CurrentFormat - 1,
        ["a format of 0"] = stored => stored["info"]!["format_version"] = 0,
        ["another kind"] = stored => stored["info"]!["kind"] = "checkpoint of a classifier",
        ["a loss nobody knows"] = stored => stored["info"]!["options"]!["loss"] = "magic",
        ["a loss by number"] = stored => stored["info"]!["options"]!["loss"] = 17,
        ["options that contradict each other"] = stored => (stored["info"]!["options"]!["loss"], stored["info"]!["options"]!["label_smoothing"]) = ("hinge", 0.1),
        ["options out of range"] = stored => stored["info"]!["options"]!["batch_size"] = 1,
        ["no average"] = stored => stored["info"]!["options"]!["ema_decay"] = 0,
        ["no options"] = stored => stored["info"]!.AsObject().Remove("options"),
        ["options of null"] = stored => stored["info"]!["options"] = null,
        ["another network"] = stored => stored["info"]!["network"]!["latent"] = 2,
        ["an unconditional network"] = stored => stored["info"]!["network"]!["classes"] = 0,
        ["a network of ten thousand classes"] = stored => stored["info"]!["network"]!["classes"] = 10_000,
        ["a network of two channels"] = stored => stored["info"]!["network"]!["channels"] = 2,
        ["a network of null"] = stored => stored["info"]!["network"] = null,
        ["no thread"] = stored => stored["info"]!["threads"] = 0,
        ["a million threads"] = stored => stored["info"]!["threads"] = 1_000_000,
        ["no state"] = stored => stored.Remove("state"),
        ["a negative step"] = stored => stored["state"]!["step"] = -1,
        ["an epoch too far"] = stored => stored["state"]!["epoch"] = 3,
        ["a healthy epoch that never was"] = stored => stored["state"]!["healthy_epoch"] = 2,
        ["an end without an epoch"] = stored => stored["state"]!["finished"] = true,
        ["more good steps than steps"] = stored => stored["state"]!["good_steps"] = 2,
        ["more steps of the generator than good ones"] = stored => stored["state"]!["generator_steps"] = 2,
        ["steps but no images"] = stored => stored["state"]!["seen"] = 0,
        ["negative restores"] = stored => stored["state"]!["restores"] = -1,
        ["more restores than a run survives"] = stored => stored["state"]!["restores"] = int.MaxValue,
        ["a loss that is no number"] = stored => stored["state"]!["generator_loss_sum"] = "NaN",
        ["a score that is infinite"] = stored => stored["state"]!["real_score_sum"] = "Infinity",
        ["negative seconds"] = stored => stored["state"]!["seconds"] = -1,
        ["seconds that are no number"] = stored => stored["state"]!["epoch_seconds"] = "NaN",
        ["seconds no clock can show"] = stored => stored["state"]!["seconds"] = 1e300,
        ["an epoch of endless seconds"] = stored => AddEpoch(stored, GanRuns.Report(1, seconds: 1e300)),
        ["an epoch by another number"] = stored => AddEpoch(stored, GanRuns.Report(2)),
        ["a history of null"] = stored => stored["state"]!["history"] = new JsonArray((JsonNode?)null),
        ["no history"] = stored => stored["state"]!["history"] = null,
    };

    public static TheoryData<string> TensorNames => [.. Tensors.Keys];

    public static TheoryData<string> MetadataNames => [.. Metadata.Keys];

    [Theory]
    [MemberData(nameof(TensorNames))]
    public void A_checkpoint_with_other_tensors_is_refused(string name)
    {
        Rewrite(Tensors[name]);

        AssertRefused();
    }

    [Theory]
    [MemberData(nameof(MetadataNames))]
    public void A_checkpoint_of_something_else_is_refused(string name)
    {
        Rewrite(changeMetadata: Metadata[name]);

        AssertRefused();
    }

    [Fact]
    public void A_run_that_would_take_longer_than_a_clock_can_show_goes_on()
    {
        Rewrite(changeMetadata: stored =>
        {
            stored["info"]!["options"]!["epochs"] = 100_000;
            stored["state"]!["epoch_seconds"] = RunState.MostSeconds;
            foreach (var count in new[] { "step", "good_steps", "generator_steps", "seen" })
            {
                stored["state"]![count] = 0;
            }
        });
        using var data = GanRuns.Images(count: 16);
        using var run = RunFolder.Open(RunPath);
        using var trainer = GanTrainer.Resume(run, null, out var generator, out var discriminator);
        using var _ = generator;
        using var __ = discriminator;
        var remaining = TimeSpan.Zero;

        Assert.Throws<OperationCanceledException>(() => trainer.Fit(data, run, new GanProgressCallback(report => remaining = report.Remaining), new CancellationToken(canceled: true)));
        Assert.Equal(TimeSpan.FromSeconds(RunState.MostSeconds), remaining);
    }

    [Fact]
    public void The_checkpoint_of_a_classifier_is_not_that_of_a_generator_nor_the_reverse()
    {
        using (var run = RunFolder.Open(RunPath))
        {
            var exception = Assert.Throws<InvalidModelException>(() => ClassifierTrainer.Resume(run, out _));
            Assert.StartsWith($"{CheckpointPath}: expected a checkpoint of a classifier", exception.Message, StringComparison.Ordinal);
        }

        Directory.Delete(RunPath, recursive: true);
        using var data = TrainingRuns.Images(count: 100);
        TrainingRuns.Interrupt(data, RunPath);
        Assert.Contains("expected a checkpoint of a generator", AssertRefused(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_run_is_can_be_read_without_its_tensors()
    {
        using var run = RunFolder.Open(RunPath);
        var info = GanCheckpointInfo.Read(run);

        Assert.Equal((Network, Options, "synthetic 1", null), (info.Network, info.Options, info.Data, info.ClassifierHash));
    }

    [Fact]
    public void Resuming_leaves_no_tensor_behind_whether_it_succeeds_or_fails()
    {
        Rewrite(Tensors["a missing square of the discriminator's optimizer"]);
        var late = File.ReadAllBytes(CheckpointPath);
        WriteValid();
        Rewrite(changeMetadata: Metadata["options that contradict each other"]);
        var early = File.ReadAllBytes(CheckpointPath);

        // Shapes, trained, averaged and healthy; and the one that fails early makes none.
        const int Parameters = (4 * GanRuns.GeneratorParameters) + (3 * GanRuns.ConditionalDiscriminatorParameters);
        TensorAssert.NoneIsLeftBehind(ResumeAll, parameters: 2 * Parameters);

        void ResumeAll()
        {
            foreach (var bad in new[] { late, early })
            {
                File.WriteAllBytes(CheckpointPath, bad);
                AssertRefused();
            }

            WriteValid();
            Resume();
        }
    }

    private protected override void Resume(RunFolder run)
    {
        using var trainer = GanTrainer.Resume(run, null, out var generator, out var discriminator);
        generator.Dispose();
        discriminator.Dispose();
    }

    private static byte[] Interrupt()
    {
        using var folder = new TemporaryFolder();
        using var data = GanRuns.Images(count: 16);
        GanRuns.Interrupt(data, folder.File("run"), Network, Options);
        return File.ReadAllBytes(folder.File("run", RunFolder.CheckpointName));
    }
}
