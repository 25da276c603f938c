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
        var line = Tool.Run("export", trained.Run, "--format", "pytorch", "--output", output, "--json").Json;

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
        Assert.Contains("computes what the model does", Assert.Single(Tool.Run("export", generators.Run, "--format", "pytorch", "--output", output).OutLines), StringComparison.Ordinal);
        Assert.NotEmpty(StateDictFile.Read(output));
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
        Refusal.OfUsage("--format: expected pytorch, but got 'caffe'", "export", trained.Run, "--format", "caffe");
        Refusal.OfUsage("--output: expected another file than the model", "export", model, "--format", "pytorch", "--output", model);
        Refusal.OfInput("its folder does not exist", "export", trained.Run, "--format", "pytorch", "--output", _folder.File("nosuch/weights.pth"));
        Refusal.OfInput("nosuch.safetensors", "export", _folder.File("nosuch.safetensors"), "--format", "pytorch", "--output", _folder.File("weights.pth"));
        Assert.False(File.Exists(_folder.File("weights.pth")));
    }
}
