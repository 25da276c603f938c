namespace PhotoMl.Cli.Tests;

/// <summary>Photos of two classes, light and dark, from the folder to the figures.</summary>
[Collection(TorchCollection.Name)]
public sealed class PhotoTests : FolderTests
{
    [Fact]
    public void A_folder_with_splits_is_trained_on_evaluated_and_resumed_without_its_photos_being_read_again()
    {
        WriteClasses("photos/train", 12);
        WriteClasses("photos/validation", 4);
        File.WriteAllText(Folder.File("photos/train/dark/text.jpg"), "hello");
        const string Counts =
            "as its folders say, 24 photos to train on, 8 to choose the best epoch by (validation), none to evaluate on (test).";
        var result = Train("photos", "run");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(result.ErrorLines, line => line.EndsWith(Counts, StringComparison.Ordinal));
        Assert.Contains(result.ErrorLines, line => line.EndsWith("photos: left out 1 file:", StringComparison.Ordinal));
        Assert.Contains(
            result.ErrorLines,
            line => line.StartsWith($"  {Folder.File("photos/train/dark/text.jpg")}: expected a JPEG", StringComparison.Ordinal));
        Assert.Equal(24, result.Json.Int("train_images"));
        Assert.Equal(JsonValueKind.Null, result.Json.GetProperty("test_accuracy").ValueKind);
        Assert.Equal(JsonValueKind.Null, result.Json.GetProperty("test_loss").ValueKind);
        Assert.Contains(result.Json.Number("validation_accuracy"), Enumerable.Range(0, 9).Select(right => right / 8.0));
        var skipped = File.ReadAllLines(Folder.File("run/skipped.csv"));
        const string Reason = "expected a JPEG, PNG, WebP, BMP or GIF image but found text";
        Assert.Equal(["path,reason", $"\"{Folder.File("photos/train/dark/text.jpg")}\",\"{Reason}\""], skipped);

        Assert.Equal(0, RunCached("train-cnn", "--resume", Folder.File("run"), "--quiet").ExitCode);
        Directory.Delete(Folder.File("photos/train/light"), recursive: true);
        var resumed = RunCached("train-cnn", "--resume", Folder.File("run"), "--quiet");
        Assert.Equal(2, resumed.ExitCode);
        Assert.Contains("expected the images that the run began with, but found 12 gone (", resumed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_evaluated_on_any_folder_of_its_classes_in_its_own_way_of_preparing()
    {
        WriteClasses("photos", 12);
        var trained = Train("photos", "run");
        Assert.Equal(0, trained.ExitCode);
        Assert.Contains("24 photos, which it does not divide", trained.Error, StringComparison.Ordinal);

        WriteClasses("others/test", 5, "light");
        WriteClasses("others/train", 1, "light");
        var test = RunCached("evaluate", Folder.File("run"), "--data", Folder.File("others"), "--json");
        Assert.Equal(0, test.ExitCode);
        Assert.Equal(("test", 5), (test.Json.Text("split"), test.Json.Int("images")));
        Assert.Equal(5, test.Json.GetProperty("per_class")[1].Int("support"));

        // Of the photos that it was trained on, only those that training held out.
        var held = 24 - trained.Json.Int("train_images");
        var own = RunCached("evaluate", Folder.File("run"), "--json", "--quiet");
        Assert.InRange(held, 2, 12);
        Assert.Equal(("validation", held), (own.Json.Text("split"), own.Json.Int("images")));
        Assert.Contains("evaluated on the validation photos, which flatters", Assert.Single(own.ErrorLines), StringComparison.Ordinal);

        // Of those of two models, the ones that both held out.
        var copy = Directory.CreateDirectory(Folder.File("copy")).FullName;
        File.Copy(Folder.File("run/model.safetensors"), Path.Combine(copy, "model.safetensors"));
        var split = File.ReadAllLines(Folder.File("run/split.csv"));
        var last = Array.FindLastIndex(split, line => line.EndsWith("validation", StringComparison.Ordinal));
        File.WriteAllLines(Path.Combine(copy, "split.csv"), split.Where((_, i) => i != last));
        var named = RunCached("compare", Folder.File("run"), copy, "--data", Folder.File("photos"), "--json", "--quiet");
        Assert.Equal(("validation", held - 1), (named.Json.Text("split"), named.Json.Int("images")));
        File.Delete(Folder.File("run/split.csv"));
        Assert.Equal("all", RunCached("evaluate", Folder.File("run"), "--json", "--quiet").Json.Text("split"));

        WriteClasses("strange", 2, "dark", "green");
        var strange = RunCached("evaluate", Folder.File("run"), "--data", Folder.File("strange"), "--quiet");
        Assert.Equal(2, strange.ExitCode);
        Assert.Equal(
            $"photoml: {Folder.File("strange")}: expected classes that the model knows (dark, light), but found green.",
            Assert.Single(strange.ErrorLines));
    }

    [Fact]
    public void A_list_with_a_test_split_gives_test_figures()
    {
        WriteClasses("photos", 8);
        var lines = Directory.GetFiles(Folder.File("photos"), "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => Path.GetRelativePath(Folder.Path, path))
            .Select((path, i) => $"{path},{Path.GetFileName(Path.GetDirectoryName(path))},{(i % 4 == 0 ? "test" : "train")}");
        File.WriteAllLines(Folder.File("list.csv"), lines.Prepend("path,label,split"));
        var result = Train("list.csv", "run");

        Assert.Equal(0, result.ExitCode);
        var evaluated = RunCached("evaluate", Folder.File("run"), "--json").Json;
        Assert.Equal(("test", 4), (evaluated.Text("split"), evaluated.Int("images")));
        Assert.Equal(evaluated.Number("accuracy"), result.Json.Number("test_accuracy"));
        Assert.Equal(evaluated.Number("loss"), result.Json.Number("test_loss"), tolerance: 1e-3); // bfloat16, other threads
        Assert.Equal(11, result.Json.Int("train_images")); // 12 less the one held out
    }

    [Fact]
    public void Data_that_cannot_be_trained_on_is_refused_in_one_line()
    {
        Directory.CreateDirectory(Folder.File("empty"));
        BadInput("empty", "expected a folder of photos for each class, such as ");
        WriteClasses("one", 3, "dark");
        BadInput("one", "expected training images of at least two classes, but found images of dark only");
        Directory.CreateDirectory(Folder.File("broken/a"));
        File.WriteAllText(Folder.File("broken/a/1.jpg"), "no");
        BadInput("broken", "expected photos that can be read, but found none among 1");
        File.WriteAllText(Folder.File("bad.csv"), "a.jpg\n");
        BadInput("bad.csv", "bad.csv, line 1: expected path,label or path,label,split, but found 1 field");
        WriteClasses("large", 2);
        BadInput(
            "large", "photos that take 0.0029 GiB at 3x512x512; choose a smaller image size or a larger limit of the cache", "--image-size",
            "512", "--cache-limit", "0.001");

        void BadInput(string data, string expected, params string[] more)
        {
            var result = RunCached(["train-cnn", "--data", Folder.File(data), "--output", Folder.File("none"), "--quiet", .. more]);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
            Assert.False(Directory.Exists(Folder.File("none")));
        }
    }

    [Fact]
    public void Models_of_different_sizes_are_compared_by_the_same_photos_each_in_its_own_size()
    {
        WriteClasses("photos", 6);
        Assert.Equal(0, Train("photos", "small").ExitCode);
        Assert.Equal(0, Train("photos", "large", imageSize: 32).ExitCode);
        WriteClasses("shown", 6);
        var result = RunCached("compare", Folder.File("small"), Folder.File("large"), "--data", Folder.File("shown"), "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Single(result.ErrorLines, line => line.Contains("shown: 12 photos", StringComparison.Ordinal)); // said once
        Assert.Single(result.ErrorLines, line => line.EndsWith("of the 12 photos (same pixels).", StringComparison.Ordinal));
        Assert.Equal(("all", 12), (result.Json.Text("split"), result.Json.Int("images")));
        foreach (var (side, run) in new[] { ("first", "small"), ("second", "large") })
        {
            var alone = RunCached("evaluate", Folder.File(run), "--data", Folder.File("shown"), "--json").Json;
            Assert.Equal(alone.Number("accuracy"), result.Json.GetProperty(side).Number("accuracy"));
            Assert.Equal(alone.Number("loss"), result.Json.GetProperty(side).Number("loss"));
        }

        Assert.All(result.Json.GetProperty("differences").EnumerateArray(), image => Assert.True(File.Exists(image.Text("path"))));

        WriteClasses("others", 6, "dark", "green");
        Assert.Equal(0, Train("others", "other").ExitCode);
        var refused = RunCached("compare", Folder.File("small"), Folder.File("other"));
        Assert.Equal(2, refused.ExitCode);
        Assert.EndsWith("(dark, light), but found 2, among them green", Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
    }

    private ToolResult Train(string data, string run, int imageSize = 24) => RunCached(
        "train-cnn", "--data", Folder.File(data), "--output", Folder.File(run), "--epochs", "2", "--image-size", $"{imageSize}",
        "--precision", "float32", "--json");

    private void WriteClasses(string folder, int count, params string[] classes)
    {
        foreach (var name in classes.Length > 0 ? classes : ["dark", "light"])
        {
            for (var i = 0; i < count; i++)
            {
                var color = new SKColor((byte)((name == "dark" ? 10 : 200) + i), 90, (byte)(10 * i));
                Bars.WritePicture(Folder.File($"{folder}/{name}/{i}.png"), 30, 26, canvas => canvas.Clear(color));
            }
        }
    }
}
