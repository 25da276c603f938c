namespace PhotoMl.Tests.Training;

/// <summary>What the checkpoints of generative runs have of their own; the rest is as in <see cref="CheckpointTests"/>.</summary>
public sealed class GanCheckpointTests : IDisposable
{
    private static readonly DcganOptions Network = new() { Latent = 1, Classes = 4 };
    private static readonly GanTrainingOptions Options = GanRuns.Options with { EmaDecay = 0.9 };
    private static readonly Lazy<byte[]> Valid = new(() => StoredCheckpoint.Of(Interrupt));

    private static readonly Dictionary<string, Action<Dictionary<string, Tensor>>> Tensors = new()
    {
        ["an extra tensor of the discriminator"] = tensors => tensors["discriminator.conv3.weight"] = zeros(1),
        ["a missing vector of the classes"] = tensors => tensors.Remove("discriminator.classes.weight"),
        ["a missing statistic"] = tensors => tensors.Remove("generator.norm2.running_var"),
        ["a missing count"] = tensors => tensors.Remove("average.norm1.num_batches_tracked"),
        ["a missing healthy discriminator"] = tensors => tensors.Remove("kept.discriminator.conv1.bias"),
        ["a missing square of an optimizer"] = tensors => tensors.Remove("optimizer.discriminator.conv2.weight.square"),
        ["a count of another dtype"] = tensors => tensors["generator.norm1.num_batches_tracked"] = zeros([]),
        ["a healthy weight of another shape"] = tensors => tensors["kept.generator.norm2.bias"] = zeros(127),
        ["a NaN statistic"] = tensors => tensors["kept.generator.norm2.running_var"] = full([128], float.NaN),
        ["negative steps of an optimizer"] = tensors => tensors["optimizer.discriminator.steps"] = tensor(-1L),
    };

    private static readonly Dictionary<string, Action<JsonNode>> Infos = new()
    {
        ["a loss nobody knows"] = info => info["options"]!["loss"] = "magic",
        ["a loss by number"] = info => info["options"]!["loss"] = 17,
        ["conflicting options"] = info => (info["options"]!["loss"], info["options"]!["label_smoothing"]) = ("hinge", 0.1),
        ["another network"] = info => info["network"]!["latent"] = 2,
        ["an unconditional network"] = info => info["network"]!["classes"] = 0,
        ["a network of two channels"] = info => info["network"]!["channels"] = 2,
    };

    private readonly StoredCheckpoint _stored = new(Valid.Value, Resume);

    public static TheoryData<string> TensorNames => [.. Tensors.Keys];

    public static TheoryData<string> InfoNames => [.. Infos.Keys];

    [Theory]
    [MemberData(nameof(TensorNames))]
    public void A_checkpoint_with_other_tensors_is_refused(string name)
    {
        _stored.Rewrite(Tensors[name]);
        _stored.AssertRefused();
    }

    [Theory]
    [MemberData(nameof(InfoNames))]
    public void A_checkpoint_of_something_else_is_refused(string name)
    {
        _stored.Rewrite(changeMetadata: (info, _) => Infos[name](info));
        _stored.AssertRefused();
    }

    [Fact]
    public void A_run_that_would_take_longer_than_a_clock_can_show_goes_on()
    {
        _stored.Rewrite(changeMetadata: (info, state) =>
        {
            info["options"]!["epochs"] = 100_000;
            (state["epoch_seconds"], state["step"], state["means"]) = (RunState<GanEpochReport>.MostSeconds, 0, new JsonObject());
        });
        using var data = GanRuns.Images(count: 16);
        using var run = _stored.Open();
        using var gan = new Gan(run);
        var remaining = TimeSpan.Zero;

        Assert.Throws<OperationCanceledException>(
            () => gan.Fit(data, run, report => remaining = report.Remaining, new CancellationToken(canceled: true)));
        Assert.Equal(TimeSpan.FromSeconds(RunState<GanEpochReport>.MostSeconds), remaining);
    }

    [Fact]
    public void The_checkpoint_of_a_generator_is_not_that_of_a_classifier()
    {
        using var run = _stored.Open();
        var exception = Assert.Throws<InvalidModelException>(() => ClassifierTrainer.Resume(run, out _));

        Assert.StartsWith($"{_stored.Path}: expected a checkpoint of a classifier", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resuming_leaves_no_tensor_behind_whether_it_succeeds_or_fails()
    {
        _stored.Rewrite(Tensors["a missing square of an optimizer"]);
        var late = File.ReadAllBytes(_stored.Path);
        _stored.Write(Valid.Value);
        _stored.Rewrite(changeMetadata: (info, _) => Infos["conflicting options"](info));
        var early = File.ReadAllBytes(_stored.Path);

        // Shapes, trained, averaged and healthy; and the one that fails early makes none.
        const int Parameters = (4 * GanRuns.GeneratorParameters) + (3 * GanRuns.ConditionalDiscriminatorParameters);
        TensorAssert.NoneIsLeftBehind(ResumeAll, parameters: 2 * Parameters);

        void ResumeAll()
        {
            foreach (var bad in new[] { late, early })
            {
                _stored.Write(bad);
                _stored.AssertRefused();
            }

            _stored.Write(Valid.Value);
            _stored.Resume();
        }
    }

    public void Dispose() => _stored.Dispose();

    private static void Resume(RunFolder run)
    {
        using var gan = new Gan(run);
    }

    private static void Interrupt(string folder)
    {
        using var data = GanRuns.Images(count: 16);
        GanRuns.Interrupt(data, folder, Network, Options);
    }
}
