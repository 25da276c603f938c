namespace PhotoMl.Cli.Tests;

/// <summary>Which network <c>train-cnn</c> trains, and what it begins with.</summary>
[Collection(TorchCollection.Name)]
public class NetworkTests(TrainedModel trained) : FolderTests
{
    [SlowFact]
    public void A_resnet18_is_trained_and_another_begins_with_its_weights_most_of_them_frozen()
    {
        var set = Bars.WriteSet(Folder.File("bars"), train: 24, test: 8, size: 32);
        string[] options = ["--data", set, "--network", "resnet18", "--epochs", "1", "--batch-size", "11", "--quiet"];
        string[] pretrained = ["--weights", Folder.File("first"), "--freeze", "layer4"];
        Assert.Empty(Tool.Succeed(["train-cnn", "--output", Folder.File("first"), .. options]).Error);
        Assert.Empty(Tool.Succeed(["train-cnn", "--output", Folder.File("second"), .. pretrained, .. options]).Error);

        using var settings = JsonDocument.Parse(File.ReadAllText(Folder.File("second/options.json")));
        Assert.Equal("resnet18", settings.RootElement.Text("network"));
        Assert.Equal(Folder.File("first/model.safetensors"), settings.RootElement.Text("weights"));
        Assert.Equal("layer4", settings.RootElement.GetProperty("training").Text("freeze"));
        using var before = Models.ClassifierFile.Load(Folder.File("first/model.safetensors"));
        using var after = Models.ClassifierFile.Load(Folder.File("second/model.safetensors"));
        var weights = after.Model.state_dict();
        Assert.All(before.Model.state_dict(), entry =>
            Assert.Equal(!entry.Key.StartsWith("fc", StringComparison.Ordinal), entry.Value.equal(weights[entry.Key]).all().item<bool>()));
    }

    [Fact]
    public void Weights_of_other_classes_and_sizes_lend_their_convolutions_and_say_so()
    {
        var set = Bars.WriteSet(Folder.File("bars"), train: 48, test: 8, size: 32, classes: 3);
        var result = Tool.Succeed(
            $"train-cnn --data {set} --weights {trained.Run} --freeze conv2 --output {Folder.File("run")} --epochs 1 --quiet");
        Assert.EndsWith(
            "it is of images of another size, so dense1 and dense2 restart.", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        using var model = Models.ClassifierFile.Load(Folder.File("run/model.safetensors"));
        using var source = Models.ClassifierFile.Load(Path.Combine(trained.Run, "model.safetensors"));
        Assert.True(source.Model.get_parameter("conv2.weight")!.equal(model.Model.get_parameter("conv2.weight")!).all().item<bool>());
    }

    [Fact]
    public void What_does_not_fit_the_network_is_refused_before_anything_is_written()
    {
        var run = Folder.File("run");
        var large = Bars.WriteSet(Folder.File("bars"), train: 48, test: 8, size: 40);
        File.WriteAllText(Folder.File("text.safetensors"), "no tensors at all");
        Refused("expected images of at least 32x32 pixels for a resnet18, but found 28x28", trained.Set, "--network", "resnet18");
        Refused(
            "expected the weights of a resnet18, but found those of a convnet", large, "--network", "resnet18", "--weights", trained.Run);
        Refused("but found no such file", trained.Set, "--weights", Folder.File("none.safetensors"));
        Refused("text.safetensors: expected a safetensors file", trained.Set, "--weights", Folder.File("text.safetensors"));
        Refusal.OfUsage(
            "--freeze: expected a stage of convnet, conv1, conv2, conv3, dense1, but got 'layer1'",
            $"train-cnn --output {run} --data {trained.Set} --weights {trained.Run} --freeze layer1");
        Assert.False(Directory.Exists(run));

        void Refused(string expected, string data, params string[] args) =>
            Refusal.OfInput(expected, ["train-cnn", "--output", run, "--data", data, .. args]);
    }
}
