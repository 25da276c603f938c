namespace PhotoMl.Tests.Data;

public sealed class PhotoDatasetTests : FolderTests
{
    private DatasetLoadOptions Options => DatasetLocatorTests.Paths(Folder) with { AllowDownload = false, ImageSize = 8 };

    [Fact]
    public void Photos_of_no_split_are_all_for_training_with_their_paths()
    {
        Write("cat/1.png", "cat/2.png", "dog/3.png");
        using var data = Load();

        Assert.True(data.IsPhotos);
        Assert.Equal((false, null), (data.HasTest, data.Validation));
        Assert.Equal([0L, 0, 1], data.Train.Labels.data<long>().ToArray());
        Assert.Equal(["cat", "dog"], data.Train.ClassNames);
        Assert.Equal(["1.png", "2.png", "3.png"], data.Train.Paths!.Select(path => Path.GetFileName(path)));
        Assert.Equal(ImagePreprocessing.ForPhotos(3, 8), data.Train.Preprocessing);
        Assert.Contains("3 photos, which it does not divide", Assert.Single(data.Remarks), StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => data.Test);
        Assert.True(Directory.Exists(Folder.File("cache/photos")));

        using var some = data.Train.Select([2, 0]);
        Assert.Equal(["3.png", "1.png"], some.Paths!.Select(path => Path.GetFileName(path)));
        Assert.Equal([1L, 0], some.Labels.data<long>().ToArray());
    }

    [Fact]
    public void What_a_run_stores_of_the_data_is_its_full_path()
    {
        Write("cat/1.png", "dog/2.png");
        using var photos = Load(Path.GetRelativePath(Environment.CurrentDirectory, Folder.File("photos")));
        Assert.Equal($"{Folder.File("photos")} train", photos.Train.Name);

        new SmallSet().WriteTo(Folder.File("idx"));
        using var images = Load(Path.GetRelativePath(Environment.CurrentDirectory, Folder.File("idx")));
        Assert.Equal($"{Folder.File("idx")} train", images.Train.Name);
    }

    [Fact]
    public void The_splits_of_a_folder_are_honored_and_reported()
    {
        Write("train/cat/1.png", "train/dog/2.png", "val/dog/3.png", "test/dog/4.png", "test/cat/5.png");
        using var data = Load();

        Assert.Equal((2, 1, 2), (data.Train.Count, data.Validation!.Count, data.Test.Count));
        Assert.Equal([1L], data.Validation.Labels.data<long>().ToArray());
        Assert.Equal(
            $"{Folder.File("photos")}: as its folders say, 2 photos to train on, 1 to choose the best epoch by (validation), "
            + "2 to evaluate on (test).",
            Assert.Single(data.Remarks));
    }

    [Fact]
    public void A_list_is_data_too()
    {
        Write("a.png", "b.png", "c.png");
        var text = "path,label,split\na.png,cat,train\nb.png,dog,train\nc.png,dog,test\nd.png,dog,test\n"u8.ToArray();
        using var data = DatasetLoader.Load(Folder.Write("photos/list.csv", text), Options with { Channels = 1 });

        Assert.Equal((2, 1, 1), (data.Train.Count, data.Test.Count, data.Train.Channels));
        Assert.Equal(Folder.File("photos/d.png"), Assert.Single(data.Skipped).Path);
        Assert.Contains("as its split column says, 2 photos to train on, none to", Assert.Single(data.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_of_which_nothing_can_be_read_is_left_out_with_a_notice()
    {
        Write("cat/1.png", "dog/2.png");
        Folder.Write("photos/cow/3.png", [1]);
        using var data = Load();

        Assert.Equal(["cat", "dog"], data.Train.ClassNames);
        Assert.Equal([0L, 1], data.Train.Labels.data<long>().ToArray());
        Assert.Equal($"{Folder.File("photos")}: no photo of cow can be read, so this class is left out.", data.Notice);
        Assert.Equal(data.Notice, data.Train.Notice);
        Assert.Equal(Folder.File("photos/cow/3.png"), Assert.Single(data.Skipped).Path);
    }

    [Fact]
    public void Photos_that_are_of_no_use_are_refused_in_one_line()
    {
        Folder.Write("photos/cat/1.png", [1]);
        var message = Assert.Throws<InvalidDatasetException>(() => Load()).Message;
        Assert.Contains("expected photos that can be read, but found none among 1, the first being", message, StringComparison.Ordinal);

        Write("a.png");
        var list = Folder.Write("photos/list.csv", "a.png,cat,test"u8.ToArray());
        Assert.Contains("photos to train on", Assert.Throws<InvalidDatasetException>(() => Load(list)).Message, StringComparison.Ordinal);
        using var test = DatasetLoader.Load(list, Options with { Splits = DatasetSplits.Test });
        Assert.Equal(1, test.Test.Count);
    }

    [Fact]
    public void Labels_can_be_those_of_a_model_that_knows_more_classes()
    {
        Write("cat/1.png", "dog/2.png");
        using var data = Load();
        using var model = data.Train.WithClasses(["dog", "cow", "cat"]);

        Assert.Equal([2L, 0], model.Labels.data<long>().ToArray());
        Assert.Equal([1, 0, 1], model.ClassCounts);
        var exception = Assert.Throws<ArgumentException>(() => data.Train.WithClasses(["cat", "cow"]));
        Assert.Contains("but got dog", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_known_set_is_brought_to_the_size_asked_for()
    {
        var set = new SmallSet();
        set.WriteTo(Folder.File("data", "mnist"));
        using var data = DatasetLoader.Load("mnist", Options with { Catalog = set.Catalog });

        Assert.Equal((1, 8, 8), (data.Test.Channels, data.Test.Height, data.Test.Width));
        Assert.False(data.IsPhotos);
    }

    [Fact]
    public void Photos_that_are_listed_are_not_listed_again()
    {
        Write("cat/1.png", "dog/2.png");
        var options = DatasetLoader.WithPhotos(Folder.File("photos"), Options);
        Write("dog/3.png");
        using var data = DatasetLoader.Load(Folder.File("photos"), options);

        Assert.Equal(2, data.Train.Count);
        Assert.DoesNotContain(Folder.File("photos/dog/3.png"), DatasetLoader.InputsOf(Folder.File("photos"), options));
    }

    private LoadedDataset Load(string? data = null) => DatasetLoader.Load(data ?? Folder.File("photos"), Options);

    private void Write(params string[] names) => Array.ForEach(names, name => Folder.Write(
        Path.Combine("photos", name), ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 12, 10, (x, y) => (byte)(x * y))));
}
