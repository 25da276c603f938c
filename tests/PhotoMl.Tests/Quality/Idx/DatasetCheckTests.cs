namespace PhotoMl.Tests.Quality;

public sealed class DatasetCheckTests : FolderTests
{
    private readonly SmallSet _set = new();

    private DatasetLoadOptions Options => DatasetLocatorTests.Paths(Folder) with { Catalog = _set.Catalog };

    [Fact]
    public void A_sound_known_set_is_reported_with_sizes_hashes_and_counts()
    {
        _set.WriteTo(Folder.File("data", "mnist"));

        var report = DatasetCheck.Run("mnist", Options);

        Assert.True(report.IsSound);
        Assert.Equal(
            Enum.GetValues<DatasetFileRole>().Select(role => _set.File(role).Name),
            report.Files.Select(file => Path.GetFileName(file.Path).Replace(".gz", "", StringComparison.Ordinal)));
        Assert.Equal(
            Enum.GetValues<DatasetFileRole>().Select(role => (long?)_set.File(role).ByteCount), report.Files.Select(file => file.Bytes));
        Assert.All(report.Files, file => Assert.Equal(file.ExpectedSha256, file.Sha256));
        Assert.All(report.Files, file => Assert.Equal(new FileInfo(file.Path).Length, file.BytesOnDisk));
        Assert.Equal(Enumerable.Repeat(4, 10), report.Train!.ClassCounts);
        Assert.Equal((20, 0, 0), (report.Test!.Images, report.Test.Duplicates, report.TestImagesInTrain));
        Assert.Empty(report.Train.Constant);
        Assert.Empty(report.Warnings);
    }

    [Fact]
    public void Copies_constant_images_and_leaks_into_the_test_half_are_counted()
    {
        byte[] a = [1, 2], b = [3, 4], black = [0, 0];
        _set.WriteTo(Folder.File("mine"));
        Write("train-images-idx3-ubyte", [a, b, a, black, a]);
        Folder.Write("mine/train-labels-idx1-ubyte", IdxBytes.Labels(0, 1, 0, 2, 1));
        Write("t10k-images-idx3-ubyte", [b, [5, 6], [9, 9]]);
        Folder.Write("mine/t10k-labels-idx1-ubyte", IdxBytes.Labels(1, 0, 0));
        File.Delete(Folder.File("mine", "train-images-idx3-ubyte.gz"));

        var report = DatasetCheck.Run(Folder.File("mine"), Options);

        Assert.True(report.IsSound, string.Join(' ', report.Problems));
        Assert.Equal([2, 2, 1], report.Train!.ClassCounts);
        Assert.Equal((2, 1), (report.Train.Duplicates, report.Train.ConflictingDuplicates));
        Assert.Equal([3], report.Train.Constant);
        Assert.Equal([2], report.Test!.Constant);
        Assert.Equal(1, report.TestImagesInTrain);
        Assert.Equal(
            [
                "1 test images are exact copies of training images",
                "2 training images are copies of earlier ones, 1 of them with another label",
                "1 training images are of one single value, the first at index 3",
                "1 test images are of one single value, the first at index 2",
            ],
            report.Warnings);

        void Write(string name, byte[][] images) =>
            Folder.Write($"mine/{name}", IdxBytes.Of(0x803, [(uint)images.Length, 1, 2], [.. images.SelectMany(image => image)]));
    }

    [Fact]
    public void A_damaged_file_is_reported_once_and_the_other_half_still_examined()
    {
        _set.WriteTo(Folder.File("data", "mnist"));
        var bytes = (byte[])_set.Content[DatasetFileRole.TrainLabels].Clone();
        bytes[^1] ^= 1;
        var path = Folder.Write("data/mnist/train-labels-idx1-ubyte", bytes);

        var report = DatasetCheck.Run("mnist", Options);

        Assert.False(report.IsSound);
        Assert.StartsWith($"{path}: expected SHA-256", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal(report.Problems, report.Warnings);
        Assert.Equal(report.Problems[0], report.Files.Single(file => file.Problem is not null).Problem);
        Assert.Null(report.Train);
        Assert.NotNull(report.Test);
        Assert.Null(report.TestImagesInTrain);
    }

    [Fact]
    public void A_set_that_is_not_on_the_machine_is_not_downloaded() =>
        Assert.Throws<DatasetNotFoundException>(() => DatasetCheck.Run("mnist", Options));

    [FactWithMnist]
    public void The_real_mnist_has_no_copies()
    {
        var report = DatasetCheck.Run("mnist");

        Assert.True(report.IsSound);
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], report.Train!.ClassCounts);
        Assert.Equal((0, 0, 0), (report.Train.Duplicates, report.Test!.Duplicates, report.TestImagesInTrain));
    }
}
