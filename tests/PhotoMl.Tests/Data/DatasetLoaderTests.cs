using PhotoMl.Data;

namespace PhotoMl.Tests.Data;

public sealed class DatasetLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SmallSet _set = new();

    private DatasetLoadOptions Offline => DatasetLocatorTests.Paths(_folder) with { Catalog = _set.Catalog, AllowDownload = false };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mnist")]
    [InlineData("auto")]
    [InlineData("MNIST")]
    public void A_known_set_on_the_machine_is_read_and_verified(string data)
    {
        _set.WriteTo(_folder.File("data", "mnist"));

        var content = DatasetLoader.Read(data, Offline);

        Assert.Equal(("mnist", _folder.File("data", "mnist"), null), (content.Id, content.Source, content.Notice));
        Assert.Equal(_set.Content[DatasetFileRole.TrainImages][16..], content.Train!.Pixels);
        Assert.Equal(_set.Content[DatasetFileRole.TestLabels][8..], content.Test!.Labels);
        Assert.Equal(10, content.ClassNames.Count);
    }

    [Fact]
    public void Only_the_half_asked_for_is_read()
    {
        _set.WriteTo(_folder.File("data", "mnist"));
        File.WriteAllText(_folder.File("data", "mnist", "train-labels-idx1-ubyte"), "damaged, but not asked for");

        var content = DatasetLoader.Read("mnist", Offline with { Splits = DatasetSplits.Test });

        Assert.Null(content.Train);
        Assert.Equal(SmallSet.TestCount, content.Test!.Count);
    }

    [Theory]
    [InlineData("mnist")]
    [InlineData("auto")]
    public void One_wrong_pixel_in_a_known_set_is_an_error_that_names_the_file_and_both_hashes(string data)
    {
        _set.WriteTo(_folder.File("cache", "mnist"));
        var bytes = (byte[])_set.Content[DatasetFileRole.TestImages].Clone();
        bytes[100] ^= 1;
        var path = _folder.Write("cache/mnist/t10k-images-idx3-ubyte", bytes);

        var exception = Assert.Throws<InvalidDatasetException>(() => DatasetLoader.Read(data, Offline));

        Assert.Equal(path, exception.Path);
        Assert.Equal($"SHA-256 {_set.File(DatasetFileRole.TestImages).Sha256} (uncompressed)", exception.Expected);
        Assert.Matches("^[0-9a-f]{64}$", exception.Found);
    }

    [Fact]
    public void A_known_set_of_another_size_is_refused_before_it_is_read()
    {
        _set.WriteTo(_folder.File("cache", "mnist"));
        var path = _folder.Write("cache/mnist/t10k-labels-idx1-ubyte", IdxBytes.Labels(1, 2));

        var exception = Assert.Throws<InvalidDatasetException>(() => DatasetLoader.Read("mnist", Offline));

        Assert.Equal($"{path}: expected 28 bytes uncompressed, but found a header for 10 bytes.", exception.Message);
    }

    [Fact]
    public void Mnist_that_is_nowhere_fails_with_what_was_tried_and_what_to_do()
    {
        var exception = Assert.Throws<DatasetNotFoundException>(() => DatasetLoader.Read("mnist", Offline));

        Assert.Contains(_folder.File("shared", "mnist"), exception.Message, StringComparison.Ordinal);
        Assert.Contains("Download it where there is a network, or put the files into data/mnist", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.Equal(4, exception.Search.Tried.Count);
    }

    [Fact]
    public void Auto_without_mnist_takes_the_digits_and_says_so_in_one_line()
    {
        _set.WriteTo(_folder.File("data", "mnist"), without: DatasetFileRole.TrainLabels);

        var content = DatasetLoader.Read("auto", Offline with { Splits = DatasetSplits.Test });

        Assert.Equal(("digits", "built in"), (content.Id, content.Source));
        Assert.Equal((10_000, 28, 28), (content.Test!.Count, content.Test.Height, content.Test.Width));
        Assert.StartsWith("MNIST is neither on this machine", content.Notice, StringComparison.Ordinal);
        Assert.Contains("lacks train-labels-idx1-ubyte", content.Notice, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', content.Notice!);
    }

    [Fact]
    public void Auto_gives_up_after_the_first_file_that_no_mirror_gives()
    {
        using var server = new MisbehavingServer { ["/"] = () => Reply.Status(404) };
        var set = new SmallSet("mnist", server.Address("a/"), server.Address("b/"));

        var content = DatasetLoader.Read("auto", Offline with { AllowDownload = true, Catalog = set.Catalog, Splits = DatasetSplits.Test });

        Assert.Equal("digits", content.Id);
        Assert.NotNull(content.Notice);
        Assert.Equal(["/a/train-images-idx3-ubyte.gz", "/b/train-images-idx3-ubyte.gz"], server.Requests);
    }

    [Fact]
    public void A_set_that_can_be_downloaded_is_and_then_found_in_the_cache()
    {
        using var server = new MisbehavingServer();
        var set = new SmallSet("mnist", server.Address(""));
        server.Serve(set);
        var options = Offline with { AllowDownload = true, Catalog = set.Catalog };

        Assert.Equal(_folder.File("cache", "mnist"), DatasetLoader.Read("mnist", options).Source);
        var requests = server.Requests.Count;
        Assert.Null(DatasetLoader.Read("auto", options).Notice);

        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact]
    public void Mnist_that_cannot_be_downloaded_tells_every_address()
    {
        using var server = new MisbehavingServer { ["/"] = () => Reply.Status(500) };
        var set = new SmallSet("mnist", server.Address("a/"), server.Address("b/"));

        var exception = Assert.Throws<DatasetNotFoundException>(
            () => DatasetLoader.Read("mnist", Offline with { AllowDownload = true, Catalog = set.Catalog }));

        Assert.Contains($"{server.Address("b/train-images-idx3-ubyte.gz")} (500", exception.Message, StringComparison.Ordinal);
        Assert.IsType<DatasetDownloadException>(exception.InnerException);
    }

    [Fact]
    public void The_digits_are_the_same_every_time_and_differ_between_train_and_test()
    {
        var first = DatasetLoader.Read("digits", Offline);
        var second = DatasetLoader.Read("digits", Offline with { Splits = DatasetSplits.Test });

        Assert.Equal((60_000, 10_000), (first.Train!.Count, first.Test!.Count));
        Assert.Equal(first.Test.Pixels, second.Test!.Pixels);
        Assert.False(first.Test.Pixels.AsSpan().SequenceEqual(first.Train.Pixels.AsSpan(0, first.Test.Pixels.Length)));
        Assert.Null(first.Notice);
    }

    [Fact]
    public void A_folder_with_four_idx_files_is_a_set_whose_classes_are_numbers()
    {
        _set.WriteTo(_folder.File("mine"));

        var content = DatasetLoader.Read(_folder.File("mine"), Offline with { Splits = DatasetSplits.Test });

        Assert.Equal(("mine", 20), (content.Title, content.Test!.Count));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], content.ClassNames);
    }

    [Fact]
    public void A_folder_whose_halves_differ_in_size_is_refused()
    {
        _set.WriteTo(_folder.File("mine"));
        _folder.Write("mine/t10k-images-idx3-ubyte", IdxBytes.Images(SmallSet.TestCount, 5, 4));

        var exception = Assert.Throws<InvalidDatasetException>(() => DatasetLoader.Read(_folder.File("mine"), Offline));

        Assert.Equal("5 x 4", exception.Found);
    }

    [Fact]
    public void A_folder_of_photos_is_too_large_for_managed_memory_and_refused()
    {
        _folder.Write("photos/cat/1.jpg", [1]);

        var exception = Assert.Throws<InvalidDatasetException>(() => DatasetLoader.Read(_folder.File("photos"), Offline));

        Assert.StartsWith(
            $"{_folder.File("photos")}: expected a known set (mnist, digits) or a folder with the four IDX files, but found a folder without train-images",
            exception.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        var exception = Assert.Throws<InvalidDatasetException>(() => DatasetLoader.Read("mnits"));
        Assert.Equal(
            "mnits: expected auto, mnist, fashion-mnist, digits, a folder of photos, a CSV file that lists them, or a folder with the four IDX files, but found no set and no folder of that name.",
            exception.Message);
    }

    [Fact]
    public void A_loaded_set_holds_tensors_and_refuses_the_half_that_was_not_loaded()
    {
        _set.WriteTo(_folder.File("data", "mnist"));

        using var dataset = DatasetLoader.Load("mnist", Offline with { Splits = DatasetSplits.Test });

        Assert.Equal([SmallSet.TestCount, 1, 4, 5], dataset.Test.Images.shape);
        Assert.Equal("mnist test", dataset.Test.Name);
        Assert.Equal(_set.Content[DatasetFileRole.TestImages][16..], dataset.Test.Images.data<byte>().ToArray());
        Assert.Throws<InvalidOperationException>(() => dataset.Train);
    }

    [FactWithMnist]
    public void The_real_mnist_is_sound()
    {
        var content = DatasetLoader.Read("mnist", new DatasetLoadOptions { AllowDownload = false });

        Assert.Equal((60_000, 10_000), (content.Train!.Count, content.Test!.Count));
        Assert.Equal([5, 0, 4, 1, 9], content.Train.Labels[..5]);
        Assert.Equal([7, 2, 1, 0, 4], content.Test.Labels[..5]);
        Assert.Equal(33.3184, content.Train.Pixels.Average(pixel => pixel), 4); // 0.1307 x 255
    }
}
