namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class TrainGanTests(TrainedModel classifier, TrainedGenerators trained) : FolderTests
{
    [Fact]
    public void The_last_line_of_json_has_the_promised_fields_and_finite_numbers()
    {
        Assert.Equal(0, trained.Training.ExitCode);
        Assert.Single(trained.Training.OutLines);
        var json = trained.Training.Json;
        Assert.Equal("train-gan", json.Text("command"));
        Assert.Equal(trained.Set, json.Text("data"));
        Assert.Equal(Path.Combine(trained.Run, "model.safetensors"), json.Text("model"));
        Assert.Equal((2, 132, 1L, 1), (Int("epochs"), Int("train_images"), json.Long("seed"), Int("threads")));
        Assert.Equal(ProcessorFeatures.HasFastBFloat16 ? "bfloat16" : "float32", json.Text("precision"));
        Assert.InRange(Int("kept_epoch"), 1, 2);

        // A number that is none would be a text.
        Assert.All(
            ["seconds", "images_per_second", "generator_loss", "discriminator_loss", "diversity"],
            name => Assert.Equal(JsonValueKind.Number, json.GetProperty(name).ValueKind));

        int Int(string name) => json.Int(name);
    }

    [Fact]
    public void The_run_folder_holds_all_that_was_promised()
    {
        Assert.All(
            ["model.safetensors", "checkpoint.safetensors"], name => Assert.True(File.Exists(Path.Combine(trained.Run, name)), name));
        var samples = Directory.GetFiles(Path.Combine(trained.Run, "samples")).Select(Path.GetFileName).Order();
        Assert.Equal(["epoch-0001.png", "epoch-0002.png", "progress.png"], samples);
        Assert.All(Directory.GetFiles(Path.Combine(trained.Run, "samples")), path => Assert.True(ImageFile.Decode(path).Width > 0));
        Assert.Empty(Directory.GetFiles(trained.Run, "*.tmp", SearchOption.AllDirectories));

        var metrics = File.ReadAllLines(Path.Combine(trained.Run, "metrics.csv")).Select(line => line.Split(',')).ToArray();
        Assert.Equal(3, metrics.Length);
        Assert.StartsWith("epoch,discriminator_loss,generator_loss,", string.Join(',', metrics[0]), StringComparison.Ordinal);
        Assert.Equal(["1", "2"], metrics.Skip(1).Select(row => row[0]));
        Assert.All(metrics, row => Assert.Equal(metrics[0].Length, row.Length));
        Assert.Equal(trained.Training.Json.Number("generator_loss"), double.Parse(metrics[2][2], CultureInfo.InvariantCulture));

        using var options = JsonDocument.Parse(File.ReadAllText(Path.Combine(trained.Run, "options.json")));
        Assert.Equal("train-gan", options.RootElement.Text("command"));
        Assert.Equal(trained.Set, options.RootElement.Text("data"));
        Assert.Equal(64, options.RootElement.GetProperty("training").Int("batch_size"));
        Assert.Equal(28, options.RootElement.GetProperty("network").Int("height"));
    }

    [Fact]
    public void Each_epoch_is_printed_in_a_line_of_at_most_80_columns()
    {
        var lines = trained.Training.ErrorLines.Where(line => !line.Contains(": ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, lines.Length);
        const string Pattern = @"^epoch  [12]/2  D [\d.]+  G [\d.]+  real 0\.\d\d  fake 0\.\d\d  diversity \d+\.\d\d  [\d,]+ img/s$";
        Assert.All(lines, line => Assert.Matches(Pattern, line));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
    }

    [Fact]
    public void Quiet_says_nothing_but_the_result_and_size_colors_and_no_labels_are_kept_when_asked_for()
    {
        var small = Bars.WriteSet(Folder.File("small"), train: 8, test: 4, size: 14);
        var run = Folder.File("run");
        Refusal.OfInput(
            "expected images of 28 to 64 pixels, or a size to bring them to (--image-size), but found 14x14",
            $"train-gan --data {small} --output {run}");
        Assert.False(Directory.Exists(run));

        string[] options = ["--image-size", "28", "--channels", "3", "--batch-size", "8", "--loss", "hinge", "--no-labels", "--quiet"];
        var result = Tool.Succeed(["train-gan", "--data", small, "--output", run, "--epochs", "1", .. options]);
        Assert.Empty(result.Error);
        Assert.StartsWith("Trained      1 epoch on 8 images of ", result.Out, StringComparison.Ordinal);
        Assert.Contains($"Model        {run}/model.safetensors", result.OutLines);
        var network = NetworkOf(run);
        Assert.Equal((3, 28, 0), (network.Channels, network.Height, network.Classes));
    }

    [Fact]
    public void A_conditional_generator_knows_the_classes_of_its_images()
    {
        using var model = Models.GeneratorFile.Load(Path.Combine(trained.Conditional, "model.safetensors"));
        Assert.Equal((4, "0, 1, 2, 3"), (model.Info.Network.Classes, string.Join(", ", model.Info.ClassNames)));
        Assert.Equal(32, trained.ConditionalTraining.Json.Int("train_images"));
    }

    [Fact]
    public void A_classifier_looks_for_missing_classes()
    {
        var run = Folder.File("run");
        Tool.Succeed(
            $"train-gan --data {trained.Set} --output {run} --epochs 1 --limit 8 --batch-size 8 --no-labels --classifier {classifier.Run}");
        var row = File.ReadAllLines(Path.Combine(run, "metrics.csv"))[1].Split(',');
        Assert.InRange(double.Parse(row[6], CultureInfo.InvariantCulture), 0, Math.Log(4) + 1e-9); // the entropy of its classes
    }

    [Fact]
    public void A_classifier_is_held_to_the_data()
    {
        var fewer = Bars.WriteSet(Folder.File("fewer"), train: 8, test: 4, classes: 3);
        Refused("expected a classifier, but found a generator", trained.Set, trained.Run);
        Refused("nosuch: expected a safetensors file, but found no such file", trained.Set, Folder.File("nosuch"));
        Refused($"expected a classifier of {fewer}, but found one of 0, 1, 2, ...", fewer, classifier.Run);
        Refused("but found one of images of 1x28x28 instead of 3x28x28", trained.Set, classifier.Run, "--channels", "3");

        void Refused(string expected, string data, string model, params string[] more)
        {
            Refusal.OfInput(expected, ["train-gan", "--data", data, "--classifier", model, "--output", Folder.File("other"), .. more]);
            Assert.False(Directory.Exists(Folder.File("other")));
        }
    }

    [Fact]
    public void Data_that_cannot_be_trained_on_are_refused_before_anything_is_written()
    {
        var run = Folder.File("run");
        Refusal.OfInput("nosuch: expected auto, mnist", $"train-gan --data nosuch --output {run}");
        Refusal.OfInput(
            "expected at least two training images a step, but found 1", $"train-gan --data {trained.Set} --limit 1 --output {run}");
        Refusal.OfInput(
            "expected images for at least 4 steps an epoch, without which the generator's turn never comes (--discriminator-steps), "
            + "but found 3",
            $"train-gan --data {trained.Set} --batch-size 64 --discriminator-steps 4 --output {run}");
        Assert.False(Directory.Exists(run));
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        Refusal.OfUsage(
            "--label-smoothing: expected it with a loss with targets (non-saturating, minimax or least-squares), but got hinge",
            $"train-gan --data {trained.Set} --label-smoothing 0.1 --loss hinge");
        Refusal.OfUsage(
            "--label-smoothing: expected it with a loss with targets",
            $"train-gan --data {trained.Set} --label-smoothing 0.1 --loss wgan-gp");
    }

    [Fact]
    public void A_run_that_was_cancelled_within_an_epoch_and_resumed_ends_with_the_weights_of_one_that_was_not()
    {
        var run = Folder.File("a run");
        // is seen after the first of the next epoch's three steps
        var stopped = Tool.RunUntil("epoch  1/", ["train-gan", "--data", trained.Set, "--output", run, .. TrainedGenerators.Options]);
        Assert.Equal($"Stopped. To resume: photoml train-gan --resume '{run}'", stopped.ErrorLines[^1]);
        Assert.NotEqual(ModelBytes.HashOfTensors(trained.Run), ModelBytes.HashOfTensors(run));

        var resumed = Tool.Succeed($"train-gan --resume {run} --json");
        Assert.Equal(2, resumed.Json.Int("epochs"));
        Assert.Equal(trained.Training.Json.Number("generator_loss"), resumed.Json.Number("generator_loss"));
        Assert.Equal(ModelBytes.HashOfTensors(trained.Run), ModelBytes.HashOfTensors(run));
        Assert.True(File.Exists(Path.Combine(run, "samples", "progress.png")));
    }

    [Fact]
    public void A_finished_run_says_so_and_keeps_its_weights()
    {
        var before = ModelBytes.HashOfTensors(trained.Run);
        var result = Tool.Succeed($"train-gan --resume {trained.Run} --json");
        Assert.Equal("This run is finished already; there is nothing left to do.", Assert.Single(result.ErrorLines));
        Assert.Equal(trained.Training.Json.Number("diversity"), result.Json.Number("diversity"));
        Assert.Equal(before, ModelBytes.HashOfTensors(trained.Run));
    }

    [Fact]
    public void What_cannot_be_resumed_is_refused_in_one_line()
    {
        Refusal.OfInput(
            "options.json: expected the options of a run of train-gan, but found the options of train-cnn",
            $"train-gan --resume {classifier.Run}");
        Refusal.OfInput(
            "options.json: expected the options of a run of train-cnn, but found the options of train-gan",
            $"train-cnn --resume {trained.Run}");

        // The options of one run with the checkpoint of another.
        File.Copy(Path.Combine(trained.Run, "options.json"), Folder.File("options.json"));
        File.Copy(Path.Combine(classifier.Run, "checkpoint.safetensors"), Folder.File("checkpoint.safetensors"));
        Refusal.OfInput("checkpoint.safetensors: expected", $"train-gan --resume {Folder.Path}");
    }

    private static Models.DcganOptions NetworkOf(string run)
    {
        using var model = Models.GeneratorFile.Load(Path.Combine(run, "model.safetensors"));
        return model.Info.Network;
    }
}
