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
    public void Files_with_a_prefix_are_a_set_where_they_are_the_only_one()
    {
        WriteLetters("emnist-letters-", "set/");
        using var data = DatasetLoader.Load(Folder.File("set"), Offline);
        Assert.Equal((SmallSet.TrainCount, SmallSet.TestCount), (data.Train.Count, data.Test.Count));

        WriteLetters("emnist-digits-", "set/");
        Assert.Equal(
            $"{Folder.File("set")}: expected the four IDX files of one data set, "
            + "but found those of emnist-digits, emnist-letters; give each a folder of its own.",
            Refusal(Folder.File("set")));

        File.Delete(Folder.File("set", "emnist-digits-test-images-idx3-ubyte"));
        DatasetLoader.Load(Folder.File("set"), Offline).Dispose();
        File.Delete(Folder.File("set", "emnist-letters-train-labels-idx1-ubyte"));
        Assert.Contains("a folder without emnist-digits-test-images-idx3-ubyte.", Refusal(Folder.File("set")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("emnist-letters-", "set", "the images of EMNIST are stored transposed")]
    [InlineData("", "EMNIST", "the images of EMNIST are stored transposed")]
    [InlineData("", "set", null)]
    public void Images_of_EMNIST_are_said_to_be_transposed_and_are_on_demand(string prefix, string folder, string? notice)
    {
        WriteLetters(prefix, $"{folder}/");
        using var stored = DatasetLoader.Load(Folder.File(folder), Offline);
        using var upright = DatasetLoader.Load(Folder.File(folder), Offline with { Transpose = true });

        Assert.Equal(notice is not null, stored.Notice?.Contains($"{notice}; ", StringComparison.Ordinal) ?? false);
        Assert.Null(upright.Notice);
        Assert.Equal([SmallSet.TestCount, 1, 5, 4], upright.Test.Images.shape);
        Assert.Equal((5, 4), (upright.Test.Preprocessing.Height, upright.Test.Preprocessing.Width));
        TensorAssert.Equal(stored.Test.Images.transpose(2, 3).contiguous(), upright.Test.Images);
        Assert.True(upright.Train.Select([0]).ConvertTo(1, 8, 8).IsTransposed);
        Assert.Contains("(Transpose), but found a known set", Refusal("digits", Offline with { Transpose = true }));
    }

    [Theory]
    [InlineData(20, 16, 9, null)]
    [InlineData(16, 20, 8, null)]
    [InlineData(16, 20, 9, "is 1.25 times as wide as high, so they may be stored transposed")]
    public void Images_of_lying_characters_are_noticed(int height, int width, byte last, string? notice)
    {
        byte[] image = [.. Enumerable.Range(0, 784).Select(i => i / 28 < height && i % 28 < width ? byte.MaxValue : (byte)0)];
        foreach (var (role, name) in DatasetFolder.IdxNames)
        {
            var images = IdxBytes.Of(0x803, [2, 28, 28], [.. image, .. image]);
            Folder.Write(name, IdxKind.Of(role) == IdxKind.Labels ? IdxBytes.Labels(0, last) : images);
        }

        using var data = DatasetLoader.Load(Folder.Path, Offline);
        Assert.Equal(notice is null, data.Notice is null);
        Assert.Contains(notice ?? "", data.Notice ?? "", StringComparison.Ordinal);
        Assert.Equal(data.Notice, PhotoMl.Quality.DatasetCheck.Run(Folder.Path, Offline).Notice);
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

    private void WriteLetters(string prefix, string folder)
    {
        foreach (var (role, name) in DatasetFolder.IdxNames)
        {
            var published = prefix == "" ? name : name.Replace("t10k", "test", StringComparison.Ordinal);
            Folder.Write($"{folder}{prefix}{published}", _set.Content[role]);
        }
    }

    private string Refusal(string data, DatasetLoadOptions? options = null) =>
        Assert.Throws<InvalidDatasetException>(() => DatasetLoader.Load(data, options ?? Offline)).Message;
}
