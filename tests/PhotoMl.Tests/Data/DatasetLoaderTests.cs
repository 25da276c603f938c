namespace PhotoMl.Tests.Data;

public sealed class DatasetLoaderTests : FolderTests
{
    private readonly SmallSet _set = new();

    private DatasetLoadOptions Offline => DatasetLocatorTests.Paths(Folder) with { Catalog = _set.Catalog, AllowDownload = false };

    [Theory]
    [InlineData("mnist")]
    [InlineData("auto")]
    [InlineData("MNIST")]
    public void A_known_set_on_the_machine_is_read_and_verified(string name)
    {
        _set.WriteTo(Folder.File("data", "mnist"));
        using var data = DatasetLoader.Load(name, Offline);

        Assert.Equal(("mnist", Folder.File("data", "mnist"), null), (data.Id, data.Source, data.Notice));
        Assert.Equal(("mnist test", 10), (data.Test.Name, data.Test.ClassNames.Count));
        Assert.Equal([SmallSet.TrainCount, 1, 4, 5], data.Train.Images.shape);
        Assert.Equal(_set.Content[DatasetFileRole.TrainImages][16..], data.Train.Images.bytes.ToArray());
        Assert.Equal(_set.Content[DatasetFileRole.TestLabels][8..], data.Test.Labels.data<long>().Select(label => (byte)label));
    }

    [Fact]
    public void Only_the_split_asked_for_is_read_and_the_other_refused()
    {
        _set.WriteTo(Folder.File("data", "mnist"));
        File.WriteAllText(Folder.File("data", "mnist", "train-labels-idx1-ubyte"), "damaged, but not asked for");
        using var data = DatasetLoader.Load("mnist", Offline with { Splits = DatasetSplits.Test });

        Assert.Equal(SmallSet.TestCount, data.Test.Count);
        Assert.Throws<InvalidOperationException>(() => data.Train);
    }

    [Theory]
    [InlineData("mnist")]
    [InlineData("auto")]
    public void One_wrong_pixel_in_a_known_set_is_an_error_that_names_the_file_and_both_hashes(string data)
    {
        _set.WriteTo(Folder.File("cache", "mnist"));
        var bytes = (byte[])_set.Content[DatasetFileRole.TestImages].Clone();
        bytes[100] ^= 1;
        var path = Folder.Write("cache/mnist/t10k-images-idx3-ubyte", bytes);
        var exception = Assert.Throws<InvalidDatasetException>(() => DatasetLoader.Load(data, Offline));

        var expected = $"SHA-256 {_set.File(DatasetFileRole.TestImages).Sha256} (uncompressed)";
        Assert.Equal((path, expected), (exception.Path, exception.Expected));
        Assert.Matches("^[0-9a-f]{64}$", exception.Found);
    }

    [Fact]
    public void A_known_set_of_another_size_is_refused_before_it_is_read()
    {
        _set.WriteTo(Folder.File("cache", "mnist"));
        var path = Folder.Write("cache/mnist/t10k-labels-idx1-ubyte", IdxBytes.Labels(1, 2));

        Assert.Equal($"{path}: expected 28 bytes uncompressed, but found a header for 10 bytes.", Refusal("mnist"));
    }

