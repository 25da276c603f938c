using System.Text.Json.Nodes;

namespace PhotoMl.Tests.Training;

/// <summary>What holds of the checkpoints of every kind of run.</summary>
public abstract class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _valid;

    private protected CheckpointTests(byte[] valid)
    {
        _valid = valid;
        _folder.Write(Path.Combine("run", RunFolder.CheckpointName), valid);
    }

    private protected string RunPath => _folder.File("run");

    private protected string CheckpointPath => Path.Combine(RunPath, RunFolder.CheckpointName);

    [Fact]
    public void A_rewritten_checkpoint_is_accepted_while_it_has_the_same()
    {
        Rewrite();

        Resume();
    }

    [Fact]
    public void A_checkpoint_cut_anywhere_is_refused()
    {
        for (var i = 0; i < 40; i++)
        {
            File.WriteAllBytes(CheckpointPath, _valid[..(int)(i * (long)_valid.Length / 40)]);
            AssertRefused();
        }
    }

    [Fact]
    public void Every_bit_of_the_tensors_counts()
    {
        for (var i = 1; i <= 20; i++)
        {
            byte[] flipped = [.. _valid];
            flipped[^(int)(i * (long)_valid.Length / 2 / 20)] ^= (byte)(1 << (i % 8));
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
        SafetensorsWriter.Write(CheckpointPath, [], new Dictionary<string, string> { ["photoml"] = json });

        AssertRefused();
    }

    [Theory]
    [InlineData("photoml_checkpoint")]
    [InlineData("photoml_gan_checkpoint")]
    public void A_checkpoint_of_version_0_1_is_refused_with_the_reason(string key)
    {
        SafetensorsWriter.Write(CheckpointPath, [], new Dictionary<string, string> { [key] = "{}" });

        Assert.Contains("found a checkpoint of PhotoMl 0.1, whose runs cannot be resumed", AssertRefused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_no_checkpoint()
    {
        File.WriteAllBytes(CheckpointPath, Models.EditableModelFile.Classifier.Valid);

        AssertRefused();
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract void Resume(RunFolder run);

    /// <summary>Resumes the run and disposes of it.</summary>
    private protected void Resume()
    {
        using var run = RunFolder.Open(RunPath);
        Resume(run);
    }

    private protected string AssertRefused()
    {
        var exception = Assert.Throws<InvalidModelException>(Resume);

        Assert.StartsWith($"{CheckpointPath}: expected ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        return exception.Message;
    }

    private protected void WriteValid() => File.WriteAllBytes(CheckpointPath, _valid);

    private protected void Rewrite(Action<Dictionary<string, Tensor>>? changeTensors = null, Action<JsonObject>? changeMetadata = null)
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

            stored = JsonNode.Parse(reader.Metadata["photoml"])!.AsObject();
        }

        changeTensors?.Invoke(tensors);
        changeMetadata?.Invoke(stored);
        ModelFile.Write(CheckpointPath, stored, tensors);
    }

    /// <summary>Makes it the checkpoint of a second epoch, after one that ended like this.</summary>
    private protected static void AddEpoch<T>(JsonObject stored, T epoch)
    {
        stored["state"]!["epoch"] = 2;
        stored["state"]!["history"] = new JsonArray(System.Text.Json.JsonSerializer.SerializeToNode(epoch, PhotoMlJson.Line));
    }
}
