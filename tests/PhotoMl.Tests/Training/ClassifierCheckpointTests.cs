using System.Text.Json.Nodes;
using PhotoMl.IO;
using PhotoMl.Models;
using PhotoMl.Training;
using static TorchSharp.torch;

namespace PhotoMl.Tests.Training;

public sealed class ClassifierCheckpointTests : IDisposable
{
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
    };

    private static readonly Dictionary<string, Action<JsonObject>> Metadata = new()
    {
        ["a newer format"] = stored => stored["info"]!["format_version"] = 2,
        ["another optimizer"] = stored => stored["info"]!["options"]!["optimizer"] = "sgd",
        ["an optimizer nobody knows"] = stored => stored["info"]!["options"]!["optimizer"] = "magic",
        ["no average"] = stored => stored["info"]!["options"]!["weight_average"] = 0,
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
        ["an end without an epoch"] = stored => stored["state"]!["finished"] = true,
        ["more right than seen"] = stored => stored["state"]!["correct"] = 1_000_000,
        ["a history of null"] = stored => stored["state"]!["history"] = new JsonArray((JsonNode?)null),
        ["steps but no images"] = stored => stored["state"]!["seen"] = 0,
        ["negative seconds"] = stored => stored["state"]!["seconds"] = -1,
        ["seconds that are no number"] = stored => stored["state"]!["epoch_seconds"] = "NaN",
        ["seconds no clock can show"] = stored => stored["state"]!["seconds"] = 1e300,
        ["an epoch of endless seconds"] = stored => AddEpoch(stored["state"]!, epoch: 1, seconds: 1e300),
        ["an epoch by another number"] = stored => AddEpoch(stored["state"]!, epoch: 2, seconds: 1),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> TensorNames => [.. Tensors.Keys];

    public static TheoryData<string> MetadataNames => [.. Metadata.Keys];

    private string RunPath => _folder.File("run");

    private string CheckpointPath => Path.Combine(RunPath, "checkpoint.safetensors");

    [Theory]
    [MemberData(nameof(TensorNames))]
    public void A_checkpoint_with_other_tensors_is_refused(string name)
    {
        Interrupt();
        Rewrite(Tensors[name], _ => { });

        AssertRefused();
    }

    [Theory]
    [MemberData(nameof(MetadataNames))]
    public void A_checkpoint_that_says_something_else_is_refused(string name)
    {
        Interrupt();
        Rewrite(_ => { }, Metadata[name]);

        AssertRefused();
    }

    [Fact]
    public void A_rewritten_checkpoint_is_accepted_while_it_says_the_same()
    {
        Interrupt();
        Rewrite(_ => { }, _ => { });

        using var run = RunFolder.Open(RunPath);
        using var trainer = ClassifierTrainer.Resume(run, out var model);
        model.Dispose();
    }

    [Fact]
    public void A_checkpoint_cut_anywhere_is_refused()
    {
        Interrupt();
        var bytes = File.ReadAllBytes(CheckpointPath);
        for (var i = 0; i < 40; i++)
        {
            File.WriteAllBytes(CheckpointPath, bytes[..(int)(i * (long)bytes.Length / 40)]);
            AssertRefused();
        }
    }

    [Fact]
    public void Every_bit_of_the_weights_counts()
    {
        Interrupt();
        var bytes = File.ReadAllBytes(CheckpointPath);
        for (var i = 1; i <= 20; i++)
        {
            byte[] flipped = [.. bytes];
            flipped[^(int)(i * (long)bytes.Length / 2 / 20)] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(CheckpointPath, flipped);
            AssertRefused();
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("text")]
    [InlineData("""{"info":null,"state":null}""")]
    public void A_checkpoint_whose_metadata_are_something_else_is_refused(string json)
    {
        Interrupt();
        SafetensorsWriter.Write(CheckpointPath, [], new Dictionary<string, string> { ["photoml_checkpoint"] = json });

        AssertRefused();
    }

    [Fact]
    public void A_model_is_no_checkpoint()
    {
        Interrupt();
        File.WriteAllBytes(CheckpointPath, Models.ModelFileBytes.Valid);

        AssertRefused();
    }

    [Fact]
    public void Resuming_leaves_no_tensor_behind_whether_it_succeeds_or_fails()
    {
        Interrupt();
        var good = File.ReadAllBytes(CheckpointPath);
        Rewrite(Tensors["a missing mean of the optimizer"], _ => { });
        var bad = File.ReadAllBytes(CheckpointPath);
        TensorAssert.NoneIsLeftBehind(Resume, classifiers: 6); // trained, averaged and best, twice

        void Resume()
        {
            File.WriteAllBytes(CheckpointPath, bad);
            AssertRefused();
            File.WriteAllBytes(CheckpointPath, good);
            using var run = RunFolder.Open(RunPath);
            using var trainer = ClassifierTrainer.Resume(run, out var model);
            model.Dispose();
        }
    }

    public void Dispose() => _folder.Dispose();

    // An epoch that ended as well as it could, but for these two.
    private static void AddEpoch(JsonNode state, int epoch, double seconds)
    {
        (state["epoch"], state["best_epoch"]) = (2, 1);
        state["history"] = new JsonArray(System.Text.Json.JsonSerializer.SerializeToNode(new EpochReport(epoch, 1, 0.5, 1, 0.5, 0.1, seconds, 10, 0.5), PhotoMlJson.Line));
    }

    private void Interrupt()
    {
        using var data = TrainingRuns.Images(count: 100);
        using var run = RunFolder.Create(RunPath);
        using var model = new ConvClassifier(TrainingRuns.Network);
        using var trainer = new ClassifierTrainer(model, TrainingRuns.Options);
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(data, run, cancellationToken: new CancellationToken(canceled: true)));
    }

    private void Rewrite(Action<Dictionary<string, Tensor>> changeTensors, Action<JsonObject> changeMetadata)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        JsonObject stored;
        using (var reader = SafetensorsReader.Open(CheckpointPath))
        {
            foreach (var name in reader.Tensors.Keys)
            {
                tensors[name] = reader.ReadTensor(name);
            }

            stored = JsonNode.Parse(reader.Metadata["photoml_checkpoint"])!.AsObject();
        }

        changeTensors(tensors);
        changeMetadata(stored);
        SafetensorsWriter.Write(CheckpointPath, tensors, new Dictionary<string, string> { ["photoml_checkpoint"] = stored.ToJsonString() });
    }

    private void AssertRefused()
    {
        using var run = RunFolder.Open(RunPath);
        var exception = Assert.Throws<InvalidModelException>(() => ClassifierTrainer.Resume(run, out _));

        Assert.StartsWith($"{CheckpointPath}: expected ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
