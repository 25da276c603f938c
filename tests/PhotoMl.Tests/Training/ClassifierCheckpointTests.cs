using System.Text.Json.Nodes;

namespace PhotoMl.Tests.Training;

public sealed class ClassifierCheckpointTests() : CheckpointTests(ValidBytes.Value)
{
    private static readonly Lazy<byte[]> ValidBytes = new(Interrupt);

    private static readonly Dictionary<string, Action<Dictionary<string, Tensor>>> Tensors = new()
    {
        ["an extra tensor"] = tensors => tensors["extra"] = zeros(1),
        ["an extra tensor of the model"] = tensors => tensors["model.conv4.weight"] = zeros(1),
        ["an extra tensor of the optimizer"] = tensors => tensors["optimizer.conv1.weight.cube"] = zeros_like(tensors["model.conv1.weight"]),
        ["a missing weight"] = tensors => tensors.Remove("model.conv1.bias"),
        ["a missing best weight"] = tensors => tensors.Remove("best.conv1.bias"),
        ["a missing average"] = tensors => tensors.Remove("average.dense2.weight"),
        ["a missing mean of the optimizer"] = tensors => tensors.Remove("optimizer.conv2.weight.mean"),
        ["a weight of another shape"] = tensors => tensors["model.conv1.bias"] = zeros(31),
        ["a weight of another dtype"] = tensors => tensors["model.conv1.bias"] = zeros(32, ScalarType.Float64),
        ["a mean of another shape"] = tensors => tensors["optimizer.conv1.bias.mean"] = zeros(1, 32),
        ["a NaN weight"] = tensors => tensors["model.conv1.bias"] = full([32], float.NaN),
        ["a NaN average"] = tensors => tensors["average.conv1.bias"] = full([32], float.NaN),
        ["no steps of the optimizer"] = tensors => tensors.Remove("optimizer.steps"),
        ["negative steps of the optimizer"] = tensors => tensors["optimizer.steps"] = tensor(-1L),
    };

    private static readonly Dictionary<string, Action<JsonObject>> Metadata = new()
    {
        ["a newer format"] = stored => stored["info"]!["format_version"] = CheckpointInfo.CurrentFormat + 1,
        ["an older format"] = stored => stored["info"]!["format_version"] = CheckpointInfo.CurrentFormat - 1,
        ["another kind"] = stored => stored["info"]!["kind"] = "checkpoint of a generator",
        ["another optimizer"] = stored => stored["info"]!["options"]!["optimizer"] = "sgd",
        ["an optimizer nobody knows"] = stored => stored["info"]!["options"]!["optimizer"] = "magic",
        ["no average"] = stored => stored["info"]!["options"]!["ema_decay"] = 0,
        ["options out of range"] = stored => stored["info"]!["options"]!["batch_size"] = 0,
        ["another network"] = stored => stored["info"]!["network"]!["classes"] = 5,
        ["a network of gigabytes"] = stored => stored["info"]!["network"] = new JsonObject { ["height"] = 4096, ["width"] = 4096 },
        ["no thread"] = stored => stored["info"]!["threads"] = 0,
        ["a million threads"] = stored => stored["info"]!["threads"] = 1_000_000,
        ["no options"] = stored => stored["info"]!.AsObject().Remove("options"),
        ["no state"] = stored => stored.Remove("state"),
        ["a negative step"] = stored => stored["state"]!["step"] = -1,
        ["an epoch too far"] = stored => stored["state"]!["epoch"] = 3,
        ["a best epoch that never was"] = stored => stored["state"]!["best_epoch"] = 2,
        ["an epoch but no best one"] = stored => AddEpoch(stored, TrainingRuns.Report(1)),
        ["an end without an epoch"] = stored => stored["state"]!["finished"] = true,
        ["more right than seen"] = stored => stored["state"]!["correct"] = 1_000_000,
        ["a history of null"] = stored => stored["state"]!["history"] = new JsonArray((JsonNode?)null),
        ["steps but no images"] = stored => stored["state"]!["seen"] = 0,
        ["negative seconds"] = stored => stored["state"]!["seconds"] = -1,
        ["seconds that are no number"] = stored => stored["state"]!["epoch_seconds"] = "NaN",
        ["seconds no clock can show"] = stored => stored["state"]!["seconds"] = 1e300,
        ["an epoch of endless seconds"] = stored => AddBestEpoch(stored, TrainingRuns.Report(1, seconds: 1e300)),
        ["an epoch by another number"] = stored => AddBestEpoch(stored, TrainingRuns.Report(2)),
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
    public void A_checkpoint_after_an_epoch_is_accepted()
    {
        Rewrite(changeMetadata: stored => AddBestEpoch(stored, TrainingRuns.Report(1)));

        Resume();
    }

    [Fact]
    public void Resuming_leaves_no_tensor_behind_whether_it_succeeds_or_fails()
    {
        Rewrite(Tensors["a missing mean of the optimizer"]);
        var bad = File.ReadAllBytes(CheckpointPath);
        TensorAssert.NoneIsLeftBehind(ResumeBoth, classifiers: 8); // shapes, trained, averaged and best, twice

        void ResumeBoth()
        {
            File.WriteAllBytes(CheckpointPath, bad);
            AssertRefused();
            WriteValid();
            Resume();
        }
    }

    private protected override void Resume(RunFolder run)
    {
        using var trainer = ClassifierTrainer.Resume(run, out var model);
        model.Dispose();
    }

    private static void AddBestEpoch(JsonObject stored, EpochReport epoch)
    {
        AddEpoch(stored, epoch);
        stored["state"]!["best_epoch"] = 1;
    }

    private static byte[] Interrupt()
    {
        using var folder = new TemporaryFolder();
        using var data = TrainingRuns.Images(count: 100);
        TrainingRuns.Interrupt(data, folder.File("run"));
        return File.ReadAllBytes(folder.File("run", RunFolder.CheckpointName));
    }
}
