namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public sealed class ExportTests(TrainedModel trained, TrainedGenerators generators) : FolderTests
{
    [Fact]
    public void A_classifiers_weights_are_in_the_state_dict_under_their_names()
    {
        var output = Folder.File("weights.pth");
        var line = Tool.Run($"export {trained.Run} --output {output} --json").Json;

        Assert.Equal(("export", "pytorch", output), (line.Text("command"), line.Text("format"), line.Text("output")));
        Assert.Equal(new FileInfo(output).Length, line.Long("bytes"));
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
        var output = Folder.File("generator.pth");
        var lines = Tool.Run($"export {generators.Run} --format pytorch --output {output}").OutLines;

        Assert.Contains("verified against the model", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            [
                "  input   latents (N, 100) of float32: of the standard normal distribution",
                "  output  images (N, 1, 28, 28) of float32: in [-1, 1]",
            ],
            lines[1..]);
        Assert.NotEmpty(StateDictFile.Read(output));
    }

    [Theory]
    [InlineData(false, "logits")]
    [InlineData(true, "probabilities")]
    public void A_classifiers_graph_gives_what_is_asked_for(bool softmax, string result)
    {
        var output = Folder.File("model.onnx");
        string[] options = softmax ? ["--softmax"] : [];
        var line = Tool.Run(["export", trained.Run, "--format", "onnx", "--output", output, "--json", .. options]).Json;

        Assert.Equal(result, line.GetProperty("result").Text("name"));
        Assert.Equal("[-1,1,28,28]", line.GetProperty("inputs")[0].GetProperty("shape").GetRawText());
        Assert.Equal(new FileInfo(output).Length, line.Long("bytes"));
    }

    [Fact]
    public void What_cannot_be_exported_is_refused_in_one_line()
    {
        var model = Path.Combine(trained.Run, "model.safetensors");
        Refusal.OfUsage("--format: expected onnx or pytorch, but got 'caffe'", $"export {trained.Run} --format caffe");
        Refusal.OfUsage("--softmax: expected it with --format onnx", $"export {trained.Run} --format pytorch --softmax");
        Refusal.OfUsage("--softmax: expected it with a classifier", $"export {generators.Run} --format onnx --softmax");
        Refusal.OfUsage("--int8: expected it with a classifier only", $"export {generators.Run} --format onnx --int8");
        Refusal.OfUsage("--float16: expected it with a generator only", $"export {trained.Run} --format onnx --float16");
        Refusal.OfUsage("--data: expected it with --int8 only", $"export {trained.Run} --format onnx --data digits");
        Refusal.OfInput($"expected a path outside of {model}", $"export {model} --format pytorch --output {model}");
        Refusal.OfInput("its folder does not exist", $"export {trained.Run} --format pytorch --output {Folder.File("nosuch/weights.pth")}");
        Refusal.OfInput(
            "nosuch.safetensors", $"export {Folder.File("nosuch.safetensors")} --format pytorch --output {Folder.File("weights.pth")}");
        Assert.False(File.Exists(Folder.File("weights.pth")));
    }
}
