using PhotoMl.Sampling;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class EvaluateGeneratorTests(TrainedModel classifier, TrainedGenerators trained) : FolderTests
{
    private static readonly string[] Figures =
        ["frechet_distance", "precision", "recall", "density", "coverage", "class_entropy", "nearest_neighbor_ratio"];

    [Fact]
    public void A_generator_is_evaluated_by_every_figure_of_the_classifier_that_was_given()
    {
        var result = Tool.Run($"evaluate {trained.Run} --classifier {classifier.Run} --seed 3 --json --quiet");
        Assert.Empty(result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Single(result.OutLines);
        var json = result.Json;
        var expected = Evaluate(seed: 3);
        Assert.All(Figures.Zip(expected), pair =>
        {
            var (name, figure) = pair;
            Assert.Equal(
                [figure.Value, figure.Low, figure.High, figure.Floor],
                new[] { "value", "low", "high", "real" }.Select(part => Number(name, part)));
        });

        // Six steps make noise: far from all bars, none of which has it near. Of forty bars ten are of each class.
        Assert.True(Number("frechet_distance", "low") > 5 * Number("frechet_distance", "real"));
        Assert.Equal((0, 0), (Number("precision", "value"), Number("coverage", "value")));
        Assert.InRange(Number("coverage", "real"), 0.7, 1);
        Assert.InRange(Number("class_entropy", "real"), 1.3, Math.Log(4) + 1e-6);

        Assert.Equal(trained.Set, json.Text("data"));
        Assert.Equal((40, 40, 132, 3), (Int("generated_images"), Int("reference_images"), Int("training_images"), Int("seed")));
        Assert.Equal(Path.Combine(trained.Run, "model.safetensors"), json.Text("model"));
        Assert.Equal(classifier.Run, json.Text("classifier"));
        Assert.InRange(json.Number("classifier_accuracy"), 0.9, 1);
        Assert.All(["model_hash", "classifier_hash"], name => Assert.Matches("^[0-9a-f]{64}$", json.Text(name)));
        Assert.Equal(["0", "1", "2", "3"], json.GetProperty("class_shares").EnumerateArray().Select(share => share.Text("name")));
        Assert.Equal(1, json.GetProperty("class_shares").EnumerateArray().Sum(share => share.Number("share")), 1e-9);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("classification_accuracy_score").ValueKind);

        double Number(string name, string part) => json.GetProperty(name).Number(part);
        int Int(string name) => json.Int(name);
    }

    // The figures of the library, which other tests compute by hand, in the order of their names.
    private ScoredFigure[] Evaluate(long seed)
    {
        using var generator = GeneratorFile.Load(Path.Combine(trained.Run, "model.safetensors"));
        using var evaluator = ClassifierFile.Load(Path.Combine(classifier.Run, "model.safetensors"));
        using var data = DatasetLoader.Load(trained.Set);
        using var generated = GeneratedDataset.Create(generator, new SampleOptions { Seed = seed, Count = 40 });
        var report = GeneratorEvaluator.Evaluate(evaluator.Model, generated, data.Train, data.Test);
        return
        [
            report.FrechetDistance, report.Precision, report.Recall, report.Density, report.Coverage, report.ClassEntropy,
            report.NearestNeighbourRatio,
        ];
    }

    [Fact]
    public void A_report_has_samples_the_progress_and_every_figure()
    {
        var result = Tool.Succeed($"evaluate {trained.Conditional} --classifier {classifier.Run} --limit 6 --report {Folder.Path} --quiet");
        Assert.Equal($"Report      {Folder.File("report.html")}", result.OutLines[^1]);
        var page = File.ReadAllText(Folder.File("report.html"));
        Assert.All(
            ["Frechet distance", "Coverage", "Accuracy score", "The same latents after more and more epochs.", "non-saturating"],
            text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.Equal(2, page.Split("data:image/png").Length - 1);
    }

    [Fact]
    public void A_conditional_generator_also_has_a_classification_accuracy_score()
    {
        var json = Tool.Run($"evaluate {trained.Conditional} --classifier {classifier.Run} --limit 6 --json --quiet").Json;
        Assert.Equal(6, json.Int("generated_images"));
        var score = json.Number("classification_accuracy_score");
        Assert.InRange(score, json.Number("classification_accuracy_score_low"), json.Number("classification_accuracy_score_high"));
    }

    [Fact]
    public void People_get_a_table_that_fits_80_columns_and_without_a_classifier_one_is_trained()
    {
        var result = Tool.Succeed($"evaluate {trained.Run} --quiet");
        Assert.Empty(result.Error);
        var lines = result.OutLines.Where(line => !line.Contains(Path.GetTempPath(), StringComparison.Ordinal));
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains(result.OutLines, line => line.EndsWith(", trained for this evaluation", StringComparison.Ordinal));
        Assert.Contains("Images      40 generated (seed 1) against 40 test images", result.OutLines);
        Assert.All(
            ["Frechet distance ", "Precision ", "Recall ", "Density ", "Coverage ", "Class entropy ", "Neighbor ratio "],
            name => Assert.Single(result.OutLines, line => line.StartsWith(name, StringComparison.Ordinal)));
    }

    [Fact]
    public void Options_of_one_kind_of_model_are_refused_with_the_other()
    {
        Refusal.OfUsage("--classifier: expected it with a generator only", $"evaluate {classifier.Run} --classifier {classifier.Run}");
        Refusal.OfUsage("--seed: expected it with a generator only", $"evaluate {classifier.Run} --seed 2");
        Refusal.OfUsage("--batch-size: expected it with a classifier only", $"evaluate {trained.Run} --batch-size 8");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("5")]
    [InlineData("50001")]
    public void Too_few_or_too_many_images_to_compare_are_refused(string limit) =>
        Refusal.OfUsage($"--limit: expected 6 to 50000 with a generator, but got {limit}", $"evaluate {trained.Run} --limit {limit}");

    [Fact]
    public void A_data_set_that_is_too_small_or_of_other_classes_is_refused()
    {
        var few = Bars.WriteSet(Folder.File("few"), train: 8, test: 4);
        Refusal.OfInput("expected at least 6 training and as many test images, but found 8 and 4", $"evaluate {trained.Run} --data {few}");
        var fewer = Bars.WriteSet(Folder.File("fewer"), train: 8, test: 8, classes: 3);
        Refusal.OfInput(
            "fewer: expected the generator's 4 classes (0, 1, 2, ...), but found 3 (0, 1, 2)",
            $"evaluate {trained.Conditional} --data {fewer}");
    }

    [Fact]
    public void Test_images_that_are_all_training_images_are_refused()
    {
        var same = Bars.WriteSet(Folder.File("same"), train: 20, test: 20);
        File.Copy(Path.Combine(same, "train-images-idx3-ubyte"), Path.Combine(same, "t10k-images-idx3-ubyte"), overwrite: true);
        Refusal.OfInput(
            "same test: expected images that the classifier can distinguish from the training images",
            $"evaluate {trained.Run} --data {same} --classifier {classifier.Run} --quiet");
    }

    [Fact]
    public void A_classifier_that_cannot_evaluate_is_refused()
    {
        Refusal.OfInput("expected a classifier, but found a generator", $"evaluate {trained.Run} --classifier {trained.Run}");
        Refusal.OfInput(
            "nosuch: expected a safetensors file, but found no such file", $"evaluate {trained.Run} --classifier {Folder.File("nosuch")}");
        var fewer = Bars.WriteSet(Folder.File("fewer"), train: 8, test: 8, classes: 3);
        Refusal.OfInput(
            $"expected a classifier of {fewer}, but found one of 0, 1, 2, ...",
            $"evaluate {trained.Run} --data {fewer} --classifier {classifier.Run}");
    }
}
