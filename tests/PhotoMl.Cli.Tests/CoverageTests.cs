namespace PhotoMl.Cli.Tests;

/// <summary>Sets of possible classes, and probabilities that were set right.</summary>
[Collection(TorchCollection.Name)]
public sealed class CoverageTests(TrainedModel trained) : FolderTests
{
    [Fact]
    public void Programs_get_the_set_and_whether_the_model_is_unsure_beside_what_they_had()
    {
        var lines = Tool.Run($"predict {trained.Run} {WriteBar()} {WriteBlack()} --coverage 0.9 --json").OutLines;
        var (bar, black) = (JsonDocument.Parse(lines[0]).RootElement, JsonDocument.Parse(lines[1]).RootElement);
        Assert.Equal("2", bar.Text("label"));
        Assert.Equal(["2"], bar.GetProperty("set").EnumerateArray().Select(label => label.GetString()));
        Assert.False(bar.Flag("unsure"));
        Assert.Equal(0.9, bar.Number("coverage"));
        Assert.Equal(0, black.GetProperty("set").GetArrayLength());
        Assert.True(black.Flag("unsure"));
        Assert.Equal(3, black.GetProperty("top").GetArrayLength());

        var without = Tool.Run($"predict {trained.Run} {Folder.File("bar.png")} --json").Json;
        Assert.Equal(bar.Number("probability"), without.Number("probability"), tolerance: 1e-5); // alone by other operators
        Assert.False(without.TryGetProperty("set", out _) || without.TryGetProperty("unsure", out _));
    }

    [Fact]
    public void People_read_the_answer_where_the_label_was()
    {
        var lines = Tool.Run($"predict {trained.Run} {WriteBar()} {WriteBlack()} --coverage 0.9").OutLines;
        Assert.Matches(@"bar\.png    2       \(2 \d+\.\d\d %, \d \d+\.\d\d %, \d \d+\.\d\d %\)$", lines[0]);
        Assert.Matches(@"black\.png  unsure  \(\d \d+\.\d\d %, .*\)$", lines[1]);
    }

    [Fact]
    public void Spreadsheets_get_two_more_columns_at_the_end()
    {
        File.WriteAllText(Folder.File("broken.png"), "no image");
        var lines = Tool.Run(
            $"predict {trained.Run} {WriteBar()} {WriteBlack()} {Folder.File("broken.png")} --coverage 0.9 --csv --top 1").OutLines;
        Assert.Equal("path,label,probability,error,set,unsure", lines[0]);
        Assert.EndsWith(",,2,false", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",,,true", lines[2], StringComparison.Ordinal);
        Assert.Matches(@",,,""?expected .*,,$", lines[3]);
        Assert.Equal("path,label,probability,error", Tool.Run($"predict {trained.Run} {Folder.File("bar.png")} --csv --top 1").OutLines[0]);
    }