    [Fact]
    public void Mnist_that_is_nowhere_fails_with_what_was_tried_and_what_to_do()
    {
        var exception = Assert.Throws<DatasetNotFoundException>(() => DatasetLoader.Load("mnist", Offline));

        Assert.Contains(Folder.File("shared", "mnist"), exception.Message, StringComparison.Ordinal);
        Assert.Contains("Download it where there is a network, or put the files into data/", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.Equal(4, exception.Search.Tried.Count);
    }

    [Fact]
    public void Auto_without_mnist_takes_the_digits_which_are_always_the_same_and_says_so_in_one_line()
    {
        _set.WriteTo(Folder.File("data", "mnist"), without: DatasetFileRole.TrainLabels);
        using var auto = DatasetLoader.Load("auto", Offline with { Splits = DatasetSplits.Test });
        using var digits = DatasetLoader.Load("digits", Offline with { Splits = DatasetSplits.Test });

        Assert.Equal(("digits", "built in"), (auto.Id, auto.Source));
        Assert.Equal((10_000, 28, 28), (auto.Test.Count, auto.Test.Height, auto.Test.Width));
        Assert.Equal(digits.Test.Fingerprint(), auto.Test.Fingerprint());
        Assert.Null(digits.Notice);
        Assert.StartsWith("MNIST is neither on this machine", auto.Notice, StringComparison.Ordinal);
        Assert.Contains("lacks train-labels-idx1-ubyte", auto.Notice, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', auto.Notice!);
    }

    [Fact]
    public void What_no_mirror_gives_is_named_with_every_address_and_auto_gives_up_after_the_first_file()
    {
        using var server = new MisbehavingServer { ["/"] = () => Reply.Status(500) };
        var set = new SmallSet("mnist", server.Address("a/"), server.Address("b/"));
        var options = Offline with { AllowDownload = true, Catalog = set.Catalog, Splits = DatasetSplits.None };
        using var data = DatasetLoader.Load("auto", options);
        Assert.Equal(["/a/train-images-idx3-ubyte.gz", "/b/train-images-idx3-ubyte.gz"], server.Requests);
        Assert.Equal("digits", data.Id);
        Assert.NotNull(data.Notice);

        var exception = Assert.Throws<DatasetNotFoundException>(() => DatasetLoader.Load("mnist", options));
        Assert.Contains($"{server.Address("b/train-images-idx3-ubyte.gz")} (500", exception.Message, StringComparison.Ordinal);
        Assert.IsType<DatasetDownloadException>(exception.InnerException);
    }

    [Fact]
    public void A_set_that_can_be_downloaded_is_and_then_found_in_the_cache()
    {
        using var server = new MisbehavingServer();
        var set = new SmallSet("mnist", server.Address(""));
        server.Serve(set);
        var options = Offline with { AllowDownload = true, Catalog = set.Catalog };

        DatasetLoader.Load("mnist", options).Dispose();
        var requests = server.Requests.Count;
        using var data = DatasetLoader.Load("auto", options);
        Assert.Equal((Folder.File("cache", "mnist"), null, requests), (data.Source, data.Notice, server.Requests.Count));
    }

    [Fact]
    public void A_folder_with_four_idx_files_is_a_set_whose_classes_are_numbers()
    {
        _set.WriteTo(Folder.File("mine"));
        using var data = DatasetLoader.Load(Folder.File("mine"), Offline with { Splits = DatasetSplits.Test });

        Assert.Equal(("mine", 20), (data.Title, data.Test.Count));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], data.Test.ClassNames);
    }

    [Fact]
    public void A_folder_that_lacks_a_file_or_whose_splits_differ_in_size_is_refused()
    {
        var mine = Folder.File("mine");
        _set.WriteTo(mine, without: DatasetFileRole.TestImages);
        Assert.Equal(
            $"{mine}: expected a known set (mnist, digits) or a folder with the four IDX files, "
            + "but found a folder without t10k-images-idx3-ubyte.",
            Refusal(mine));

        Folder.Write("mine/t10k-images-idx3-ubyte", IdxBytes.Images(SmallSet.TestCount, 5, 4));
        Assert.Contains("expected images of 4 x 5 as for training, but found 5 x 4", Refusal(mine), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones() => Assert.Equal(
        "mnits: expected auto, mnist, digits, a folder of photos, a CSV file that lists them, or a folder with the four IDX files, "
        + "but found no set and no folder of that name.",
        Refusal("mnits"));

    [FactWithMnist]
    public void The_real_mnist_is_sound()
    {
        using var data = DatasetLoader.Load("mnist", new DatasetLoadOptions { AllowDownload = false });

        Assert.Equal((60_000, 10_000), (data.Train.Count, data.Test.Count));
        Assert.Equal([5, 0, 4, 1, 9], data.Train.Labels.data<long>().Take(5));
        Assert.Equal([7, 2, 1, 0, 4], data.Test.Labels.data<long>().Take(5));
        Assert.Equal(33.3184, data.Train.Images.bytes.ToArray().Average(pixel => pixel), 4); // 0.1307 x 255
    }

    private string Refusal(string data) => Assert.Throws<InvalidDatasetException>(() => DatasetLoader.Load(data, Offline)).Message;
}
