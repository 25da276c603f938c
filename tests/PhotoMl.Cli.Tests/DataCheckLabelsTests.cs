using System.Text.RegularExpressions;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public sealed class DataCheckLabelsTests(TrainedModel trained) : FolderTests
{
    private static readonly string[] Changed = ["5", "77", "210"];

    private string Set => Folder.File("bars");

    [Fact]
    public void Changed_labels_are_listed_first_drawn_and_told_within_80_columns()
    {
        WriteChanged();
        var (sheet, page) = (Folder.File("sheet.png"), Folder.File("report"));
        string[] check = ["data", "check", Set, "--labels", "--folds", "2", "--epochs", "4", "--threads", "1", "--quiet"];
        var result = Tool.Succeed([.. check, "--sheet", sheet, "--report", page]);

        Assert.All(result.OutLines.SkipLast(2), line => Assert.InRange(line.Length, 0, 80));
        Assert.Matches(@"(?m)^Labels  [2-5] of 400 estimated to be wrong \(95 % interval \d+ to \d+\)$", result.Out);
        Assert.Matches("(?m)^Label  Suggested  Images$", result.Out);
        var listed = Regex.Matches(result.Out, @"(?m)^  image (\d+): ").Select(found => found.Groups[1].Value);
        Assert.Equal(Changed.Order(), listed.Take(3).Order());
        using var picture = SKBitmap.Decode(sheet);
        Assert.InRange(picture.Height, 112, 200);
        Assert.Equal(["Sheet   " + sheet, "Report  " + Path.Combine(page, "report.html")], result.OutLines.TakeLast(2));
        Assert.True(File.Exists(Path.Combine(page, "report.html")));
    }

    [Fact]
    public void A_model_that_did_not_see_them_finds_changed_test_labels_as_csv_and_json()
    {
        WriteChanged();
        var csv = Tool.Succeed("data", "check", Set, "--labels", "--model", trained.Run, "--csv", "--quiet");
        Assert.Equal("rank,flagged,image,path,label,suggested,label_probability,suggested_probability", csv.OutLines[0]);
        Assert.StartsWith("1,1,9,\"\",\"2\",\"1\",", csv.OutLines[1], StringComparison.Ordinal);

        var json = Tool.Succeed("data", "check", Set, "--labels", "--model", trained.Run, "--json", "--quiet").Json;
        var labels = json.GetProperty("labels");
        Assert.Equal(80, labels.Int("images"));
        Assert.Equal(9, labels.GetProperty("doubtful")[0].Int("image"));
        Assert.True(json.Flag("sound"));
    }

    [Fact]
    public void A_list_leaves_out_the_flagged_photos_and_can_be_checked_in_place_of_the_folder()
    {
        for (var i = 0; i < 40; i++)
        {
            Bars.WritePng(Folder.File($"photos/{(i == 7 ? 1 : i % 4)}/{i}.png"), i % 4); // the one of the wrong class
        }

        var (list, cache) = (Folder.File("list.csv"), Folder.File("cache"));
        string[] check = ["--labels", "--model", trained.Run, "--quiet"];
        var result = Run(["data", "check", Folder.File("photos"), .. check, "--labels-csv", list]);

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"(?m)^  1/7\.png: 1, rather 3 \([\d.]+ %\)$", result.Out);
        Assert.Equal(40, File.ReadAllLines(list).Length);
        Assert.DoesNotContain(File.ReadAllLines(list), line => line.Contains("/7.png", StringComparison.Ordinal));
        Assert.Contains("Labels  0 of 39 estimated to be wrong", Run(["data", "check", list, .. check]).Out, StringComparison.Ordinal);
        var kept = Folder.File("kept.csv");
        Run(["data", "check", Folder.File("photos"), .. check, "--labels-csv", kept, "--keep-flagged"]);
        Assert.Contains($"\"{Folder.File("photos/1/7.png")}\",\"1\"", File.ReadAllLines(kept));
        var again = Run(["data", "check", Folder.File("photos"), .. check, "--labels-csv", list]);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("expected a file that is not there yet, or --overwrite", again.Error, StringComparison.Ordinal);

        ToolResult Run(string[] args) => Tool.Run(args, onError: null, CancellationToken.None, cache);
    }

    [Fact]
    public void Where_the_model_only_guesses_there_is_no_estimate_and_the_list_is_whole()
    {
        for (var i = 0; i < 40; i++)
        {
            Bars.WritePng(Folder.File($"photos/{i / 4 % 4}/{i}.png"), i % 4); // as many of each kind in each folder
        }

        var (list, page) = (Folder.File("list.csv"), Folder.File("page"));
        string[] check = ["data", "check", Folder.File("photos"), "--labels", "--model", trained.Run, "--quiet", "--report", page];
        var result = Tool.Run([.. check, "--labels-csv", list], onError: null, CancellationToken.None, Folder.File("cache"));

        Assert.Equal(0, result.ExitCode);
        Assert.All(result.OutLines, line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains("Labels  no estimate: the labels are not predicted clearly better", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("estimated to be wrong", result.Out, StringComparison.Ordinal);
        Assert.Contains("No label is flagged", result.Error, StringComparison.Ordinal);
        Assert.Equal(41, File.ReadAllLines(list).Length);
        var html = File.ReadAllText(Path.Combine(page, "report.html"));
        Assert.Contains("no estimate", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Between which classes", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--folds 3", "--folds: expected it with --labels only")]
    [InlineData("--csv", "--csv: expected it with --labels only")]
    [InlineData("--labels --model x --epochs 2", "--epochs: expected it without --model")]
    [InlineData("--labels --model x --image-size 64", "--image-size: expected it without --model")]
    [InlineData("--output x", "--output: expected it with --labels only")]
    [InlineData("--labels --model x --output y", "--output: expected it without --model")]
    [InlineData("--labels --keep-flagged", "--keep-flagged: expected it with --labels-csv only")]
    [InlineData("--labels --labels-csv list.png", "--labels-csv: expected a file that ends in .csv")]
    [InlineData("--labels --labels-csv list.csv", "--labels-csv: expected it with photos only")]
    [InlineData("--shortcuts", "--shortcuts: expected it with photos only")]
    [InlineData("--labels --json --csv", "--json and --csv: expected one of them")]
    [InlineData("--threads 1", "--threads: expected it with --labels or --shortcuts only")]
    public void Options_that_do_not_fit_are_refused(string options, string expected)
    {
        var result = Tool.Run(["data", "check", trained.Set, .. options.Split(' ')]);

        Assert.StartsWith($"photoml: {expected}", result.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal((1, "", 2), (result.ExitCode, result.Out, result.ErrorLines.Length));
    }

    [Fact]
    public void A_jpeg_quality_that_predicts_the_class_is_named_within_80_columns()
    {
        for (var i = 0; i < 60; i++)
        {
            var (name, quality) = (i % 2 == 0 ? "cat" : "dog", i % 2 == 0 ? 70 : 95);
            Bars.WritePicture(Folder.File($"photos/{name}/{i}.jpg"), 90, 80, canvas =>
            {
                canvas.Clear(SKColors.Gray);
                Bars.DrawRectangle(canvas, 3 + (i * 37 % 61), 5 + (i * 53 % 47), 20, 23, SKColors.White);
                Bars.DrawRectangle(canvas, 2 + (i * 71 % 67), 4 + (i * 29 % 59), 17, 14, SKColors.Black);
            }, quality);
        }

        var result = Tool.Run("data", "check", Folder.File("photos"), "--shortcuts", "--quiet");
        Assert.All(result.OutLines, line => Assert.InRange(line.Length, 0, 80));
        Assert.Matches(@"(?m)^JPEG quality +100.00 %  .*  above chance$", result.Out);
        Assert.Contains("JPEG quality\n  ", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^  95: (\d+) of \1 are dog$", result.Out);
        var json = Tool.Run("data", "check", Folder.File("photos"), "--shortcuts", "--json", "--quiet").Json;
        Assert.Contains(json.GetProperty("shortcuts").EnumerateArray(), found => found.Text("property") == "JPEG quality");
    }

    private void WriteChanged()
    {
        Bars.WriteSet(Set);
        Change("train", [.. Changed.Select(int.Parse)]);
        Change("t10k", [9]);

        void Change(string half, int[] images)
        {
            var path = Path.Combine(Set, $"{half}-labels-idx1-ubyte");
            var bytes = File.ReadAllBytes(path);
            Array.ForEach(images, image => bytes[8 + image] = (byte)((bytes[8 + image] + 1) % Bars.Classes));
            File.WriteAllBytes(path, bytes);
        }
    }
}
