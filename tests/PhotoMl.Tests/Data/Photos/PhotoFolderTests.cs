using System.Runtime.Versioning;
using PhotoMl.Data;

namespace PhotoMl.Tests.Data;

public sealed class PhotoFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Folders_are_classes_in_ordinal_order_with_all_they_hold()
    {
        Touch("b/2.jpg", "b/deep/er/1.PNG", "B/3.webp", "a/x.txt", "a/y.jpeg", ".hidden/z.jpg", "b/.z.jpg");
        var photos = PhotoFolder.Open(_folder.Path);

        Assert.Equal(["B", "a", "b"], photos.ClassNames);
        Assert.False(photos.HasSplits);
        Assert.Equal([1, 1, 2], photos.CountClasses());
        Assert.Equal(["B/3.webp", "a/y.jpeg", "b/2.jpg", "b/deep/er/1.PNG"], photos.Photos.Select(photo => Path.GetRelativePath(_folder.Path, photo.Path)));
        Assert.Equal([0, 1, 2, 2], photos.Photos.Select(photo => photo.Label));
        Assert.Empty(photos.Problems);
    }

    [Theory]
    [InlineData("validation")]
    [InlineData("val")]
    [InlineData("Valid")]
    public void A_folder_train_makes_the_folders_beside_it_splits(string validation)
    {
        Touch("train/cat/1.jpg", "train/dog/2.jpg", $"{validation}/dog/3.jpg", "test/cat/4.jpg", "test/cow/5.jpg");
        var photos = PhotoFolder.Open(_folder.Path);

        Assert.True(photos.HasSplits);
        Assert.Equal(["cat", "cow", "dog"], photos.ClassNames);
        Assert.Equal([1, 0, 1], photos.CountClasses(DatasetSplits.Train));
        Assert.Equal([0, 0, 1], photos.CountClasses(DatasetSplits.Validation));
        Assert.Equal([1, 1, 0], photos.CountClasses(DatasetSplits.Test));
        Assert.Equal([2, 1, 2], photos.CountClasses());
    }

    [Fact]
    public void Without_a_folder_train_test_is_a_class()
    {
        Touch("test/1.jpg", "exam/2.jpg");

        Assert.Equal(["exam", "test"], PhotoFolder.Open(_folder.Path).ClassNames);
    }

    [LinuxFact]
    [SupportedOSPlatform("linux")]
    public void A_folder_that_cannot_be_read_is_a_problem_and_the_others_count()
    {
        Touch("train/cat/1.jpg", "val/cat/2.jpg");
        using var closed = new ClosedFolder(_folder, "val");
        var problem = Assert.Single(Unprivileged.Run(() => PhotoFolder.Open(_folder.Path)).Problems);

        Assert.Equal(_folder.File("val"), problem.Path);
        Assert.StartsWith("the folder cannot be read", problem.Problem, StringComparison.Ordinal);
    }

    [LinuxFact]
    [SupportedOSPlatform("linux")]
    public void A_root_that_cannot_be_read_is_refused_with_the_reason()
    {
        Touch("photos/cat/1.jpg");
        using var closed = new ClosedFolder(_folder, "photos");
        var exception = Assert.Throws<InvalidDatasetException>(() => Unprivileged.Run(() => PhotoFolder.Open(_folder.File("photos"))));

        Assert.Contains("the folder cannot be read", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_photo_of_a_class_is_named()
    {
        Touch("train/cat/1.jpg", "train/loose.jpg", "loose.png", "trash/cat/2.jpg");
        Directory.CreateDirectory(_folder.File("train/empty"));
        var problems = PhotoFolder.Open(_folder.Path).Problems.ToDictionary(problem => Path.GetRelativePath(_folder.Path, problem.Path), problem => problem.Problem!);

        Assert.Equal(["loose.png", "train/empty", "train/loose.jpg", "trash"], problems.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("outside of every class", problems["train/loose.jpg"], StringComparison.Ordinal);
        Assert.Contains("holds no image", problems["train/empty"], StringComparison.Ordinal);
        Assert.Contains("only validation and test", problems["trash"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_photo_belongs_to_one_class_whatever_links_lead_to_it()
    {
        Touch("set/a/1.jpg", "set/b/2.jpg", "set/b/deep/3.jpg", "set/c/4.jpg", "pool/5.jpg", "pool/6.jpg", "out.jpg");
        Link("set/a/self", "../../set"); // to what holds it
        Link("set/a/up", "../..");
        Link("set/a/other", "../b"); // to another class
        Link("set/b/again", "deep"); // to a part of itself
        Link("set/d", "b"); // a class that is another one
        Link("set/all", "."); // and one that is all of them
        Link("set/e", "../pool"); // a class that lies elsewhere
        Link("set/c/pool", "../../pool");
        File.CreateSymbolicLink(_folder.File("set/a/2.jpg"), "../b/2.jpg");
        File.CreateSymbolicLink(_folder.File("set/a/out.jpg"), "../../out.jpg");
        File.CreateSymbolicLink(_folder.File("set/c/out.jpg"), "../a/out.jpg");
        var photos = PhotoFolder.Open(_folder.File("set"));

        Assert.Equal(["a", "b", "c", "e"], photos.ClassNames);
        Assert.Equal(["a/1.jpg", "a/out.jpg", "b/2.jpg", "b/deep/3.jpg", "c/4.jpg", "e/5.jpg", "e/6.jpg"], Relative(photos.Photos.Select(photo => photo.Path)));
        Assert.Equal(["a/2.jpg", "a/other", "a/self", "a/up", "all", "b/again", "c/out.jpg", "c/pool", "d"], Relative(photos.Problems.Select(problem => problem.Path)).Order(StringComparer.Ordinal));
        Assert.Equal($"it leads to {_folder.File("set/b")}, which counts already", photos.Problems.Single(problem => problem.Path == _folder.File("set/d")).Problem);
        Assert.Equal($"it leads back to {_folder.File("set")}, and is not followed", photos.Problems.Single(problem => problem.Path == _folder.File("set/a/self")).Problem);

        IEnumerable<string> Relative(IEnumerable<string> paths) => paths.Select(path => Path.GetRelativePath(_folder.File("set"), path));
    }

    [Fact]
    public void A_link_from_one_split_into_another_leaks_nothing()
    {
        Touch("train/cat/1.jpg", "train/dog/2.jpg", "test/cat/3.jpg", "test/dog/4.jpg");
        Link("train/cat/test", "../../test");
        Link("train/dog/more", "../../test/dog");
        Link("test/cow", "../train/cat");
        var photos = PhotoFolder.Open(_folder.Path);

        Assert.Equal(["cat", "dog"], photos.ClassNames);
        Assert.Equal([1, 1], photos.CountClasses(DatasetSplits.Train));
        Assert.Equal([1, 1], photos.CountClasses(DatasetSplits.Test));
        Assert.Equal(3, photos.Problems.Count);
    }

    [Fact]
    public void Two_folders_for_one_split_are_refused_for_nobody_knows_which_is_meant()
    {
        Touch("train/cat/1.jpg", "val/cat/2.jpg", "valid/cat/3.jpg");

        Assert.Equal($"{_folder.Path}: expected one folder for validation, but found val and valid.", Assert.Throws<InvalidDatasetException>(() => PhotoFolder.Open(_folder.Path)).Message);
    }

    [Fact]
    public void A_folder_without_photos_says_what_one_looks_like()
    {
        Assert.Contains("cat/1.jpg, but found an empty folder", Message(), StringComparison.Ordinal);
        Touch("loose.jpg");
        Assert.Contains("no folder within it", Message(), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.File("train/cat"));
        Assert.Contains("train/cat/1.jpg, but found no photo in train", Message(), StringComparison.Ordinal);

        string Message() => Assert.Throws<InvalidDatasetException>(() => PhotoFolder.Open(_folder.Path)).Message;
    }

    [Fact]
    public void What_is_no_folder_is_refused()
    {
        Touch("1.jpg");

        Assert.Contains("but found a file", Assert.Throws<InvalidDatasetException>(() => PhotoFolder.Open(_folder.File("1.jpg"))).Message, StringComparison.Ordinal);
        Assert.Contains("but found no such folder", Assert.Throws<InvalidDatasetException>(() => PhotoFolder.Open(_folder.File("2"))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Link(string name, string target) => Directory.CreateSymbolicLink(_folder.File(name), target);

    private void Touch(params string[] names)
    {
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            File.WriteAllBytes(_folder.File(name), []);
        }
    }

    /// <summary>A folder that nobody but root may read, in one that all may; removable again at the end.</summary>
    [SupportedOSPlatform("linux")]
    private sealed class ClosedFolder : IDisposable
    {
        private const UnixFileMode Open = (UnixFileMode)0b111_101_101;

        private readonly string _path;

        public ClosedFolder(TemporaryFolder parent, string name)
        {
            _path = parent.File(name);
            File.SetUnixFileMode(parent.Path, Open);
            File.SetUnixFileMode(_path, UnixFileMode.None);
        }

        public void Dispose() => File.SetUnixFileMode(_path, Open);
    }
}
