using System.Text.Json;
using SkiaSharp;

namespace PhotoMl.Cli.Tests;

/// <summary>Photos of two classes, light and dark, from the folder to the figures.</summary>
[Collection(TorchCollection.Name)]
public sealed class PhotoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_with_splits_is_trained_on_judged_and_resumed_without_its_photos_being_read_again()
    {
        WriteClasses("photos/train", 12);
        WriteClasses("photos/validation", 4);
        File.WriteAllText(_folder.File("photos/train/dark/text.jpg"), "hello");
        var result = Train("photos", "run");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(result.ErrorLines, line => line.EndsWith("as its folders say, 24 photos to train on, 8 to choose the best epoch by (validation), none to evaluate on (test).", StringComparison.Ordinal));
        Assert.Contains(result.ErrorLines, line => line.EndsWith("photos: left out 1 file:", StringComparison.Ordinal));
        Assert.Contains(result.ErrorLines, line => line.StartsWith($"  {_folder.File("photos/train/dark/text.jpg")}: expected a JPEG", StringComparison.Ordinal));
        Assert.Equal(24, result.Json.GetProperty("train_images").GetInt32());
        Assert.Equal(JsonValueKind.Null, result.Json.GetProperty("test_accuracy").ValueKind);
        Assert.Equal(JsonValueKind.Null, result.Json.GetProperty("test_loss").ValueKind);
        Assert.Contains(result.Json.GetProperty("validation_accuracy").GetDouble(), Enumerable.Range(0, 9).Select(right => right / 8.0));
        var skipped = File.ReadAllLines(_folder.File("run/skipped.csv"));
        Assert.Equal(["path,reason", $"\"{_folder.File("photos/train/dark/text.jpg")}\",\"expected a JPEG, PNG, WebP, BMP or GIF image but found something else\""], skipped);

        Assert.Equal(0, Run("train-cnn", "--resume", _folder.File("run"), "--quiet").ExitCode);
        Directory.Delete(_folder.File("photos/train/light"), recursive: true);
        var resumed = Run("train-cnn", "--resume", _folder.File("run"), "--quiet");
        Assert.Equal(2, resumed.ExitCode);
        Assert.Contains("expected the images that the run began with, but found other images", resumed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_judged_by_any_folder_of_its_classes_in_its_own_way_of_preparing()
    {
        WriteClasses("photos", 12);
        var trained = Train("photos", "run");
        Assert.Equal(0, trained.ExitCode);
        Assert.Contains("24 photos, which it does not divide", trained.Error, StringComparison.Ordinal);

        WriteClasses("others/test", 5, "light");
        WriteClasses("others/train", 1, "light");
        var test = Run("evaluate", _folder.File("run"), "--data", _folder.File("others"), "--json");
        Assert.Equal(0, test.ExitCode);
        Assert.Equal(("test", 5), (test.Json.GetProperty("split").GetString(), test.Json.GetProperty("images").GetInt32()));
        Assert.Equal(5, test.Json.GetProperty("per_class")[1].GetProperty("support").GetInt32());

        var all = Run("evaluate", _folder.File("run"), "--json", "--quiet");
        Assert.Equal(("all", 24), (all.Json.GetProperty("split").GetString(), all.Json.GetProperty("images").GetInt32()));
        Assert.Empty(all.Error);
        Assert.Contains(Run("evaluate", _folder.File("run")).OutLines, line => line == "Data      photos, 24 photos");

        WriteClasses("strange", 2, "dark", "green");
        var strange = Run("evaluate", _folder.File("run"), "--data", _folder.File("strange"), "--quiet");
        Assert.Equal(2, strange.ExitCode);
        Assert.Equal($"photoml: {_folder.File("strange")}: expected classes that the model knows (dark, light), but found green.", Assert.Single(strange.ErrorLines));
    }

    [Fact]
    public void A_list_with_a_test_split_gives_test_figures()
    {
        WriteClasses("photos", 8);
        var lines = Directory.GetFiles(_folder.File("photos"), "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select((path, i) => $"{Path.GetRelativePath(_folder.Path, path)},{Path.GetFileName(Path.GetDirectoryName(path))},{(i % 4 == 0 ? "test" : "train")}");
        File.WriteAllLines(_folder.File("list.csv"), lines.Prepend("path,label,split"));
        var result = Train("list.csv", "run");

        Assert.Equal(0, result.ExitCode);
        var judged = Run("evaluate", _folder.File("run"), "--json").Json;
        Assert.Equal(("test", 4), (judged.GetProperty("split").GetString(), judged.GetProperty("images").GetInt32()));
        Assert.Equal(judged.GetProperty("accuracy").GetDouble(), result.Json.GetProperty("test_accuracy").GetDouble());
        Assert.Equal(judged.GetProperty("loss").GetDouble(), result.Json.GetProperty("test_loss").GetDouble(), tolerance: 1e-6);
        Assert.Equal(11, result.Json.GetProperty("train_images").GetInt32()); // 12 less the one held out
    }

    [Fact]
    public void Data_that_cannot_be_trained_on_is_told_in_one_line()
    {
        Directory.CreateDirectory(_folder.File("empty"));
        BadInput("empty", "expected a folder of photos for each class, such as ");
        WriteClasses("one", 3, "dark");
        BadInput("one", "expected training images of at least two classes, but found images of dark only");
        Directory.CreateDirectory(_folder.File("broken/a"));
        File.WriteAllText(_folder.File("broken/a/1.jpg"), "no");
        BadInput("broken", "expected photos that can be read, but found none among 1");
        File.WriteAllText(_folder.File("bad.csv"), "a.jpg\n");
        BadInput("bad.csv", "bad.csv, line 1: expected path,label or path,label,split, but found 1 field");
        WriteClasses("large", 2);
        BadInput("large", "photos that take 0.0029 GiB at 3x512x512; choose a smaller image size or a larger limit of the cache", "--image-size", "512", "--cache-limit", "0.001");

        void BadInput(string data, string expected, params string[] more)
        {
            var result = Run(["train-cnn", "--data", _folder.File(data), "--output", _folder.File("none"), "--quiet", .. more]);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
            Assert.False(Directory.Exists(_folder.File("none")));
        }
    }

    [Fact]
    public void Models_of_different_sizes_are_compared_by_the_same_photos_each_in_its_own_size()
    {
        WriteClasses("photos", 6);
        Assert.Equal(0, Train("photos", "small").ExitCode);
        Assert.Equal(0, Train("photos", "large", imageSize: 32).ExitCode);
        var result = Run("compare", _folder.File("small"), _folder.File("large"), "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.Single(result.ErrorLines, line => line.Contains("12 photos", StringComparison.Ordinal)); // said once
        Assert.Equal(("all", 12), (result.Json.GetProperty("split").GetString(), result.Json.GetProperty("images").GetInt32()));
        foreach (var (side, run) in new[] { ("first", "small"), ("second", "large") })
        {
            var alone = Run("evaluate", _folder.File(run), "--json").Json;
            Assert.Equal(alone.GetProperty("accuracy").GetDouble(), result.Json.GetProperty(side).GetProperty("accuracy").GetDouble());
            Assert.Equal(alone.GetProperty("loss").GetDouble(), result.Json.GetProperty(side).GetProperty("loss").GetDouble());
        }

        Assert.All(result.Json.GetProperty("differences").EnumerateArray(), image => Assert.True(File.Exists(image.GetProperty("path").GetString())));

        WriteClasses("others", 6, "dark", "green");
        Assert.Equal(0, Train("others", "other").ExitCode);
        var refused = Run("compare", _folder.File("small"), _folder.File("other"));
        Assert.Equal(2, refused.ExitCode);
        Assert.EndsWith("(dark, light), but found 2, among them green", Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
    }

    private ToolResult Train(string data, string run, int imageSize = 24) => Run(
        "train-cnn", "--data", _folder.File(data), "--output", _folder.File(run), "--epochs", "2", "--image-size", $"{imageSize}", "--threads", "1", "--precision", "float32", "--json");

    private ToolResult Run(params string[] args) => Tool.Run(args, onError: null, CancellationToken.None, _folder.File("cache"));

    private void WriteClasses(string folder, int count, params string[] classes)
    {
        foreach (var name in classes.Length > 0 ? classes : ["dark", "light"])
        {
            Directory.CreateDirectory(_folder.File(Path.Combine(folder, name)));
            for (var i = 0; i < count; i++)
            {
                using var bitmap = new SKBitmap(30, 26);
                bitmap.Erase(new SKColor((byte)((name == "dark" ? 10 : 200) + i), 90, (byte)(10 * i)));
                using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
                File.WriteAllBytes(_folder.File(Path.Combine(folder, name, $"{i}.png")), data.ToArray());
            }
        }
    }
}
