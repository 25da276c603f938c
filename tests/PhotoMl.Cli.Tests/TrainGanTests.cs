using System.Globalization;
using System.Text.Json;
using PhotoMl.Imaging;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class TrainGanTests(TrainedModel classifier, TrainedGenerators trained)
{
    private static readonly string[] Fields =
    [
        "command", "model", "data", "epochs", "train_images", "seconds", "images_per_second", "generator_loss", "discriminator_loss",
        "seed", "device", "precision", "threads", "kept_epoch", "diversity",
    ];

    [Fact]
    public void The_last_line_of_json_has_the_promised_fields_and_finite_numbers()
    {
        Assert.Equal(0, trained.Training.ExitCode);
        Assert.Single(trained.Training.OutLines);
        var json = trained.Training.Json;
        Assert.Equal(Fields, json.EnumerateObject().Select(field => field.Name));
        Assert.Equal("train-gan", json.GetProperty("command").GetString());
        Assert.Equal(trained.Set, json.GetProperty("data").GetString());
        Assert.Equal(Path.Combine(trained.Run, "model.safetensors"), json.GetProperty("model").GetString());
        Assert.Equal((2, 132, 1L, 1), (Int("epochs"), Int("train_images"), json.GetProperty("seed").GetInt64(), Int("threads")));
        Assert.Equal("float32", json.GetProperty("precision").GetString());
        Assert.InRange(Int("kept_epoch"), 1, 2);

        // A number that is none would be a text.
        Assert.All(
            ["seconds", "images_per_second", "generator_loss", "discriminator_loss", "diversity"],
            name => Assert.Equal(JsonValueKind.Number, json.GetProperty(name).ValueKind));

        int Int(string name) => json.GetProperty(name).GetInt32();
    }

    [Fact]
    public void The_run_folder_holds_all_that_was_promised()
    {
        Assert.All(["model.safetensors", "checkpoint.safetensors"], name => Assert.True(File.Exists(Path.Combine(trained.Run, name)), name));
        var samples = Directory.GetFiles(Path.Combine(trained.Run, "samples")).Select(Path.GetFileName).Order();
        Assert.Equal(["epoch-0001.png", "epoch-0002.png", "progress.png"], samples);
        Assert.All(Directory.GetFiles(Path.Combine(trained.Run, "samples")), path => Assert.NotEmpty(ImageFile.Decode(path).Rgb));
        Assert.Empty(Directory.GetFiles(trained.Run, "*.tmp", SearchOption.AllDirectories));

        var metrics = File.ReadAllLines(Path.Combine(trained.Run, "metrics.csv")).Select(line => line.Split(',')).ToArray();
        Assert.Equal(3, metrics.Length);
        Assert.StartsWith("epoch,discriminator_loss,generator_loss,", string.Join(',', metrics[0]), StringComparison.Ordinal);
        Assert.Equal(["1", "2"], metrics.Skip(1).Select(row => row[0]));
        Assert.All(metrics, row => Assert.Equal(metrics[0].Length, row.Length));
        Assert.Equal(trained.Training.Json.GetProperty("generator_loss").GetDouble(), double.Parse(metrics[2][2], CultureInfo.InvariantCulture));

        using var options = JsonDocument.Parse(File.ReadAllText(Path.Combine(trained.Run, "options.json")));
        Assert.Equal("train-gan", options.RootElement.GetProperty("command").GetString());
        Assert.Equal(trained.Set, options.RootElement.GetProperty("data").GetString());
        Assert.Equal(64, options.RootElement.GetProperty("training").GetProperty("batch_size").GetInt32());
        Assert.Equal(28, options.RootElement.GetProperty("network").GetProperty("height").GetInt32());
    }

    [Fact]
    public void Each_epoch_is_told_in_a_line_of_at_most_80_columns()
    {
        var lines = trained.Training.ErrorLines.Where(line => !line.Contains(": ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^epoch  [12]/2  D [\d.]+  G [\d.]+  real 0\.\d\d  fake 0\.\d\d  diversity \d+\.\d\d  [\d,]+ img/s$", line));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
    }

    [Fact]
    public void Quiet_says_nothing_but_the_result_and_colours_are_kept_when_asked_for()
    {
        using var folder = new TemporaryFolder();
        var result = Train(folder.File("run"), "--channels", "3", "--limit", "8", "--batch-size", "8", "--loss", "hinge", "--quiet");
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.StartsWith("Trained      1 epoch on 8 images of ", result.Out, StringComparison.Ordinal);
        Assert.Contains($"Model        {folder.File("run")}/model.safetensors", result.OutLines);
        using var model = Models.GeneratorFile.Load(Path.Combine(folder.File("run"), "model.safetensors"));
        Assert.Equal((3, 28, 0), (model.Info.Network.Channels, model.Info.Network.Height, model.Info.Network.Classes));
    }

    [Fact]
    public void A_conditional_generator_knows_the_classes_of_its_images()
    {
        using var model = Models.GeneratorFile.Load(Path.Combine(trained.Conditional, "model.safetensors"));
        Assert.Equal(4, model.Info.Network.Classes);
        Assert.Equal(["0", "1", "2", "3"], model.Info.ClassNames);
        Assert.Equal(32, trained.ConditionalTraining.Json.GetProperty("train_images").GetInt32());
    }

    [Fact]
    public void The_discriminator_is_told_the_class_unless_that_is_not_wanted()
    {
        using var folder = new TemporaryFolder();
        using var guided = Models.GeneratorFile.Load(Path.Combine(trained.Run, "model.safetensors"));
        Assert.Equal((0, 4), (guided.Info.Network.Classes, guided.Info.Network.ProjectionClasses));

        Assert.Equal((0, 0), Train("--no-labels"));
        Assert.Equal((0, 0), Train("--latent", "3")); // too few for four classes
        Assert.Contains(
            "The discriminator is not given the 4 classes, which takes as many latents.",
            Tool.Run("train-gan", "--data", trained.Set, "--latent", "3", "--epochs", "1", "--limit", "8", "--threads", "1", "--output", folder.File("again")).Error,
            StringComparison.Ordinal);
        Refusal.OfUsage("--no-labels: expected it not to be given with --conditional", "train-gan", "--conditional", "--no-labels");

        (int, int) Train(params string[] options)
        {
            var run = folder.File(options[0]);
            Assert.Equal(0, Tool.Run(["train-gan", "--data", trained.Set, "--epochs", "1", "--limit", "8", "--threads", "1", "--output", run, .. options]).ExitCode);
            using var model = Models.GeneratorFile.Load(Path.Combine(run, "model.safetensors"));
            return (model.Info.Network.Classes, model.Info.Network.ProjectionClasses);
        }
    }

    [Fact]
    public void Images_too_small_for_the_network_are_brought_to_a_size_when_asked()
    {
        using var folder = new TemporaryFolder();
        var small = Bars.WriteSet(folder.File("small"), train: 8, test: 4, size: 14);
        Refusal.OfInput(
            "expected images of 28 to 64 pixels, or a size to bring them to (--image-size), but found 14x14",
            "train-gan", "--data", small, "--output", folder.File("run"));
        Assert.False(Directory.Exists(folder.File("run")));

        var result = Tool.Run(
            "train-gan", "--data", small, "--image-size", "28", "--epochs", "1", "--batch-size", "8", "--threads", "1", "--output", folder.File("run"), "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(8, result.Json.GetProperty("train_images").GetInt32());
    }

    [Fact]
    public void A_classifier_that_looks_for_missing_classes_is_held_to_the_data()
    {
        using var folder = new TemporaryFolder();
        var run = folder.File("run");
        var result = Train(run, "--classifier", classifier.Run, "--limit", "8", "--batch-size", "8", "--json");
        Assert.Equal(0, result.ExitCode);
        var row = File.ReadAllLines(Path.Combine(run, "metrics.csv"))[1].Split(',');
        Assert.InRange(double.Parse(row[6], CultureInfo.InvariantCulture), 0, Math.Log(4) + 1e-9); // the entropy of its classes

        var other = folder.File("other");
        var fewer = Bars.WriteSet(folder.File("fewer"), train: 8, test: 4, classes: 3);
        Refusal.OfInput("expected a classifier, but found a generator", "train-gan", "--data", trained.Set, "--classifier", trained.Run, "--output", other);
        Refusal.OfInput(
            "nosuch: expected a safetensors file, but found no such file", "train-gan", "--data", trained.Set, "--classifier", folder.File("nosuch"), "--output", other);
        Refusal.OfInput(
            $"expected a classifier of {fewer}, but found one of 0, 1, 2, ...", "train-gan", "--data", fewer, "--classifier", classifier.Run, "--output", other);
        Refusal.OfInput(
            "but found one of images of 1x28x28 instead of 3x28x28",
            "train-gan", "--data", trained.Set, "--channels", "3", "--classifier", classifier.Run, "--output", other);
        Assert.False(Directory.Exists(other));
    }

    [Fact]
    public void Data_that_cannot_be_trained_on_are_told_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        var run = folder.File("run");
        Refusal.OfInput("nosuch: expected auto, mnist", "train-gan", "--data", "nosuch", "--output", run);
        Refusal.OfInput("expected at least two training images a step, but found 1", "train-gan", "--data", trained.Set, "--limit", "1", "--output", run);
        Refusal.OfInput(
            "expected images for at least 4 steps an epoch, without which the generator's turn never comes (--discriminator-steps), but found 3",
            "train-gan", "--data", trained.Set, "--batch-size", "64", "--discriminator-steps", "4", "--output", run);
        Assert.False(Directory.Exists(run));
    }

    [Fact]
    public void Options_that_contradict_each_other_are_told()
    {
        Refusal.OfUsage(
            "--label-smoothing: expected it with a loss with targets (non-saturating, minimax or least-squares), but got hinge",
            "train-gan", "--data", trained.Set, "--label-smoothing", "0.1", "--loss", "hinge");
        Refusal.OfUsage("--label-smoothing: expected it with a loss with targets", "train-gan", "--data", trained.Set, "--label-smoothing", "0.1", "--loss", "wgan-gp");
    }

    [Fact]
    public void A_folder_that_cannot_be_used_is_named_and_a_run_in_it_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        var before = ModelBytes.HashOfTensors(trained.Run);
        Refusal.OfInput("it holds a run already", "train-gan", "--data", trained.Set, "--output", trained.Run);
        Assert.Equal(before, ModelBytes.HashOfTensors(trained.Run));

        File.WriteAllText(folder.File("file"), "");
        Refusal.OfInput(folder.File("file/run") + ": cannot be written", "train-gan", "--data", trained.Set, "--output", folder.File("file/run"));
    }

    [Fact]
    public void A_run_that_was_cancelled_within_an_epoch_and_resumed_ends_with_the_weights_of_one_that_was_not()
    {
        using var folder = new TemporaryFolder();
        var run = folder.File("a run");
        using var cancellation = new CancellationTokenSource();
        var stopped = Tool.Run(
            ["train-gan", "--data", trained.Set, "--output", run, .. TrainedGenerators.Options],
            line =>
            {
                if (line.StartsWith("epoch  1/", StringComparison.Ordinal))
                {
                    cancellation.Cancel(); // is seen after the first of the next epoch's three steps
                }
            },
            cancellation.Token);
        Assert.Equal(130, stopped.ExitCode);
        Assert.Empty(stopped.Out);
        Assert.Equal($"Stopped. To resume: photoml train-gan --resume '{run}'", stopped.ErrorLines[^1]);
        Assert.NotEqual(ModelBytes.HashOfTensors(trained.Run), ModelBytes.HashOfTensors(run));

        var resumed = Tool.Run("train-gan", "--resume", run, "--json");
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(2, resumed.Json.GetProperty("epochs").GetInt32());
        Assert.Equal(trained.Training.Json.GetProperty("generator_loss").GetDouble(), resumed.Json.GetProperty("generator_loss").GetDouble());
        Assert.Equal(ModelBytes.HashOfTensors(trained.Run), ModelBytes.HashOfTensors(run));
        Assert.True(File.Exists(Path.Combine(run, "samples", "progress.png")));
    }

    [Fact]
    public void A_run_that_was_killed_and_resumed_ends_with_the_weights_of_one_that_was_not()
    {
        using var folder = new TemporaryFolder();
        var run = folder.File("run");
        using (var process = ToolProcess.Start(["train-gan", "--data", trained.Set, "--output", run, .. TrainedGenerators.Options]))
        {
            while (process.StandardError.ReadLine() is { } line && !line.StartsWith("epoch  1/", StringComparison.Ordinal))
            {
            }

            process.Kill(); // SIGKILL
            process.WaitForExit();
            Assert.NotEqual(0, process.ExitCode);
        }

        Assert.Equal(0, Tool.Run("train-gan", "--resume", run, "--quiet").ExitCode);
        Assert.Equal(ModelBytes.HashOfTensors(trained.Run), ModelBytes.HashOfTensors(run));
    }

    [Fact]
    public void A_finished_run_says_so_and_keeps_its_weights()
    {
        var before = ModelBytes.HashOfTensors(trained.Run);
        var result = Tool.Run("train-gan", "--resume", trained.Run, "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("This run is finished already; there is nothing left to do.", Assert.Single(result.ErrorLines));
        Assert.Equal(trained.Training.Json.GetProperty("diversity").GetDouble(), result.Json.GetProperty("diversity").GetDouble());
        Assert.Equal(before, ModelBytes.HashOfTensors(trained.Run));
    }

    [Fact]
    public void What_cannot_be_resumed_is_told_in_one_line()
    {
        using var folder = new TemporaryFolder();
        Refusal.OfInput("expected a run folder with checkpoint.safetensors, but found no such folder", "train-gan", "--resume", folder.File("nosuch"));
        Refusal.OfInput("expected a run folder with checkpoint.safetensors, but found none in it", "train-gan", "--resume", folder.Path);
        Refusal.OfInput("options.json: expected the options of a run of train-gan, but found the options of train-cnn", "train-gan", "--resume", classifier.Run);
        Refusal.OfInput("options.json: expected the options of a run of train-cnn, but found the options of train-gan", "train-cnn", "--resume", trained.Run);

        // The options of one run with the checkpoint of another.
        File.Copy(Path.Combine(trained.Run, "options.json"), folder.File("options.json"));
        File.Copy(Path.Combine(classifier.Run, "checkpoint.safetensors"), folder.File("checkpoint.safetensors"));
        Refusal.OfInput("checkpoint.safetensors: expected", "train-gan", "--resume", folder.Path);
        File.WriteAllText(folder.File("checkpoint.safetensors"), "rubbish");
        Refusal.OfInput("checkpoint.safetensors: expected", "train-gan", "--resume", folder.Path);
    }

    [Fact]
    public void A_run_does_not_go_on_with_other_images()
    {
        using var folder = new TemporaryFolder();
        var set = Bars.WriteSet(folder.File("set"), train: 8, test: 4);
        var run = folder.File("run");
        Assert.Equal(0, Tool.Run("train-gan", "--data", set, "--output", run, "--epochs", "1", "--batch-size", "8", "--quiet", "--threads", "1").ExitCode);
        Bars.WriteSet(set, train: 12, test: 4);
        Refusal.OfInput("expected the images that the run began with, but found other images", "train-gan", "--resume", run);
    }

    private ToolResult Train(string run, params string[] options) =>
        Tool.Run(["train-gan", "--data", trained.Set, "--output", run, "--epochs", "1", "--threads", "1", .. options]);
}
