using System.Text.Json;

namespace PhotoMl.Tests.Training;

/// <summary>What holds of the checkpoints of every run, shown by those of a classifier.</summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly Lazy<byte[]> Valid = new(() => StoredCheckpoint.Of(Interrupt));

    private static readonly Dictionary<string, Action<Dictionary<string, Tensor>>> Tensors = new()
    {
        ["an extra tensor"] = tensors => tensors["extra"] = zeros(1),
        ["an extra tensor of the model"] = tensors => tensors["model.conv4.weight"] = zeros(1),
        ["an extra tensor of the optimizer"] = tensors => tensors["optimizer.model.conv1.weight.cube"] = zeros(1),
        ["a missing weight"] = tensors => tensors.Remove("model.conv1.bias"),
        ["a missing kept weight"] = tensors => tensors.Remove("kept.model.conv1.bias"),
        ["a missing average"] = tensors => tensors.Remove("average.dense2.weight"),
        ["a missing mean of the optimizer"] = tensors => tensors.Remove("optimizer.model.conv2.weight.mean"),
        ["a weight of another shape"] = tensors => tensors["model.conv1.bias"] = zeros(31),
        ["a weight of another dtype"] = tensors => tensors["model.conv1.bias"] = zeros(32, ScalarType.Float64),
        ["a mean of another shape"] = tensors => tensors["optimizer.model.conv1.bias.mean"] = zeros(1, 32),
        ["a NaN weight"] = tensors => tensors["model.conv1.bias"] = full([32], float.NaN),
        ["a NaN average"] = tensors => tensors["average.conv1.bias"] = full([32], float.NaN),
        ["an infinite kept weight"] = tensors => tensors["kept.model.conv1.bias"] = full([32], float.PositiveInfinity),
        ["no steps of the optimizer"] = tensors => tensors.Remove("optimizer.model.steps"),
        ["negative steps of the optimizer"] = tensors => tensors["optimizer.model.steps"] = tensor(-1L),
    };

    private static readonly Dictionary<string, Action<JsonNode, JsonNode>> Metadata = new()
    {
        ["a newer format"] = (info, _) => info["format_version"] = RunInfo.CurrentFormat + 1,
        ["an older format"] = (info, _) => info["format_version"] = RunInfo.CurrentFormat - 1,
        ["another kind"] = (info, _) => info["kind"] = "checkpoint of a generator",
        ["another optimizer"] = (info, _) => info["options"]!["optimizer"] = "sgd",
        ["an optimizer nobody knows"] = (info, _) => info["options"]!["optimizer"] = "magic",
        ["no average"] = (info, _) => info["options"]!["ema_decay"] = 0,
        ["options out of range"] = (info, _) => info["options"]!["batch_size"] = 0,
        ["a stage that is not there"] = (info, _) => info["options"]!["freeze"] = "layer4",
        ["options of null"] = (info, _) => info["options"] = null,
        ["no options"] = (info, _) => info.AsObject().Remove("options"),
        ["another network"] = (info, _) => info["network"]!["classes"] = 5,
        ["a network of gigabytes"] = (info, _) => info["network"] = new JsonObject { ["height"] = 4096, ["width"] = 4096 },
        ["a network of null"] = (info, _) => info["network"] = null,
        ["no thread"] = (info, _) => info["threads"] = 0,
        ["a million threads"] = (info, _) => info["threads"] = 1_000_000,
        ["no state"] = (info, _) => info.Parent!.AsObject().Remove("state"),
        ["a negative step"] = (_, state) => state["step"] = -1,
        ["an epoch too far"] = (_, state) => state["epoch"] = 3,
        ["a kept epoch that never was"] = (_, state) => state["kept_epoch"] = 2,
        ["an end without an epoch"] = (_, state) => state["finished"] = true,
        ["an end without a kept epoch"] = (_, state) =>
            (AddEpoch(state, TrainingRuns.Report(1))["finished"], state["kept_epoch"]) = (true, 0),
        ["negative restores"] = (_, state) => state["restores"] = -1,
        ["more restores than a run survives"] = (_, state) => state["restores"] = int.MaxValue,
        ["a mean over more images than were seen"] = (_, state) => state["means"]!["Loss"]!["count"] = 1_000_000,
        ["a mean over fewer than none"] = (_, state) => state["means"]!["Loss"]!["count"] = -1,
        ["a sum that is no number"] = (_, state) => state["means"]!["Loss"]!["sum"] = "NaN",
        ["a sum that is infinite"] = (_, state) => state["means"]!["Loss"]!["sum"] = "Infinity",
        ["more images right than were seen"] = (_, state) => state["means"]!["Accuracy"]!["sum"] = 1e9,
        ["a figure nobody knows"] = (_, state) => state["means"]!["Speed"] = state["means"]!["Loss"]!.DeepClone(),
        ["steps without figures"] = (_, state) => state["means"] = new JsonObject(),
        ["an epoch of which none was kept"] = (_, state) => AddEpoch(state, TrainingRuns.Report(1))["kept_epoch"] = 0,
        ["steps but no images"] = (_, state) => state["seen"] = 0,
        ["a history of null"] = (_, state) => state["history"] = new JsonArray((JsonNode?)null),
        ["no history"] = (_, state) => state["history"] = null,
        ["negative seconds"] = (_, state) => state["seconds"] = -1,
        ["seconds that are no number"] = (_, state) => state["epoch_seconds"] = "NaN",
        ["seconds no clock can show"] = (_, state) => state["seconds"] = 1e300,
        ["an epoch of endless seconds"] = (_, state) => AddEpoch(state, TrainingRuns.Report(1, seconds: 1e300)),
        ["an epoch by another number"] = (_, state) => AddEpoch(state, TrainingRuns.Report(2)),
    };

    private readonly StoredCheckpoint _stored = new(Valid.Value, Resume);

    public static TheoryData<string> TensorNames => [.. Tensors.Keys];

    public static TheoryData<string> MetadataNames => [.. Metadata.Keys];

    [Theory]
    [MemberData(nameof(TensorNames))]
    public void A_checkpoint_with_other_tensors_is_refused(string name)
    {
        _stored.Rewrite(Tensors[name]);
        _stored.AssertRefused();
    }

    [Theory]
    [MemberData(nameof(MetadataNames))]
    public void A_checkpoint_of_something_else_is_refused(string name)
    {
        _stored.Rewrite(changeMetadata: Metadata[name]);
        _stored.AssertRefused();
    }

    [Fact]
    public void A_rewritten_checkpoint_is_accepted_and_so_is_one_after_an_epoch()
    {
        _stored.Rewrite();
        _stored.Resume();
        _stored.Rewrite(changeMetadata: (_, state) => AddEpoch(state, TrainingRuns.Report(1)));
        _stored.Resume();
    }

    [Fact]
    public void A_checkpoint_cut_anywhere_is_refused_and_every_bit_of_its_tensors_counts()
    {
        for (var i = 0; i < 20; i++)
        {
            _stored.Write(Valid.Value[..(int)(i * (long)Valid.Value.Length / 20)]);
            _stored.AssertRefused();
            byte[] flipped = [.. Valid.Value];
            flipped[^(int)((i + 1) * (long)Valid.Value.Length / 2 / 20)] ^= (byte)(1 << (i % 8));
            _stored.Write(flipped);
            _stored.AssertRefused();
        }
    }

    [Theory]
    [InlineData("photoml", "null")]
    [InlineData("photoml", "[]")]
    [InlineData("photoml", "{}")]
    [InlineData("photoml", "text")]
    [InlineData("photoml", """{"info":null,"state":null}""")]
    [InlineData("photoml_checkpoint", "{}", "found a checkpoint of PhotoMl 0.1, whose runs cannot be resumed")]
    [InlineData("photoml_gan_checkpoint", "{}", "found a checkpoint of PhotoMl 0.1, whose runs cannot be resumed")]
    public void A_checkpoint_whose_metadata_are_something_else_is_refused(string key, string json, string expected = "")
    {
        SafetensorsWriter.Write(_stored.Path, [], new Dictionary<string, string> { [key] = json });

        Assert.Contains(expected, _stored.AssertRefused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_no_checkpoint()
    {
        _stored.Write(Models.EditableModelFile.Classifier.Valid);
        _stored.AssertRefused();
    }

    [Fact]
    public void Resuming_leaves_no_tensor_behind_whether_it_succeeds_or_fails()
    {
        _stored.Rewrite(Tensors["a missing mean of the optimizer"]);
        var bad = File.ReadAllBytes(_stored.Path);
        TensorAssert.NoneIsLeftBehind(ResumeBoth, classifiers: 8); // shapes, trained, averaged and best, twice

        void ResumeBoth()
        {
            _stored.Write(bad);
            _stored.AssertRefused();
            _stored.Write(Valid.Value);
            _stored.Resume();
        }
    }

    public void Dispose() => _stored.Dispose();

    private static void Resume(RunFolder run)
    {
        using var cnn = new Cnn(run);
    }

    private static void Interrupt(string folder)
    {
        using var data = TrainingRuns.Images(count: 100);
        TrainingRuns.Interrupt(data, folder);
    }

    // Makes it the checkpoint of a second epoch, after one that was the best.
    private static JsonNode AddEpoch(JsonNode state, EpochReport epoch)
    {
        (state["epoch"], state["kept_epoch"]) = (2, 1);
        state["history"] = new JsonArray(JsonSerializer.SerializeToNode(epoch, PhotoMlJson.Line));
        return state;
    }
}
