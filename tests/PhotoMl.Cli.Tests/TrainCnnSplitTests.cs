namespace PhotoMl.Cli.Tests;

/// <summary>What is set aside of photos, and what is said of them before the training begins.</summary>
[Collection(TorchCollection.Name)]
public sealed class TrainCnnSplitTests : FolderTests
{
    [Fact]
    public void Copies_of_a_photo_stay_on_one_side_and_the_run_goes_on_with_the_same_sides()
    {
        // Every photo is there three times.
        WriteClass("photos/checks", 1, 8, copies: 3);
        WriteClass("photos/other", 100, 8, copies: 3);
        var result = Train("photos", "run", "--val-fraction", "0.25");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains(
            "12 photos held out to choose the best epoch by, near duplicates and bursts on one side (split.csv).", result.ErrorLines);
        Assert.Contains(result.ErrorLines, line => line.Contains("48 photos form 16 groups", StringComparison.Ordinal));

        var split = File.ReadAllLines(Folder.File("run/split.csv"));
        Assert.Equal("path,class,checksum,split", split[0]);
        var sides = split.Skip(1).Select(line => (Path: line.Split('"')[1], Side: line[(line.LastIndexOf(',') + 1)..])).ToList();
        Assert.Equal(48, sides.Count);
        Assert.Equal(12, sides.Count(side => side.Side == "validation"));
        Assert.All(
            sides.GroupBy(side => side.Path[..side.Path.LastIndexOf('-')]),
            copies => Assert.Single(copies.Select(copy => copy.Side).Distinct()));

        string[] resume = ["train-cnn", "--resume", Folder.File("run"), "--quiet"];
        Assert.Equal(0, RunCached(resume).ExitCode);
        var stays = Array.FindIndex(split, line => line.EndsWith(",validation", StringComparison.Ordinal));
        var moved = split.Select((line, i) => i == stays ? line : line.Replace(",validation", ",train", StringComparison.Ordinal));
        File.WriteAllLines(Folder.File("run/split.csv"), moved);
        Assert.Contains(
            "expected the images that the run began with, but found other images", RunCached(resume).Error, StringComparison.Ordinal);

        var checks = Folder.File("photos/checks");
        Array.ForEach(["new1", "new2"], name => File.Copy($"{checks}/001-0.png", $"{checks}/{name}.png"));
        File.Delete($"{checks}/002-0.png");
        File.Copy($"{checks}/004-0.png", $"{checks}/003-0.png", overwrite: true);
        Assert.EndsWith(
            $"but found 2 added ({checks}/new1.png, ...), 1 gone ({checks}/002-0.png), 1 changed ({checks}/003-0.png).",
            RunCached(resume).ErrorLines[^1], StringComparison.Ordinal);
        File.WriteAllText(Folder.File("run/split.csv"), "what?");
        Assert.Contains("split.csv: expected", Assert.Single(RunCached(resume).ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--folds", "2")]
    public void A_photo_that_vanishes_between_reading_and_comparing_is_a_group_of_its_own(params string[] more)
    {
        WriteClass("photos/checks", 1, 8);
        WriteClass("photos/other", 100, 8);
        var result = Tool.Run(
            [.. Training("photos", "run"), "--val-fraction", "0.25", .. more],
            line =>
            {
                if (line.Contains("16 photos, which it does not divide", StringComparison.Ordinal))
                {
                    File.Delete(Folder.File("photos/other/103-0.png"));
                }
            },
            CancellationToken.None,
            Folder.File("cache"));

        Assert.False(File.Exists(Folder.File("photos/other/103-0.png")));
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void Drawn_at_random_copies_come_apart()
    {
        WriteClass("photos/checks", 1, 8, copies: 3);
        WriteClass("photos/other", 100, 8, copies: 3);
        Assert.Equal(0, Train("photos", "run", "--val-fraction", "0.25", "--split", "random").ExitCode);

        var heldOut = File.ReadAllLines(Folder.File("run/split.csv")).Where(line => line.EndsWith(",validation", StringComparison.Ordinal));
        Assert.Equal(12, heldOut.Count());
        Assert.NotEqual(4, heldOut.Select(line => line[..line.LastIndexOf('-')]).Distinct().Count());
    }

    [Fact]
    public void A_photo_in_training_and_validation_is_reported_before_the_training()
    {
        WriteClass("photos/train/checks", 1, 4);
        WriteClass("photos/train/other", 100, 4);
        WriteClass("photos/validation/checks", 3, 4); // two of them are trained on as well
        WriteClass("photos/validation/other", 200, 4);
        var result = Train("photos", "run");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(
            result.ErrorLines, line => line.StartsWith("2 of 8 validation photos are among those trained on", StringComparison.Ordinal));
        var splits = File.ReadLines(Folder.File("run/split.csv")).Skip(1).CountBy(line => line.Split(',')[^1]).ToDictionary();
        Assert.Equal((2, 8, 8), (splits.Count, splits["train"], splits["validation"]));
        var refused = Train("photos", "none", "--split", "random", "--quiet");
        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("photoml: --split: expected photos without a validation split", refused.ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_by_groups_is_for_photos()
    {
        var set = Bars.WriteSet(Folder.File("bars"), train: 40, test: 8);
        Refusal.OfUsage($"--split: expected photos, but {set} has none", $"train-cnn --data {set} --split grouped");
    }

    [Fact]
    public void Folds_are_trained_one_by_one_and_taken_over_when_it_is_asked_again()
    {
        WriteClass("photos/checks", 1, 9, copies: 2);
        WriteClass("photos/other", 100, 9, copies: 2);
        var first = Train("photos", "folds", "--folds", "3");
        Assert.Equal(0, first.ExitCode);
        var folds = first.Json.GetProperty("folds").EnumerateArray().ToList();
        Assert.Equal([1, 2, 3], folds.Select(fold => fold.Int("fold")));
        Assert.Equal([12, 12, 12], folds.Select(fold => fold.Int("images")));
        Assert.Equal(folds.Average(fold => fold.Number("accuracy")), first.Json.Number("mean_accuracy"), 12);
        Assert.True(File.Exists(Folder.File("folds/fold-3/model.safetensors")));

        var written = File.GetLastWriteTimeUtc(Folder.File("folds/fold-1/model.safetensors"));
        var again = Train("photos", "folds", "--folds", "3");
        Assert.Equal(first.Out, again.Out);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Folder.File("folds/fold-1/model.safetensors")));
        Assert.Contains(
            "expected a run of the same images and options, but found one of other options; choose another folder",
            Assert.Single(Train("photos", "folds", "--folds", "3", "--seed", "2", "--quiet").ErrorLines.TakeLast(1)),
            StringComparison.Ordinal);

        var table = RunCached([.. Training("photos", "folds"), "--folds", "3", "--quiet"]).OutLines;
        Assert.StartsWith("Fold", table[0], StringComparison.Ordinal);
        Assert.StartsWith("Std dev", table[5], StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_that_cannot_be_are_refused()
    {
        WriteClass("photos/checks", 1, 2, copies: 3);
        WriteClass("photos/other", 100, 2, copies: 3);
        var result = Train("photos", "folds", "--folds", "5", "--quiet");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("expected at least 5 images unlike each other for 5 folds, but found 4", result.Error, StringComparison.Ordinal);
        Refusal.OfUsage("--folds: expected 2 to 100, but got 1", "train-cnn", "--folds", "1");
    }

    private ToolResult Train(string data, string run, params string[] more) => RunCached([.. Training(data, run), "--json", .. more]);

    private string[] Training(string data, string run) =>
        ["train-cnn", "--data", Folder.File(data), "--output", Folder.File(run), "--epochs", "1", "--image-size", "24"];

    // Pictures of coarse random squares, which no two seeds share; copies differ in their format and size.
    private void WriteClass(string folder, int firstSeed, int count, int copies = 1)
    {
        for (var i = 0; i < count * copies; i++)
        {
            var (seed, copy) = (firstSeed + (i / copies), i % copies);
            var path = Folder.File($"{folder}/{seed:D3}-{copy}.{(copy == 0 ? "png" : "jpg")}");
            Bars.WritePicture(path, 96, 96, canvas => Draw(canvas, new Random(seed)), copy == 0 ? null : 90 - (10 * copy));
        }

        static void Draw(SKCanvas canvas, Random random)
        {
            for (var square = 0; square < 36; square++)
            {
                var color = new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
                Bars.DrawRectangle(canvas, square % 6 * 16, square / 6 * 16, 16, 16, color);
            }
        }
    }
}
