namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public sealed class TrainCnnUnlabeledTests(TrainedModel trained) : FolderTests
{
    [Fact]
    public void A_few_labels_and_the_rest_without_are_trained_on_and_told_within_80_columns()
    {
        string[] run = ["train-cnn", "--data", trained.Set, "--epochs", "2", "--batch-size", "8", "--threads", "1"];
        var result = Tool.Succeed([.. run, "--labels-per-class", "3", "--output", Folder.File("run")]);

        var lines = result.OutLines.Where(line => !line.StartsWith("Model ", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.Matches(@"(?m)^Trained     2 epochs on 12 images of ", result.Out);
        Assert.Matches(@"(?m)^Unlabeled   355 images, [\d.]+ % used in the last epoch, \d+ never$", result.Out);
        Assert.Matches(@"(?m)^            [\d.]+ % of the pseudo-labels right, where the class is known$", result.Out);
        Assert.Matches(@"(?m)^Last epoch  2, ", result.Out);
        Assert.Matches(@"(?m)^epoch  2/2  loss [\d.]+  used [\d.]+ %, right [\d.]+ %  validation [\d.]+ %$", result.Error);
        Assert.All(result.ErrorLines, line => Assert.InRange(line.Length, 1, 80));
        var header = File.ReadAllLines(Folder.File("run/metrics.csv"))[0];
        Assert.Contains("unlabeled_share,pseudo_label_accuracy", header, StringComparison.Ordinal);

        var json = Tool.Succeed(
            [.. run, "--labels-per-class", "3", "--unlabeled-weight", "0", "--output", Folder.File("alone"), "--json", "--quiet"]).Json;
        Assert.Equal(355, json.Int("unlabeled_images"));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("pseudo_label_accuracy").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("unlabeled_share").ValueKind);
        Assert.Equal(12, json.Int("train_images"));
    }

    [Theory]
    [InlineData("--labels-per-class 3 --folds 2", "--labels-per-class: expected none with folds")]
    [InlineData("--labels-per-class 3 --unlabeled .", "--labels-per-class: expected no folder of unlabeled photos beside it")]
    [InlineData("--labels-per-class 0", "--labels-per-class: expected 1 to")]
    [InlineData("--labels-per-class 3 --patience 2", "--patience: expected 0 with unlabeled images")]
    [InlineData("--labels-per-class 3 --monitor balanced-accuracy", "--monitor: expected none with unlabeled images")]
    [InlineData("--unlabeled-weight -1", "--unlabeled-weight: expected 0 to 100")]
    public void Options_that_do_not_fit_are_refused(string options, string expected)
    {
        Refusal.OfUsage(expected, ["train-cnn", "--data", trained.Set, "--output", Folder.File("run"), .. options.Split(' ')]);
        Assert.False(Directory.Exists(Folder.File("run")));
    }
}
