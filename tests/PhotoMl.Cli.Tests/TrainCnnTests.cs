using System.Text.Json;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class TrainCnnTests(TrainedModel trained)
{
    private static readonly string[] Fields =
    [
        "command", "model", "data", "network", "epochs", "train_images", "test_accuracy", "test_balanced_accuracy", "test_loss",
        "validation_accuracy", "validation_balanced_accuracy", "validation_per_class",
        "temperature", "validation_calibration_error_before", "validation_calibration_error", "test_calibration_error_before", "test_calibration_error",
        "seconds", "images_per_second", "seed", "device", "precision", "threads",
    ];

    [Fact]
    public void Without_mnist_auto_trains_on_digits_and_says_so_and_so_does_the_model()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run("train-cnn", "--limit", "500", "--epochs", "1", "--seed", "7", "--output", folder.File("run"), "--quiet", "--json", "--threads", "1");
        Assert.Equal(0, result.ExitCode);
        Assert.Single(result.OutLines);
        Assert.Equal(Fields, result.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal("digits", result.Json.GetProperty("data").GetString());
        Assert.Equal(458, result.Json.GetProperty("train_images").GetInt32());
        Assert.Equal(7, result.Json.GetProperty("seed").GetInt64());

        var notice = Assert.Single(result.ErrorLines);
        Assert.StartsWith("MNIST is neither on this machine", notice, StringComparison.Ordinal);
        using var model = Models.ClassifierFile.Load(result.Json.GetProperty("model").GetString()!);
        Assert.Equal(notice, model.Info.Training!.Notice);
    }

    [Fact]
    public void Bars_are_learned_and_the_run_folder_holds_all_that_was_promised()
    {
        Assert.Equal(0, trained.Training.ExitCode);
        Assert.InRange(trained.Training.Json.GetProperty("test_accuracy").GetDouble(), 0.99, 1);
        Assert.Equal(8, trained.Training.ErrorLines.Length);
        Assert.StartsWith("epoch  1/8  loss ", trained.Training.ErrorLines[0], StringComparison.Ordinal);
        Assert.All(trained.Training.ErrorLines, line => Assert.InRange(line.Length, 1, 80));
        Assert.Equal(9, File.ReadAllLines(Path.Combine(trained.Run, "metrics.csv")).Length);

        using var options = JsonDocument.Parse(File.ReadAllText(Path.Combine(trained.Run, "options.json")));
        Assert.Equal(trained.Set, options.RootElement.GetProperty("data").GetString());
        Assert.Equal(8, options.RootElement.GetProperty("training").GetProperty("epochs").GetInt32());
        Assert.Equal(1, options.RootElement.GetProperty("threads").GetInt32());
    }

    [Fact]
    public void The_test_scores_are_stored_in_the_model()
    {
        using var model = Models.ClassifierFile.Load(Path.Combine(trained.Run, "model.safetensors"));
        Assert.Equal(80, model.Info.Scores.TestImages);
        Assert.Equal(trained.Training.Json.GetProperty("test_accuracy").GetDouble(), model.Info.Scores.TestAccuracy);
        Assert.Equal(trained.Training.Json.GetProperty("validation_accuracy").GetDouble(), model.Info.Scores.ValidationAccuracy);
    }

    [Fact]
    public void Quiet_says_nothing_but_the_result()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run(["train-cnn", "--data", trained.Set, "--output", folder.File("run"), "--quiet", "--epochs", "1", "--threads", "1"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.StartsWith("Trained     1 epoch on ", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_class_has_its_figures_where_they_are_asked_for()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run(["train-cnn", "--data", trained.Set, "--output", folder.File("run"), "--quiet", "--epochs", "1", "--threads", "1", "--per-class", "--balance", "sampler"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("The 33 validation images by class:", result.OutLines);
        Assert.Contains("The 80 test images by class:", result.OutLines);
        Assert.Equal(4, result.OutLines.Count(line => line.EndsWith("      20", StringComparison.Ordinal)));
        Assert.All(result.OutLines.Where(line => !line.StartsWith("Model ", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains("\"balance\": \"sampler\"", File.ReadAllText(folder.File("run/options.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_variation_of_photos_is_taken_where_it_is_asked_for_and_stored()
    {
        using var folder = new TemporaryFolder();
        string[] run = ["train-cnn", "--data", trained.Set, "--output", folder.File("run"), "--epochs", "1", "--threads", "1"];
        var result = Tool.Run([.. run, "--crop-area", "0.5", "--mixup", "0.2"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Matches("^epoch  1/1  loss .*  mixed .*  validation .*  balanced ", result.ErrorLines[0]);

        using var options = JsonDocument.Parse(File.ReadAllText(folder.File("run/options.json")));
        var photo = options.RootElement.GetProperty("training").GetProperty("photo_augmentation");
        Assert.Equal(0.5, photo.GetProperty("crop_area").GetDouble());
        Assert.Equal(0.5, photo.GetProperty("flip").GetDouble());

        var refused = Tool.Run([.. run, "--train-image-size", "20"]);
        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("photoml: --train-image-size: expected a network that takes images of 20x20 pixels, but got one of 28x28 only", refused.ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_holds_a_run_already_is_left_alone()
    {
        var before = ModelBytes.HashOfTensors(trained.Run);
        BadInput(["train-cnn", "--data", trained.Set, "--output", trained.Run], "it holds a run already");
        Assert.Equal(before, ModelBytes.HashOfTensors(trained.Run));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        BadInput(["train-cnn", "--data", trained.Set, "--output", folder.File("file/run")], folder.File("file/run") + ": cannot be written");
    }

    [Fact]
    public void Data_that_cannot_be_trained_on_is_told_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        var run = folder.File("run");
        BadInput(["train-cnn", "--data", "nosuch", "--output", run], "nosuch: expected auto, mnist");
        BadInput(["train-cnn", "--data", "mnist", "--output", run], "mnist: expected its 4 files");
        BadInput(["train-cnn", "--data", folder.Path, "--output", run], "expected a folder of photos for each class, such as ");
        BadInput(["train-cnn", "--data", trained.Set, "--limit", "3", "--output", run], "expected at least 7 training images");
        BadInput(["train-cnn", "--data", Bars.WriteSet(folder.File("small"), size: 14), "--output", run], "expected images of at least 18x18 pixels for a convnet, but found 14x14");
        Assert.False(Directory.Exists(run));
    }

    [Fact]
    public void Images_are_brought_to_the_size_asked_for_in_training_in_resuming_and_in_judging()
    {
        using var folder = new TemporaryFolder();
        var run = folder.File("run");
        Assert.Equal(0, Tool.Run("train-cnn", "--data", trained.Set, "--image-size", "20", "--epochs", "1", "--output", run, "--quiet", "--threads", "1").ExitCode);
        using (var model = Models.ClassifierFile.Load(Path.Combine(run, "model.safetensors")))
        {
            Assert.Equal((20, 20), (model.Info.Network.Height, model.Info.Preprocessing.Width));
        }

        Assert.Equal(0, Tool.Run("train-cnn", "--resume", run, "--quiet").ExitCode);
        Assert.Equal(80, Tool.Run("evaluate", run, "--json").Json.GetProperty("images").GetInt64());
    }

    private static void BadInput(string[] args, string expected)
    {
        var result = Tool.Run(args);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }
}
