using SkiaSharp;

namespace PhotoMl.Cli.Tests;

/// <summary>What is set aside of photos, and what is said of them before the training begins.</summary>
[Collection(TorchCollection.Name)]
public sealed class TrainCnnSplitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Copies_of_a_photo_stay_on_one_side_and_the_run_goes_on_with_the_same_sides()
    {
        // Every photo is there three times.
        WriteClass("photos/checks", 1, 8, copies: 3);
        WriteClass("photos/other", 100, 8, copies: 3);
        var result = Train("photos", "run", "--val-fraction", "0.25");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("12 photos held out to choose the best epoch by, near duplicates and bursts on one side (split.csv).", result.ErrorLines);
        Assert.Contains(result.ErrorLines, line => line.Contains("48 photos form 16 groups", StringComparison.Ordinal));

        var split = File.ReadAllLines(_folder.File("run/split.csv"));
        Assert.Equal("path,split", split[0]);
        var sides = split.Skip(1).Select(line => (Photo: Path.GetFileName(line.Split('"')[1])[..3], Class: Path.GetFileName(Path.GetDirectoryName(line.Split('"')[1])), Side: line[(line.LastIndexOf(',') + 1)..])).ToList();
        Assert.Equal(48, sides.Count);
        Assert.Equal(12, sides.Count(side => side.Side == "validation"));
        Assert.All(sides.GroupBy(side => (side.Class, side.Photo)), copies => Assert.Single(copies.Select(copy => copy.Side).Distinct()));

        Assert.Equal(0, Run("train-cnn", "--resume", _folder.File("run"), "--quiet").ExitCode);
        File.WriteAllLines(_folder.File("run/split.csv"), split.Select(line => line.Replace(",validation", ",train", StringComparison.Ordinal)).Append($"\"{split[1].Split('"')[1]}x\",validation"));
        var other = Run("train-cnn", "--resume", _folder.File("run"), "--quiet");
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("expected the images that the run began with, but found other images", Assert.Single(other.ErrorLines), StringComparison.Ordinal);
        File.WriteAllText(_folder.File("run/split.csv"), "what?");
        Assert.Contains("split.csv: expected", Assert.Single(Run("train-cnn", "--resume", _folder.File("run"), "--quiet").ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--folds", "2")]
    public void A_photo_that_vanishes_between_reading_and_comparing_is_a_group_of_its_own(params string[] more)
    {
        WriteClass("photos/checks", 1, 8);
        WriteClass("photos/other", 100, 8);
        var result = Tool.Run(
            ["train-cnn", "--data", _folder.File("photos"), "--output", _folder.File("run"), "--epochs", "1", "--image-size", "24", "--threads", "1", "--val-fraction", "0.25", .. more],
            line =>
            {
                if (line.Contains("16 photos, which it does not divide", StringComparison.Ordinal))
                {
                    File.Delete(_folder.File("photos/other/103-0.png"));
                }
            },
            CancellationToken.None,
            _folder.File("cache"));

        Assert.False(File.Exists(_folder.File("photos/other/103-0.png")));
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void Drawn_at_random_copies_come_apart()
    {
        WriteClass("photos/checks", 1, 8, copies: 3);
        WriteClass("photos/other", 100, 8, copies: 3);
        Assert.Equal(0, Train("photos", "run", "--val-fraction", "0.25", "--split", "random").ExitCode);

        var aside = File.ReadAllLines(_folder.File("run/split.csv")).Where(line => line.EndsWith(",validation", StringComparison.Ordinal)).Select(line => line.Split('"')[1]).ToList();
        Assert.Equal(12, aside.Count);
        Assert.NotEqual(4, aside.Select(path => Path.GetDirectoryName(path) + Path.GetFileName(path)[..3]).Distinct().Count());
    }

    [Fact]
    public void A_photo_in_training_and_validation_is_told_before_the_training()
    {
        WriteClass("photos/train/checks", 1, 4);
        WriteClass("photos/train/other", 100, 4);
        WriteClass("photos/validation/checks", 3, 4); // two of them are trained on as well
        WriteClass("photos/validation/other", 200, 4);
        var result = Train("photos", "run");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(result.ErrorLines, line => line.StartsWith("2 of 8 validation photos are among those trained on", StringComparison.Ordinal));
        Assert.False(File.Exists(_folder.File("run/split.csv")));
        var refused = Train("photos", "none", "--split", "random", "--quiet");
        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("photoml: --split: expected photos without a validation split", refused.ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_by_groups_is_for_photos() =>
        Refusal.OfUsage("--split: expected photos, but digits has none", "train-cnn", "--data", "digits", "--split", "grouped");

    [Fact]
    public void Folds_are_trained_one_by_one_and_taken_over_when_it_is_asked_again()
    {
        WriteClass("photos/checks", 1, 9, copies: 2);
        WriteClass("photos/other", 100, 9, copies: 2);
        var first = Train("photos", "folds", "--folds", "3");
        Assert.Equal(0, first.ExitCode);
        var folds = first.Json.GetProperty("folds").EnumerateArray().ToList();
        Assert.Equal([1, 2, 3], folds.Select(fold => fold.GetProperty("fold").GetInt32()));
        Assert.Equal([12, 12, 12], folds.Select(fold => fold.GetProperty("images").GetInt32()));
        Assert.Equal(folds.Average(fold => fold.GetProperty("accuracy").GetDouble()), first.Json.GetProperty("mean_accuracy").GetDouble(), 12);
        Assert.True(File.Exists(_folder.File("folds/fold-3/model.safetensors")));

        var written = File.GetLastWriteTimeUtc(_folder.File("folds/fold-1/model.safetensors"));
        var again = Train("photos", "folds", "--folds", "3");
        Assert.Equal(first.Out, again.Out);
        Assert.Equal(written, File.GetLastWriteTimeUtc(_folder.File("folds/fold-1/model.safetensors")));
        Assert.Contains("another cross-validation", Assert.Single(Train("photos", "folds", "--folds", "3", "--seed", "2", "--quiet").ErrorLines.TakeLast(1)), StringComparison.Ordinal);

        var table = Run("train-cnn", "--data", _folder.File("photos"), "--output", _folder.File("folds"), "--folds", "3", "--epochs", "1", "--image-size", "24", "--threads", "1", "--quiet").OutLines;
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

    private ToolResult Train(string data, string run, params string[] more) => Run(
        ["train-cnn", "--data", _folder.File(data), "--output", _folder.File(run), "--epochs", "1", "--image-size", "24", "--threads", "1", "--json", .. more]);

    private ToolResult Run(params string[] args) => Tool.Run(args, onError: null, CancellationToken.None, _folder.File("cache"));

    // Pictures of coarse random squares, which no two seeds share; copies differ in their format and size.
    private void WriteClass(string folder, int firstSeed, int count, int copies = 1)
    {
        Directory.CreateDirectory(_folder.File(folder));
        for (var seed = firstSeed; seed < firstSeed + count; seed++)
        {
            var random = new Random(seed);
            using var bitmap = new SKBitmap(96, 96);
            using (var canvas = new SKCanvas(bitmap))
            {
                for (var square = 0; square < 36; square++)
                {
                    using var paint = new SKPaint { Color = new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)) };
                    canvas.DrawRect(square % 6 * 16, square / 6 * 16, 16, 16, paint);
                }
            }

            for (var copy = 0; copy < copies; copy++)
            {
                using var data = copy == 0 ? bitmap.Encode(SKEncodedImageFormat.Png, 100) : bitmap.Encode(SKEncodedImageFormat.Jpeg, 90 - (10 * copy));
                File.WriteAllBytes(_folder.File(Path.Combine(folder, $"{seed:D3}-{copy}.{(copy == 0 ? "png" : "jpg")}")), data.ToArray());
            }
        }
    }
}
