using PhotoMl.Models;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public sealed class ExportTests(TrainedModel trained, TrainedGenerators generators) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_classifiers_weights_are_in_the_state_dict_under_their_names()
    {
        var output = _folder.File("weights.pth");
        var line = Tool.Run("export", trained.Run, "--output", output, "--json").Json;

        Assert.Equal(("export", "pytorch", output), (line.GetProperty("command").GetString(), line.GetProperty("format").GetString(), line.GetProperty("output").GetString()));
        Assert.Equal(new FileInfo(output).Length, line.GetProperty("bytes").GetInt64());
        var tensors = StateDictFile.Read(output);
        using var model = ClassifierFile.Load(Path.Combine(trained.Run, "model.safetensors"));
        foreach (var (name, expected) in model.Model.state_dict())
        {
            Assert.True(expected.equal(tensors[name]).all().item<bool>(), name);
        }

        Assert.Equal(model.Model.state_dict().Count, tensors.Count);
    }

    [Fact]
    public void A_generator_is_exported_beside_where_it_is_named()
    {
        var output = _folder.File("generator.pth");
        var lines = Tool.Run("export", generators.Run, "--format", "pytorch", "--output", output).OutLines;

        Assert.Contains("verified against the model", lines[0], StringComparison.Ordinal);
        Assert.Equal(["  input   latents (N, 100) of float32: of the standard normal distribution", "  output  images (N, 1, 28, 28) of float32: in [-1, 1]"], lines[1..]);
        Assert.NotEmpty(StateDictFile.Read(output));
    }

    [Theory]
    [InlineData(false, "logits")]
    [InlineData(true, "probabilities")]
    public void A_classifiers_graph_gives_what_is_asked_for(bool softmax, string result)
    {
        var output = _folder.File("model.onnx");
        string[] options = softmax ? ["--softmax"] : [];
        var line = Tool.Run(["export", trained.Run, "--format", "onnx", "--output", output, "--json", .. options]).Json;

        Assert.Equal(result, line.GetProperty("result").GetProperty("name").GetString());
        Assert.Equal("[-1,1,28,28]", line.GetProperty("inputs")[0].GetProperty("shape").GetRawText());
        Assert.Equal(new FileInfo(output).Length, line.GetProperty("bytes").GetInt64());
    }

    [Fact]
    public void A_file_that_is_there_is_replaced_only_when_asked()
    {
        var output = _folder.File("weights.pth");
        File.WriteAllText(output, "mine");
        Refusal.OfInput("weights.pth: expected a file that is not there yet, or --overwrite, but found one that is", "export", trained.Run, "--format", "pytorch", "--output", output);
        Assert.Equal("mine", File.ReadAllText(output));

        Assert.Equal(0, Tool.Run("export", trained.Run, "--format", "pytorch", "--output", output, "--overwrite").ExitCode);
        Assert.NotEmpty(StateDictFile.Read(output));
    }

    [Fact]
    public void What_cannot_be_exported_is_told_in_one_line()
    {
        var model = Path.Combine(trained.Run, "model.safetensors");
        Refusal.OfUsage("--format: expected onnx or pytorch, but got 'caffe'", "export", trained.Run, "--format", "caffe");
        Refusal.OfUsage("--softmax: expected --format onnx", "export", trained.Run, "--format", "pytorch", "--softmax", "--output", _folder.File("weights.pth"));
        Refusal.OfUsage("--softmax: expected a classifier", "export", generators.Run, "--format", "onnx", "--softmax", "--output", _folder.File("weights.onnx"));
        Refusal.OfInput($"expected a path outside of {model}", "export", model, "--format", "pytorch", "--output", model);
        Refusal.OfInput("its folder does not exist", "export", trained.Run, "--format", "pytorch", "--output", _folder.File("nosuch/weights.pth"));
        Refusal.OfInput("nosuch.safetensors", "export", _folder.File("nosuch.safetensors"), "--format", "pytorch", "--output", _folder.File("weights.pth"));
        Assert.False(File.Exists(_folder.File("weights.pth")));
    }
}
