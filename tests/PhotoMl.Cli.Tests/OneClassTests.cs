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

        Refuse(set);
        Refuse(set, "--folds", "2");
    }

    [Fact]
    public void A_limit_that_leaves_one_class()
    {
        var set = Bars.WriteSet(Folder.File("bars"), train: 400);
        Bars.WriteIdx(Path.Combine(set, "train-labels-idx1-ubyte"), [.. Enumerable.Range(0, 400).Select(i => (byte)(i > 0 ? 2 : 1))], 400);

        Refuse(set, "--limit", "10");
    }

    [Fact]
    public void Photos_whose_other_classes_are_in_another_split()
    {
        WritePhotos("photos/train/2", 6);
        WritePhotos("photos/validation/2", 2);
        WritePhotos("photos/validation/3", 2);
        WritePhotos("photos/test/1", 2);

        Refuse(Folder.File("photos"));
    }

    [Fact]
    public void A_list_of_photos_with_one_label_to_train_on()
    {
        WritePhotos("photos", 4);
        File.WriteAllLines(
            Folder.File("list.csv"),
            ["path,label,split", "photos/0.png,2,train", "photos/1.png,2,train", "photos/2.png,2,validation", "photos/3.png,3,validation"]);

        Refuse(Folder.File("list.csv"));
    }

    [Fact]
    public void A_generator_may_be_trained_on_one_class_but_not_asked_for_others()
    {
        var set = Bars.WriteSet(Folder.File("bars"), train: 40);
        Bars.WriteIdx(Path.Combine(set, "train-labels-idx1-ubyte"), [.. Enumerable.Range(0, 40).Select(i => (byte)(i < 39 ? 2 : 3))], 40);
        string[] arguments = ["train-gan", "--data", set, "--output", Folder.File("run"), "--epochs", "1", "--batch-size", "20", "--quiet"];

        Refusal.OfInput(
            "expected images of every class, so that images of a class can be sampled, but found none of 0, 1",
            [.. arguments, "--conditional"]);
        Assert.False(Directory.Exists(Folder.File("run")));
    }

    private void Refuse(string data, params string[] more)
    {
        var result = RunCached(
            ["train-cnn", "--data", data, "--output", Folder.File("run"), "--epochs", "1", "--image-size", "28", "--quiet", .. more]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(Expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
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
