using System.Text.RegularExpressions;
using PhotoMl.Cli.Commands;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class EvaluateTests(TrainedModel trained) : FolderTests
{
    [Fact]
    public void A_run_folder_is_evaluated_on_the_set_it_was_trained_on()
    {
        var result = Tool.Succeed($"evaluate {trained.Run} --json");
        Assert.Equal(80, result.Json.Long("images"));
        Assert.Equal(trained.Training.Json.Number("test_accuracy"), result.Json.Number("accuracy"));
        Assert.Equal(1, result.Json.Number("balanced_accuracy"));
        Assert.InRange(result.Json.Number("accuracy_low"), 0.9, 0.96);
        Assert.Equal(1, result.Json.Number("accuracy_high"));
        Assert.Equal(20, result.Json.GetProperty("per_class")[3].Long("support"));
        Assert.Equal(20, result.Json.GetProperty("confusion_matrix")[2][2].GetInt64());
        Assert.Equal(trained.Set, result.Json.Text("data"));
    }

    [Fact]
    public void People_get_tables_that_fit_80_columns()
    {
        var result = Tool.Succeed($"evaluate {Path.Combine(trained.Run, "model.safetensors")}");
        Assert.Contains("Accuracy  100.00 % (95 % interval 95.42 to 100.00 %)", result.OutLines);
        Assert.Contains("Balanced  100.00 % (mean recall of the classes)", result.OutLines);
        Assert.Contains("2   100.00 %  100.00 %  100.00 %      20", result.OutLines);
        Assert.Contains("2   .   .  20   .", result.OutLines);
        Assert.All(result.OutLines.Skip(2), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void Test_time_augmentation_is_for_models_trained_with_flips_and_without_coverage()
    {
        Refusal.OfInput("a model trained with flips", ["evaluate", trained.Run, "--tta"]);
        var run = Folder.File("run");
        Tool.Succeed(["train-cnn", "--data", trained.Set, "--epochs", "1", "--augment-flip", "0.5", "--output", run, "--quiet"]);

        Assert.Contains("Views     each image and its mirror image, logits averaged", Tool.Succeed("evaluate", run, "--tta").OutLines);
        Assert.True(Tool.Succeed("evaluate", run, "--tta", "--json").Json.Flag("test_time_augmentation"));
        Refusal.OfUsage("--coverage: expected none with test-time augmentation", ["evaluate", run, "--tta", "--coverage", "0.9"]);
        Refusal.OfUsage("--coverage: expected none with", ["predict", run, trained.Run, "--tta", "--coverage", "0.9"]);
    }

    [Theory]
    [InlineData(false, "0", "1", "2")]
    [InlineData(true, "0", "2", "1")]
    [InlineData(true, "cat", "1", "dog")]
    public void Names_of_classes_are_shown_unless_all_are_their_numbers(bool isShown, params string[] names)
    {
        var matrix = new ConfusionMatrix(names, [(1, 2)]);
        using var output = new StringWriter();
        var report = new ClassificationReport(matrix, 1, TimeSpan.Zero);
        ClassTable.Of(report).Write(output);
        Assert.Equal(isShown ? names : ["-", "0.00", "-"], $"{output}".Split('\n')[1..4].Select(line => line[2..].Trim().Split(' ')[0]));
        Assert.Equal(names[1], ClassTable.Name(report, 1)); // beside no number
    }

    [Fact]
    public void A_report_of_some_of_the_images_numbers_them_as_they_are_in_the_set()
    {
        Tool.Succeed($"evaluate {trained.Run} --limit 20 --report {Folder.File("report")} --quiet");
        var page = File.ReadAllText(Path.Combine(Folder.File("report"), "report.html"));
        int[] numbers =
            [.. Regex.Matches(page, @"image (\d+)").Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

        Assert.Equal(20, numbers.Distinct().Count());
        Assert.All(numbers, number => Assert.InRange(number, 0, 79));
        Assert.Contains(numbers, number => number >= 20);
    }

    [Fact]
    public void A_report_is_one_page_with_the_curves_of_the_run()
    {
        var result = Tool.Succeed($"evaluate {trained.Run} --report {Folder.File("report")} --quiet");
        Assert.Equal($"Report    {Path.Combine(Folder.File("report"), "report.html")}", result.OutLines[^1]);
        var page = File.ReadAllText(Path.Combine(Folder.File("report"), "report.html"));
        string[] expected =
        [
            "100.00 %", "Learning curves", "Learning rate", "0.002", "80 test images", "Least confident", "Training set", "<td>92</td>",
            "Nothing suspicious was found.",
        ];
        Assert.All(expected, text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.DoesNotContain("Most confident errors", page, StringComparison.Ordinal); // there is none
        Assert.Equal(
            Path.Combine(Folder.File("report"), "report.html"),
            Tool.Run($"evaluate {trained.Run} --report {Folder.File("report")} --overwrite --json").Json.Text("report_page"));
    }

    [Fact]
    public void The_report_of_another_set_counts_the_images_that_the_model_was_trained_on()
    {
        var other = Bars.WriteSet(Folder.File("other"), train: 28, test: 12);
        Tool.Succeed($"evaluate {trained.Run} --data {other} --report {Folder.File("report")} --quiet");

        var page = File.ReadAllText(Path.Combine(Folder.File("report"), "report.html"));
        Assert.Contains("12 test images", page, StringComparison.Ordinal);
        Assert.Contains("<td>92</td>", page, StringComparison.Ordinal); // a twelfth of each class's 100 held out
        Assert.DoesNotContain("<td>7</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_the_tool_is_the_same_under_every_culture()
    {
        string[] arguments = ["evaluate", trained.Run];
        var expected = Tool.Run(arguments).Out;
        var before = CultureInfo.CurrentCulture;
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        foreign.NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = ".", NegativeSign = "~" };
        CultureInfo.CurrentCulture = foreign;
        try
        {
            Assert.Equal(expected, Tool.Run(arguments).Out);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_report_folder_that_cannot_be_written_is_refused_in_one_line()
    {
        File.WriteAllText(Folder.File("taken"), "");
        Refusal.OfInput(Folder.File("taken"), $"evaluate {trained.Run} --report {Folder.File("taken")}");
    }

    [Fact]
    public void A_limit_takes_that_many_images() =>
        Assert.Equal(30, Tool.Run($"evaluate {trained.Run} --limit 30 --json").Json.Long("images"));

    [Fact]
    public void Data_that_do_not_fit_the_model_are_refused_in_one_line()
    {
        Refusal.OfInput(
            "digits: expected the model's 4 classes (0, 1, 2, ...), but found 10 (0, 1, 2, ...)", $"evaluate {trained.Run} --data digits");
        Refusal.OfInput(
            "expected images of 1x28x28 (channels, height, width) as the model takes, but found 1x32x32",
            $"evaluate {trained.Run} --data {Bars.WriteSet(Folder.File("large"), size: 32)}");
    }

    [Fact]
    public void A_model_that_is_none_is_refused_in_one_line()
    {
        File.WriteAllBytes(Folder.File("empty"), []);
        File.WriteAllText(Folder.File("text"), "not a model at all, but long enough for a header");
        Refusal.OfInput("nosuch: expected a safetensors file, but found no such file", $"evaluate {Folder.File("nosuch")}");
        Refusal.OfInput("model.safetensors: expected a safetensors file, but found no such file", $"evaluate {Folder.Path}");
        Refusal.OfInput("empty: expected", $"evaluate {Folder.File("empty")}");
        Refusal.OfInput("text: expected", $"evaluate {Folder.File("text")}");
        Refusal.OfInput(
            "expected a classifier, but found a checkpoint of a classifier",
            $"evaluate {Path.Combine(trained.Run, "checkpoint.safetensors")}");
    }
}
