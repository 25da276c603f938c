using System.Text.Json;

namespace PhotoMl.Cli.Tests;

/// <summary>Which network <c>train-cnn</c> trains, and what it begins with.</summary>
[Collection(TorchCollection.Name)]
public class NetworkTests(TrainedModel trained)
{
    [Fact]
    public void A_resnet18_is_trained_and_another_begins_with_its_weights_most_of_them_frozen()
    {
        using var folder = new TemporaryFolder();
        var set = Bars.WriteSet(folder.File("bars"), train: 48, test: 8, size: 40);
        string[] options = ["--data", set, "--network", "resnet18", "--epochs", "1", "--batch-size", "22", "--threads", "1", "--quiet"];
        var first = Tool.Run(["train-cnn", "--output", folder.File("first"), .. options]);
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        var second = Tool.Run(["train-cnn", "--output", folder.File("second"), "--weights", folder.File("first"), "--freeze", "layer4", .. options]);
        Assert.Equal((0, ""), (second.ExitCode, second.Error));

        using var settings = JsonDocument.Parse(File.ReadAllText(folder.File("second/options.json")));
        Assert.Equal("resnet18", settings.RootElement.GetProperty("network").GetString());
        Assert.Equal(folder.File("first/model.safetensors"), settings.RootElement.GetProperty("weights").GetString());
        Assert.Equal("layer4", settings.RootElement.GetProperty("training").GetProperty("freeze").GetString());
        using var before = Models.ClassifierFile.Load(folder.File("first/model.safetensors"));
        using var after = Models.ClassifierFile.Load(folder.File("second/model.safetensors"));
        var weights = after.Model.state_dict();
        Assert.All(before.Model.state_dict(), entry =>
            Assert.Equal(!entry.Key.StartsWith("fc", StringComparison.Ordinal), entry.Value.equal(weights[entry.Key]).all().item<bool>()));
    }

    [Fact]
    public void Weights_of_other_classes_and_sizes_lend_their_convolutions_and_say_so()
    {
        using var folder = new TemporaryFolder();
        var set = Bars.WriteSet(folder.File("bars"), train: 48, test: 8, size: 32, classes: 3);
        var result = Tool.Run(
            "train-cnn", "--data", set, "--weights", trained.Run, "--freeze", "conv2", "--output", folder.File("run"), "--epochs", "1", "--threads", "1", "--quiet");
        Assert.Equal(0, result.ExitCode);
        Assert.EndsWith("it is of images of another size, so dense1 and dense2 restart.", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        using var model = Models.ClassifierFile.Load(folder.File("run/model.safetensors"));
        using var source = Models.ClassifierFile.Load(Path.Combine(trained.Run, "model.safetensors"));
        Assert.True(source.Model.get_parameter("conv2.weight")!.equal(model.Model.get_parameter("conv2.weight")!).all().item<bool>());
    }

    [Fact]
    public void What_does_not_fit_the_network_is_told_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        var run = folder.File("run");
        var large = Bars.WriteSet(folder.File("bars"), train: 48, test: 8, size: 40);
        Refused(2, "expected images of at least 32x32 pixels for a resnet18, but found 28x28", "--data", trained.Set, "--network", "resnet18");
        Refused(2, "expected the weights of a resnet18, but found those of a convnet", "--data", large, "--network", "resnet18", "--weights", trained.Run);
        Refused(2, "but found no such file", "--data", trained.Set, "--weights", folder.File("none.safetensors"));
        File.WriteAllText(folder.File("text.safetensors"), "no tensors at all");
        Refused(2, folder.File("text.safetensors") + ": expected a safetensors file", "--data", trained.Set, "--weights", folder.File("text.safetensors"));
        Refused(1, "--freeze: expected a stage of convnet, conv1, conv2, conv3, dense1, but got 'layer1'", "--data", trained.Set, "--weights", trained.Run, "--freeze", "layer1");
        Assert.False(Directory.Exists(run));

        void Refused(int exitCode, string expected, params string[] args)
        {
            var result = Tool.Run(["train-cnn", "--output", run, .. args]);
            Assert.Equal(exitCode, result.ExitCode);
            Assert.Contains(expected, result.ErrorLines[0], StringComparison.Ordinal);
        }
    }
}
