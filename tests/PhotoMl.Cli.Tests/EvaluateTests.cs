using System.Globalization;
using PhotoMl.Cli.Commands;
using PhotoMl.Models;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class EvaluateTests(TrainedModel trained)
{
    [Fact]
    public void A_run_folder_is_judged_by_the_set_it_was_trained_on()
    {
        var result = Tool.Run("evaluate", trained.Run, "--json", "--threads", "1");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(80, result.Json.GetProperty("images").GetInt64());
        Assert.Equal(trained.Training.Json.GetProperty("test_accuracy").GetDouble(), result.Json.GetProperty("accuracy").GetDouble());
        Assert.Equal(1, result.Json.GetProperty("balanced_accuracy").GetDouble());
        Assert.InRange(result.Json.GetProperty("accuracy_low").GetDouble(), 0.9, 0.96);
        Assert.Equal(1, result.Json.GetProperty("accuracy_high").GetDouble());
        Assert.Equal(20, result.Json.GetProperty("per_class")[3].GetProperty("support").GetInt64());
        Assert.Equal(20, result.Json.GetProperty("confusion_matrix")[2][2].GetInt64());
        Assert.Equal(trained.Set, result.Json.GetProperty("data").GetString());
    }

    [Fact]
    public void People_get_tables_that_fit_80_columns()
    {
        var result = Tool.Run("evaluate", Path.Combine(trained.Run, "model.safetensors"));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Accuracy  100.00 % (95 % interval 95.42 to 100.00 %)", result.OutLines);
        Assert.Contains("Balanced  100.00 % (mean recall of the classes)", result.OutLines);
        Assert.Contains("2   100.00 %  100.00 %  100.00 %      20", result.OutLines);
        Assert.Contains("2   .   .  20   .", result.OutLines);
        Assert.All(result.OutLines.Skip(2), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void A_report_is_one_page_with_the_curves_of_the_run()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run("evaluate", trained.Run, "--report", folder.File("report"), "--threads", "1", "--quiet");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal($"Report    {Path.Combine(folder.File("report"), "report.html")}", result.OutLines[^1]);
        var page = File.ReadAllText(Path.Combine(folder.File("report"), "report.html"));
        Assert.All(["100.00 %", "Learning curves", "Learning rate", "0.002", "80 test images", "Least confident", "Training set", "<td>92</td>", "Nothing suspicious was found."], text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.DoesNotContain("Most confident errors", page, StringComparison.Ordinal); // there is none
        Assert.Equal(Path.Combine(folder.File("report"), "report.html"), Tool.Run("evaluate", trained.Run, "--report", folder.File("report"), "--overwrite", "--json").Json.GetProperty("report_page").GetString());
    }

    [Fact]
    public void The_report_of_another_set_counts_the_images_that_the_model_was_trained_on()
    {
        using var folder = new TemporaryFolder();
        var other = Bars.WriteSet(folder.File("other"), train: 28, test: 12);
        Assert.Equal(0, Tool.Run("evaluate", trained.Run, "--data", other, "--report", folder.File("report"), "--quiet").ExitCode);

        var page = File.ReadAllText(Path.Combine(folder.File("report"), "report.html"));
        Assert.All(["12 test images", "<td>92</td>"], text => Assert.Contains(text, page, StringComparison.Ordinal)); // a twelfth of each class's 100 held out
        Assert.DoesNotContain("<td>7</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_the_tool_is_the_same_under_every_culture()
    {
        string[] arguments = ["evaluate", trained.Run, "--threads", "1"];
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
    public void A_report_folder_that_cannot_be_written_is_told_in_one_line()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("taken"), "");
        Refusal.OfInput(folder.File("taken"), "evaluate", trained.Run, "--report", folder.File("taken"));
    }

    [Fact]
    public void A_limit_takes_that_many_images() =>
        Assert.Equal(30, Tool.Run("evaluate", trained.Run, "--limit", "30", "--json").Json.GetProperty("images").GetInt64());

    [Fact]
    public void Data_that_do_not_fit_the_model_are_told_in_one_line()
    {
        using var folder = new TemporaryFolder();
        BadInput(["evaluate", trained.Run, "--data", "digits"], "digits: expected the model's 4 classes (0, 1, 2, ...), but found 10 (0, 1, 2, ...)");
        BadInput(
            ["evaluate", trained.Run, "--data", Bars.WriteSet(folder.File("large"), size: 32)],
            "expected images of 1x28x28 (channels, height, width) as the model takes, but found 1x32x32");
    }

    [Fact]
    public void A_model_that_is_none_is_told_in_one_line()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("empty"), []);
        File.WriteAllText(folder.File("text"), "not a model at all, but long enough for a header");
        BadInput(["evaluate", folder.File("nosuch")], "nosuch: expected a safetensors file, but found no such file");
        BadInput(["evaluate", folder.Path], "model.safetensors: expected a safetensors file, but found no such file");
        BadInput(["evaluate", folder.File("empty")], "empty: expected");
        BadInput(["evaluate", folder.File("text")], "text: expected");
        BadInput(["evaluate", Path.Combine(trained.Run, "checkpoint.safetensors")], "expected a classifier, but found a checkpoint of a classifier");
    }

    private static void BadInput(string[] args, string expected)
    {
        var result = Tool.Run(args);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Out);
        Assert.Contains(expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }
}
