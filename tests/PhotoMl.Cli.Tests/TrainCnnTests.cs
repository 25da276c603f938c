namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class TrainCnnTests(TrainedModel trained) : FolderTests
{
    [SlowFact] // which draws 70,000 digits
    public void Without_mnist_auto_trains_on_digits_and_says_so_and_so_does_the_model()
    {
        var result = Tool.Succeed($"train-cnn --limit 500 --epochs 1 --seed 7 --output {Folder.File("run")} --quiet --json");
        Assert.Single(result.OutLines);
        Assert.Equal("digits", result.Json.Text("data"));
        Assert.Equal(458, result.Json.Int("train_images"));
        Assert.Equal(7, result.Json.Long("seed"));

        var notice = Assert.Single(result.ErrorLines);
        Assert.StartsWith("MNIST is neither on this machine", notice, StringComparison.Ordinal);
        using var model = Models.ClassifierFile.Load(result.Json.Text("model"));
        Assert.Equal(notice, model.Info.Training!.Notice);
    }

    [Fact]
    public void Bars_are_learned_and_the_run_folder_holds_all_that_was_promised()
    {
        Assert.Equal(0, trained.Training.ExitCode);
        Assert.InRange(trained.Training.Json.Number("test_accuracy"), 0.99, 1);
        Assert.Equal(8, trained.Training.ErrorLines.Length);
        Assert.StartsWith("epoch  1/8  loss ", trained.Training.ErrorLines[0], StringComparison.Ordinal);
        Assert.All(trained.Training.ErrorLines, line => Assert.InRange(line.Length, 1, 80));
        Assert.Equal(9, File.ReadAllLines(Path.Combine(trained.Run, "metrics.csv")).Length);

        using var options = JsonDocument.Parse(File.ReadAllText(Path.Combine(trained.Run, "options.json")));
        Assert.Equal(trained.Set, options.RootElement.Text("data"));
        Assert.Equal(8, options.RootElement.GetProperty("training").Int("epochs"));
        Assert.Equal(1, options.RootElement.Int("threads"));
        using var model = Models.ClassifierFile.Load(Path.Combine(trained.Run, "model.safetensors"));
        Assert.Equal(80, model.Info.Scores.TestImages);
        Assert.Equal(trained.Training.Json.Number("test_accuracy"), model.Info.Scores.TestAccuracy);
        Assert.Equal(trained.Training.Json.Number("validation_accuracy"), model.Info.Scores.ValidationAccuracy);
    }

    [Fact]
    public void Each_class_has_its_figures_where_they_are_asked_for()
    {
        var result = Tool.Succeed(
            $"train-cnn --data {trained.Set} --output {Folder.File("run")} --quiet --epochs 1 --per-class --balance sampler");
        Assert.Empty(result.Error);
        Assert.StartsWith("Trained     1 epoch on ", result.Out, StringComparison.Ordinal);
        Assert.Contains("The 33 validation images by class:", result.OutLines);
        Assert.Contains("The 80 test images by class:", result.OutLines);
        Assert.Equal(4, result.OutLines.Count(line => line.EndsWith("      20", StringComparison.Ordinal)));
        var lines = result.OutLines.Where(line => !line.StartsWith("Model ", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains("\"balance\": \"sampler\"", File.ReadAllText(Folder.File("run/options.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_variation_of_photos_is_taken_where_it_is_asked_for_and_stored()
    {
        string[] run = ["train-cnn", "--data", trained.Set, "--output", Folder.File("run"), "--epochs", "1"];
        var result = Tool.Succeed([.. run, "--crop-area", "0.5", "--mixup", "0.2"]);
        Assert.Matches("^epoch  1/1  loss .*  mixed .*  validation .*  balanced ", result.ErrorLines[0]);

        using var options = JsonDocument.Parse(File.ReadAllText(Folder.File("run/options.json")));
        var photo = options.RootElement.GetProperty("training").GetProperty("photo_augmentation");
        Assert.Equal(0.5, photo.Number("crop_area"));
        Assert.Equal(0.5, photo.Number("flip"));

        var refused = Tool.Run([.. run, "--train-image-size", "20"]);
        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith(
            "photoml: --train-image-size: expected a network that takes images of 20x20 pixels, but got one of 28x28 only",
            refused.ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_cannot_be_trained_on_is_refused_before_anything_is_written()
    {
        var run = Folder.File("run");
        Refusal.OfInput("nosuch: expected auto, mnist", $"train-cnn --data nosuch --output {run}");
        Refusal.OfInput("mnist: expected its 4 files", $"train-cnn --data mnist --output {run}");
        Refusal.OfInput("expected a folder of photos for each class, such as ", $"train-cnn --data {Folder.Path} --output {run}");
        Refusal.OfInput("expected enough images to hold out 8.3 % of them", $"train-cnn --data {trained.Set} --limit 3 --output {run}");
        Refusal.OfInput(
            "expected images of at least 18x18 pixels for a convnet, but found 14x14",
            $"train-cnn --data {Bars.WriteSet(Folder.File("small"), size: 14)} --output {run}");
        Assert.False(Directory.Exists(run));
    }

    [Fact]
    public void Images_are_brought_to_the_size_asked_for_in_training_in_resuming_and_in_evaluating()
    {
        var run = Folder.File("run");
        Tool.Succeed($"train-cnn --data {trained.Set} --image-size 20 --epochs 1 --output {run} --quiet");
        using (var model = Models.ClassifierFile.Load(Path.Combine(run, "model.safetensors")))
        {
            Assert.Equal((20, 20), (model.Info.Network.Height, model.Info.Preprocessing.Width));
        }

        Tool.Succeed($"train-cnn --resume {run} --quiet");
        Assert.Equal(80, Tool.Run($"evaluate {run} --json").Json.Long("images"));
    }
}