    [Fact]
    public void Evaluate_says_how_often_the_class_was_in_the_set_and_how_sure_is_too_sure()
    {
        var json = Tool.Run($"evaluate {trained.Run} --coverage 0.9 --json").Json;
        var sets = json.GetProperty("sets");
        Assert.Equal(0.9, sets.Number("target_coverage"));
        Assert.Equal(80, sets.Long("images"));
        Assert.InRange(sets.Number("coverage"), 0.6, 1);
        Assert.Equal(1, sets.Number("single_share") + sets.Number("list_share") + sets.Number("unsure_share"), 9);
        Assert.Equal(15, json.GetProperty("reliability").GetArrayLength());
        Assert.Equal(80, json.GetProperty("reliability").EnumerateArray().Sum(bin => bin.Long("images")));
        Assert.Equal(trained.Training.Json.Number("test_calibration_error"), json.Number("calibration_error"), 6);
        Assert.Equal(trained.Training.Json.Number("test_loss"), json.Number("loss"), 6);

        var lines = Tool.Run($"evaluate {trained.Run} --coverage 0.9").OutLines;
        Assert.Contains(
            lines,
            line => line.StartsWith("Coverage  ", StringComparison.Ordinal) && line.EndsWith(", target 90 %", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("ECE       ", StringComparison.Ordinal));
        Assert.All(lines.Skip(2), line => Assert.InRange(line.Length, 0, 80));
        Assert.Equal(JsonValueKind.Null, Tool.Run($"evaluate {trained.Run} --json").Json.GetProperty("sets").ValueKind);
    }

    [Fact]
    public void Calibration_and_sets_fit_80_columns_however_large_the_figures()
    {
        var matrix = new ConfusionMatrix(["a", "b"], [(0, 1)]);
        var off = new CalibrationReport([new() { Low = 0, High = 1, Images = 1, Confidence = 0.125, Accuracy = 1 }]);
        using var output = new StringWriter();
        var sets = new ConformalReport
        {
            Target = 0.9999, Images = 1000, Covered = 900, SetSizes = 123_456, Single = 800, SingleCorrect = 780, Lists = 100, Empty = 50,
        };
        var figures = new CalibratedReport
        {
            Report = new ClassificationReport(
                matrix, 1, TimeSpan.Zero), Temperature = 12.5, Calibration = off, Uncalibrated = off, Sets = sets,
        };
        var result = new EvaluationResult<CalibratedReport> { Figures = figures, Data = "", Title = "", Split = "", Images = "" };
        new EvaluationTables(result, 80).Write(output, "m");
        var lines = $"{output}".Split('\n');
        Assert.Contains("ECE       87.50 % (expected calibration error; 87.50 % before temperature 12.50)", lines);
        Assert.Contains("Coverage  90.00 % (95 % interval 87.98 to 91.71 %), target 99.99 %", lines);
        Assert.Contains("Sets      mean size 123.456; 80.00 % one class, 10.00 % a list, 10.00 % unsure", lines);
        Assert.Contains("Single    97.50 % of the sets of one class are right", lines);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void A_model_that_cannot_promise_the_coverage_is_refused_in_one_line()
    {
        Refusal.OfInput(
            "a model calibrated on at least 99 validation images for a coverage of 0.99, but found 33",
            $"predict {trained.Run} {WriteBlack()} --coverage 0.99");
        Refusal.OfInput(
            "a model calibrated on at least 99 validation images for a coverage of 0.99, but found 33",
            $"evaluate {trained.Run} --coverage 0.99");

        var plain = Folder.File("plain.safetensors");
        using (var loaded = ClassifierFile.Load(Path.Combine(trained.Run, "model.safetensors")))
        using (var images = TorchSharp.torch.zeros(1, 1, 28, 28, dtype: TorchSharp.torch.ScalarType.Byte))
        {
            ClassifierFile.Save(plain, loaded.Model, loaded.Info with { Calibration = null });
        }

        Refusal.OfInput(
            "plain.safetensors: expected a model calibrated at the end of its training, for a coverage, but found one without",
            $"predict {plain} {WriteBlack()} --coverage 0.9");
        Refusal.OfInput(
            "plain.safetensors: expected a model calibrated at the end of its training, for a coverage, but found one without",
            $"evaluate {plain} --coverage 0.9");
        Tool.Succeed($"predict {plain} {WriteBlack()}");
    }

    private string WriteBlack() => Write("black.png", SKColors.Black);

    // As the set has them: a bar of class 2 in the middle gray of all bars.
    private string WriteBar() => Write("bar.png", new SKColor(192, 192, 192));

    private string Write(string name, SKColor bar) => Bars.WritePicture(Folder.File(name), Bars.Size, Bars.Size, canvas =>
    {
        canvas.Clear(SKColors.Black);
        Bars.DrawRectangle(canvas, 4, 16, Bars.Size - 8, 3, bar);
    });
}
