namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public sealed class CompareTests(TrainedModel trained, TrainedGenerators generators) : FolderTests
{
    [Fact]
    public void A_model_compared_with_itself_differs_in_nothing()
    {
        var sheet = Folder.File("sheet.png");
        var result = Tool.Succeed($"compare {trained.Run} {Path.Combine(trained.Run, "model.safetensors")} --sheet {sheet}");
        Assert.Contains("B - A    0.00 points (95 % interval -4.58 to +4.58)", result.OutLines); // z^2 / (80 + z^2)
        Assert.Contains("McNemar  p = 1 (mid-p)", result.OutLines);
        Assert.Equal("No difference: they are right on the same images.", result.OutLines[^1]);
        Assert.Equal($"{sheet}: not written, for there is no image to draw.", Assert.Single(result.ErrorLines));
        Assert.False(File.Exists(sheet));
    }

    [Fact]
    public void A_better_model_is_reported_with_the_images_on_which_they_differ()
    {
        var worse = TrainBriefly();
        var sheet = Folder.File("sheet.png");
        File.WriteAllText(sheet, "old");
        var text = Tool.Run($"compare {worse} {trained.Run} --show 3 --sheet {sheet} --overwrite");
        var json = Tool.Run($"compare {worse} {trained.Run} --json").Json;
        var csv = Tool.Run($"compare {worse} {trained.Run} --csv").OutLines;

        Assert.Equal(0, text.ExitCode);
        Assert.All(text.OutLines.Skip(2), line => Assert.InRange(line.Length, 0, 80));
        var right = json.Int("both_right");
        var (onlyFirst, onlySecond) = (json.Int("only_first"), json.Int("only_second"));
        Assert.Equal((80, 80), (right + onlySecond, json.Int("images")));
        Assert.Equal(0, onlyFirst);
        Assert.InRange(onlySecond, 8, 80);
        Assert.Equal(onlySecond / 80.0, json.Number("difference"), 12);
        Assert.Equal(Math.Pow(2, -onlySecond), json.Number("mcnemar_p"), 1e-6); // 2 P(X = 0) - P(X = 0)
        Assert.InRange(onlySecond / 80.0, json.Number("difference_low"), json.Number("difference_high"));
        Assert.Equal(trained.Training.Json.Number("test_accuracy"), json.GetProperty("second").Number("accuracy"));
        Assert.StartsWith("B is better: ", json.Text("verdict"), StringComparison.Ordinal);
        Assert.Contains(text.OutLines, line => line.StartsWith("B is better: ", StringComparison.Ordinal));
        Assert.Contains($"Images on which they differ: {onlySecond}; the first 3:", text.OutLines);
        Assert.StartsWith("Image  Class", text.OutLines[^4], StringComparison.Ordinal);
        Assert.EndsWith(
            $" of {onlySecond} images; A+ B- are those that only A predicts correctly.", Assert.Single(text.ErrorLines),
            StringComparison.Ordinal);
        Assert.True(new FileInfo(sheet).Length > 100);

        var differences = json.GetProperty("differences").EnumerateArray().ToArray();
        Assert.Equal(onlySecond, differences.Length);
        Assert.Equal("index,path,label,first_label,first_probability,second_label,second_probability", csv[0]);
        Assert.Equal(
            differences.Select(image => string.Join(
                ',', Text(image, "index"), "", Text(image, "label"), Text(image, "first_label"), Text(image, "first_probability"),
                Text(image, "second_label"), Text(image, "second_probability"))),
            csv.Skip(1));

        static string Text(JsonElement image, string name) => $"{image.GetProperty(name)}";
    }

    [Fact]
    public void A_limit_draws_the_same_images_and_keeps_their_numbers()
    {
        var worse = TrainBriefly();
        var all = Numbers([]);
        var some = Numbers(["--limit", "40"]);

        Assert.Equal(some.Order(), some);
        Assert.Empty(some.Except(all));
        Assert.InRange(some.Length, 1, all.Length - 1);

        long[] Numbers(string[] more) => [.. Tool.Run(["compare", worse, trained.Run, "--json", .. more]).Json
            .GetProperty("differences").EnumerateArray().Select(image => image.Long("index"))];
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_in_one_line()
    {
        Refusal.OfInput("nosuch: expected a safetensors file, but found no such file", $"compare {trained.Run} {Folder.File("nosuch")}");
        Refusal.OfInput("expected a classifier, but found a generator", $"compare {trained.Run} {generators.Run}");
        Refusal.OfInput(
            "expected images of 1x28x28", $"compare {trained.Run} {trained.Run} --data {Bars.WriteSet(Folder.File("large"), size: 32)}");
        var unwritable = Tool.Run($"compare {TrainBriefly()} {trained.Run} --quiet --sheet {Folder.File("none/sheet.png")}");
        Assert.Equal(2, unwritable.ExitCode);
        Assert.EndsWith(
            "none/sheet.png: cannot be written: its folder does not exist", Assert.Single(unwritable.ErrorLines), StringComparison.Ordinal);
        Refusal.OfUsage("--json and --csv: expected one of them", $"compare {trained.Run} {trained.Run} --json --csv");
        Refusal.OfUsage("--sheet: expected a file that ends in .png", $"compare {trained.Run} {trained.Run} --sheet x.jpg");
    }

    // One step of a few images: hardly better than a guess.
    private string TrainBriefly()
    {
        var run = Folder.File("brief");
        if (!Directory.Exists(run))
        {
            const string Options = "--epochs 1 --limit 24 --batch-size 24 --ema-decay 0 --augment-strength 0 --quiet";
            Tool.Succeed(["train-cnn", "--data", trained.Set, "--output", run, .. Options.Split(' ')]);
        }

        return run;
    }
}
