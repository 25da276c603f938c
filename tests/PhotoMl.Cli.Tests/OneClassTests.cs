namespace PhotoMl.Cli.Tests;

/// <summary>A set with images of one class to train on is refused in one line, before anything is trained or written.</summary>
[Collection(TorchCollection.Name)]
public sealed class OneClassTests : FolderTests
{
    private const string Expected = "expected training images of at least two classes, but found images of 2 only";

    [Fact]
    public void Idx_files_with_one_label_of_many()
    {
        var set = Bars.WriteSet(Folder.File("bars"));
        Bars.WriteIdx(Path.Combine(set, "train-labels-idx1-ubyte"), [.. Enumerable.Repeat((byte)2, 400)], 400);

        Refuse(Expected, set);
        Refuse(Expected, set, "--folds", "2");
    }

    [Fact]
    public void A_limit_that_leaves_one_class()
    {
        var set = Bars.WriteSet(Folder.File("bars"), train: 400);
        Bars.WriteIdx(Path.Combine(set, "train-labels-idx1-ubyte"), [.. Enumerable.Range(0, 400).Select(i => (byte)(i > 0 ? 2 : 1))], 400);

        Refuse(Expected, set, "--limit", "10");
    }

    [Fact]
    public void Photos_whose_other_classes_are_in_another_split()
    {
        WritePhotos("photos/train/2", 6);
        WritePhotos("photos/validation/2", 2);
        WritePhotos("photos/validation/3", 2);
        WritePhotos("photos/test/1", 2);

        Refuse(Expected, Folder.File("photos"));
    }

    [Fact]
    public void Labels_that_never_occur_are_named_before_the_training_and_left_out_of_the_figures()
    {
        var set = Bars.WriteSet(Folder.File("bars"), train: 60, test: 20);
        foreach (var (half, count) in new[] { ("train", 60), ("t10k", 20) })
        {
            byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)((i % 4) + 1))]; // from 1, as of EMNIST's letters
            Bars.WriteIdx(Path.Combine(set, $"{half}-labels-idx1-ubyte"), labels, count);
        }

        string[] train = ["train-cnn", "--data", set, "--output", Folder.File("run"), "--epochs", "1", "--per-class", "--quiet"];
        var result = RunCached(train);
        Assert.Equal("1 of 5 classes has no training images (0) and is not learned", Assert.Single(result.ErrorLines));
        const string Absent = "images (0) and is left out of";
        Assert.Equal(2, result.OutLines.Count(line => line.Contains(Absent, StringComparison.Ordinal))); // validation and test
        Assert.Equal(2, result.OutLines.Count(line => line is ['0', .., '0'] && line.Split('-').Length == 4));

        var json = RunCached("evaluate", Folder.File("run"), "--json", "--quiet").Json;
        Assert.Equal(["0"], json.GetProperty("absent_classes").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("per_class")[0].GetProperty("recall").ValueKind);
        var page = RunCached("evaluate", Folder.File("run"), "--report", Folder.File("report"), "--quiet").AssertSuccess();
        Assert.Contains(Absent, page.Out, StringComparison.Ordinal);
        Assert.Contains(
            $"<p>1 of 5 classes has no test {Absent} balanced figures</p>",
            File.ReadAllText(Folder.File("report/report.html")), StringComparison.Ordinal);
        Assert.Contains(Absent, RunCached("compare", Folder.File("run"), Folder.File("run"), "--quiet").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_photo_that_is_the_only_one_of_its_class_is_trained_on_and_named()
    {
        WritePhotos("photos/a", 12);
        WritePhotos("photos/b", 12);
        WritePhotos("photos/c", 1);
        string[] train = ["train-cnn", "--data", Folder.File("photos"), "--epochs", "1", "--image-size", "28", "--quiet"];
        const string HeldOut = "1 of 3 classes has no image held out (c) and is left out of balanced validation figures";
        Assert.Contains(HeldOut, RunCached([.. train, "--output", Folder.File("run"), "--split", "random"]).ErrorLines);
        var folds = RunCached([.. train, "--output", Folder.File("folds"), "--folds", "2", "--split", "random"]);
        Assert.Contains("1 of 3 classes has fewer images than there are folds (c) and is not in every fold", folds.ErrorLines);
        Assert.Contains("Balanced figures of a fold leave out the classes that it lacks.", folds.OutLines);
    }

    [Theory]
    [InlineData("to hold out 20.0 % of them, with some of every class left to train on, but found one of each class",
        "photos/a 1", "photos/b 1", "photos/c 1", "photos/d 1", "photos/e 1")]
    [InlineData("expected test images of the classes that are trained on (a, b), but found other classes only (A1, c)",
        "photos/train/a 6", "photos/train/b 6", "photos/validation/a 1", "photos/test/c 1", "photos/test/A1 1")]
    [InlineData("expected validation images of the classes that are trained on (a, b), but found other classes only (c)",
        "photos/train/a 6", "photos/train/b 6", "photos/validation/c 1")]
    public void Photos_of_which_none_can_be_held_out_or_whose_splits_share_no_class(string expected, params string[] folders)
    {
        Array.ForEach(folders, folder => WritePhotos(folder[..^2], folder[^1] - '0'));
        Refuse(expected, Folder.File("photos"), "--val-fraction", "0.2", "--split", "random");
    }

    [Fact]
    public void A_fold_that_leaves_one_class_to_train_on_names_the_collection()
    {
        WritePhotos("photos/2", 12);
        WritePhotos("photos/3", 1);
        Refuse($"{Folder.File("photos")}: {Expected}", Folder.File("photos"), "--folds", "2", "--split", "random", "--val-fraction", "0.2");
    }

    [Fact]
    public void A_list_of_photos_with_one_label_to_train_on()
    {
        WritePhotos("photos", 4);
        File.WriteAllLines(
            Folder.File("list.csv"),
            ["path,label,split", "photos/0.png,2,train", "photos/1.png,2,train", "photos/2.png,2,validation", "photos/3.png,3,validation"]);

        Refuse(Expected, Folder.File("list.csv"));
    }

    [Fact]
    public void A_generator_may_be_trained_on_one_class_but_not_asked_for_others()
    {
        var set = Bars.WriteSet(Folder.File("bars"), train: 40);
        Bars.WriteIdx(Path.Combine(set, "train-labels-idx1-ubyte"), [.. Enumerable.Range(0, 40).Select(i => (byte)(i < 39 ? 2 : 3))], 40);
        string[] arguments = ["train-gan", "--data", set, "--output", Folder.File("run"), "--epochs", "1", "--batch-size", "20", "--quiet"];

        Assert.Contains(
            "The networks are not given the class, so that images of a class cannot be sampled: there is no training image of 0, 1.",
            Tool.Succeed(arguments).ErrorLines);
        Refusal.OfInput("expected a generator trained with labels for --class", $"sample {Folder.File("run")} --class 3");
    }

    private void Refuse(string expected, string data, params string[] more)
    {
        var result = RunCached(
            ["train-cnn", "--data", data, "--output", Folder.File("run"), "--epochs", "1", "--image-size", "28", "--quiet", .. more]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder.File("run")));
    }

    private void WritePhotos(string folder, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Bars.WritePng(Folder.File($"{folder}/{i}.png"), i % Bars.Classes);
        }
    }
}
