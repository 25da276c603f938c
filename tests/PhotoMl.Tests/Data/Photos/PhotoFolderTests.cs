using System.Runtime.Versioning;

namespace PhotoMl.Tests.Data;

public sealed class PhotoFolderTests : FolderTests
{
    [Fact]
    public void Folders_are_classes_in_ordinal_order_with_all_they_hold()
    {
        Touch("b/2.jpg", "b/deep/er/1.PNG", "B/3.webp", "a/x.txt", "a/y.jpeg", ".hidden/z.jpg", "b/.z.jpg", "test/4.jpg");
        var photos = PhotoFolder.Open(Folder.Path);

        Assert.Equal(["B", "a", "b", "test"], photos.ClassNames); // a class, as there is no folder train
        Assert.All(photos.Photos, photo => Assert.Equal(DatasetSplits.None, photo.Split));
        var found = Relative(photos.Photos.Select(photo => photo.Path));
        Assert.Equal(["B/3.webp", "a/y.jpeg", "b/2.jpg", "b/deep/er/1.PNG", "test/4.jpg"], found);
        Assert.Equal([0, 1, 2, 2, 3], photos.Photos.Select(photo => photo.Label));
        Assert.Equal(Folder.File("a/x.txt"), Assert.Single(photos.Problems).Path);
        string[] remarks =
        [
            "2 classes differ in case only: \"B\", \"b\".",
            "Read as classes or parts of them, not as splits: test. A split is a folder of class folders, such as train/cat.",
            "2 files and folders of systems and editors are left out: 2 .*.",
        ];
        Assert.Equal(remarks, photos.Remarks);
        Assert.Equal(["1 empty file is not read.", .. remarks], photos.RemarksWith(["damaged"]));
    }

    [Fact]
    public void Folders_of_systems_are_no_classes_and_files_that_are_no_images_come_last_among_the_problems()
    {
        Touch("a/1.jpg", "a/@eaDir/1.jpg/S.jpg", "@eaDir/x.jpg", "__MACOSX/a/._1.jpg", "a/0.txt", "b/2.txt", "z.jpg");
        var photos = PhotoFolder.Open(Folder.Path);

        Assert.Equal(["a"], photos.ClassNames);
        Assert.Equal(["z.jpg", "b", "a/0.txt", "b/2.txt"], Relative(photos.Problems.Select(problem => problem.Path)));
        Assert.Equal("3 files and folders of systems and editors are left out: 2 @eaDir, 1 __MACOSX.", Assert.Single(photos.Remarks));
    }

    [Theory]
    [InlineData("Dog", "dog ", "2 spellings are one class, \"Dog\": \"Dog\", \"dog \".")]
    [InlineData("Dog", "DOG", "2 spellings are one class, \"Dog\": \"Dog\", \"DOG\".")]
    [InlineData("cafe\u0301", "caf\u00E9", "2 spellings are one class, \"cafe\u0301\": \"cafe\u0301\", \"caf\u00E9\".")]
    [InlineData("hot dog", "hot\u00A0 dog", "2 spellings are one class, \"hot dog\": \"hot dog\", \"hot\\u00A0 dog\".")]
    [InlineData("\uFEFFdog", "d\u00ADog\u202C", "2 spellings are one class, \"\\uFEFFdog\": \"\\uFEFFdog\", \"d\\u00ADog\\u202C\".")]
    [InlineData("dog", "d\u2060og\uFE0F\u3000", "2 spellings are one class, \"dog\": \"dog\", \"d\\u2060og\uFE0F\\u3000\".")]
    [InlineData("\u2764\uFE0F", "\u2764", "2 spellings are one class, \"\u2764\uFE0F\": \"\u2764\uFE0F\", \"\u2764\".")]
    [InlineData("\U0001F468\u200D\U0001F33E", "\U0001F468\u200D\U0001F52C", null)]
    [InlineData("dog", "dogs", null)]
    public void Class_names_that_are_alike_are_one_class_across_splits(string train, string test, string? remark)
    {
        Touch($"train/{train}/1.jpg", "train/tea/2.jpg", $"test/{test}/3.jpg", "test/tea/4.jpg");
        var photos = PhotoFolder.Open(Folder.Path);

        var expected = remark is null ? [train, test, "tea"] : new[] { train, "tea" };
        Assert.Equal(expected.Order(StringComparer.Ordinal), photos.ClassNames);
        Assert.Equal(remark, photos.Remarks.SingleOrDefault());
    }

    [Fact]
    public void Class_names_that_differ_in_case_are_kept_apart_where_a_split_has_both()
    {
        Touch("train/A/1.jpg", "train/a/2.jpg", "test/a /3.jpg");
        var photos = PhotoFolder.Open(Folder.Path);

        Assert.Equal([0, 1, 1], photos.Photos.Select(photo => photo.Label));
        Assert.Equal(
            ["2 spellings are one class, \"a\": \"a\", \"a \".", "2 classes differ in case only: \"A\", \"a\"."], photos.Remarks);
    }

    [Theory]
    [InlineData("train", "validation", "test")]
    [InlineData("train", "val", "test")]
    [InlineData("Training", "Valid", "Testing")]
    [InlineData("train_set", "dev", "test_set")]
    [InlineData("seg_train/seg_train", "seg_valid/seg_valid", "seg_test/seg_test")]
    [InlineData("data/archive/training", "data/archive/PublicTest", "data/archive/PrivateTest")]
    [InlineData("train/train", "train/val", "train/holdout")] // in a folder of that name
    public void A_folder_for_training_makes_the_folders_beside_it_splits(string train, string validation, string test)
    {
        Touch($"{train}/cat/1.jpg", $"{train}/dog/2.jpg", $"{validation}/dog/3.jpg", $"{test}/cat/4.jpg", $"{test}/cow/5.jpg");
        Touch("__MACOSX/x.jpg");
        var photos = PhotoFolder.Open(Folder.Path);

        Assert.Equal(["cat", "cow", "dog"], photos.ClassNames);
        var found = photos.Photos.Select(photo => $"{photo.Split} {photo.Label}");
        Assert.Equal(["Train 0", "Train 2", "Validation 2", "Test 0", "Test 1"], found);
        Assert.Empty(photos.Problems);
    }

    [Theory] // each photo by its class and split
    [InlineData("cat/train/1.jpg cat/test/2.jpg dog/Training/3.jpg", "cat Train, cat Test, dog Train")]
    [InlineData("cat/train/1.jpg cat/val/2.jpg dog/train/3.jpg dog/val/more/4.jpg cow/5.jpg",
        "cat Train, cat Validation, cow Train, dog Train, dog Validation")]
    [InlineData("set/cat/train/1.jpg set/cat/test/2.jpg set/dog/train/3.jpg", "cat Train, cat Test, dog Train")]
    [InlineData("cat/train/1.jpg cat/2.jpg cat/old/3.jpg dog/4.jpg", "cat None, cat None, cat None, dog None", "cat/train")]
    [InlineData("cat/test/1.jpg cat/2.jpg dog/3.jpg", "cat None, cat None, dog None", "cat/test")]
    [InlineData("test/cat/1.jpg test/dog/2.jpg", "cat Test, dog Test")]
    [InlineData("val/cat/1.jpg test/dog/2.jpg", "cat Validation, dog Test")]
    [InlineData("val/1.jpg test/2.jpg", "test None, val None", "test, val")]
    [InlineData("cat/1.jpg dog/2.jpg test/cat/3.jpg", "cat None, dog None, test None", "test")]
    [InlineData("car/1.jpg train/2.jpg bus/3.jpg", "bus None, car None, train None", "train")]
    [InlineData("car/1.jpg training/2.jpg training/sub/3.jpg", "car None, training None, training None", "training")]
    [InlineData("training/cat/1.jpg training/2.jpg Testing/cat/3.jpg", "cat Train, cat Test")]
    [InlineData("data/cat/1.jpg data/dog/2.jpg", "cat None, dog None")]
    [InlineData("data/1.jpg data/2.jpg", "data None, data None")]
    [InlineData("data/1.jpg data/sub/2.jpg", "data None, data None")]
    [InlineData("data/cat/1.jpg 2.jpg", "data None")]
    public void Folders_named_as_splits_are_splits_where_they_hold_classes_or_make_up_classes(
        string names, string expected, string? unused = null)
    {
        Touch(names.Split(' '));
        var photos = PhotoFolder.Open(Folder.Path);

        Assert.Equal(expected, string.Join(", ", photos.Photos.Select(photo => $"{photos.ClassNames[photo.Label]} {photo.Split}")));
        var sentence = $"Read as classes or parts of them, not as splits: {unused}. ";
        Assert.Equal(unused is not null, photos.Remarks.Any(remark => remark.StartsWith(sentence, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("batch1/cat/1.jpg batch1/dog/2.jpg batch2/cat/3.jpg batch2/owl/4.jpg", "cat")]
    [InlineData("cat/1.jpg dog/2.jpg more/dog/3.jpg", "dog")]
    [InlineData("train/cat/old/1.jpg test/cat/old/2.jpg train/dog/3.jpg", null)]
    public void Folders_that_look_like_classes_of_their_own_within_classes_are_told(string names, string? expected)
    {
        Touch(names.Split(' '));
        string[] remarks = expected is null ? [] : [$"Read as parts of classes, though several have them or are named so: {expected}."];
        Assert.Equal(remarks, PhotoFolder.Open(Folder.Path).Remarks);
    }

    [Fact]
    public void Where_classes_are_found_below_a_folder_that_holds_nothing_else_is_said()
    {
        Touch("data/cat/1.jpg", "data/dog/2.jpg", "readme.txt");
        var remark = Assert.Single(PhotoFolder.Open(Folder.Path).Remarks);
        Assert.Equal($"Classes are searched in {Folder.File("data")}, the only folder in {Folder.Path}.", remark);
    }

    [LinuxFact]
    [SupportedOSPlatform("linux")]
    public void A_folder_that_cannot_be_read_is_a_problem_and_a_root_that_cannot_is_refused()
    {
        Touch("train/cat/1.jpg", "val/cat/2.jpg");
        using (new ClosedFolder(Folder, "val"))
        {
            var problem = Assert.Single(Unprivileged.Run(() => PhotoFolder.Open(Folder.Path)).Problems);
            Assert.Equal(new ImageFileEntry(Folder.File("val"), "the folder cannot be read: permission is denied"), problem);
        }

        using (new ClosedFolder(Folder, "train"))
        {
            var exception = Assert.Throws<InvalidDatasetException>(() => Unprivileged.Run(() => PhotoFolder.Open(Folder.File("train"))));
            Assert.Contains("the folder cannot be read", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_no_photo_of_a_class_is_named()
    {
        Touch("train/cat/1.jpg", "train/loose.jpg", "loose.png", "trash/cat/2.jpg");
        Directory.CreateDirectory(Folder.File("train/empty"));
        ImageFileEntry[] expected =
        [
            new(Folder.File("loose.png"), "it lies outside of every class's folder"),
            new(Folder.File("train/empty"), "the folder holds no image (JPEG, PNG, WebP, BMP or GIF)"),
            new(Folder.File("train/loose.jpg"), "it lies outside of every class's folder"),
            new(Folder.File("trash"), "beside the folder train, only validation and test are searched"),
        ];
        Assert.Equal(expected, PhotoFolder.Open(Folder.Path).Problems.OrderBy(problem => problem.Path, StringComparer.Ordinal));
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
        File.CreateSymbolicLink(Folder.File("set/a/2.jpg"), "../b/2.jpg");
        File.CreateSymbolicLink(Folder.File("set/a/out.jpg"), "../../out.jpg");
        File.CreateSymbolicLink(Folder.File("set/c/out.jpg"), "../a/out.jpg");
        var photos = PhotoFolder.Open(Folder.File("set"));

        Assert.Equal(["a", "b", "c", "e"], photos.ClassNames);
        Assert.Equal(
            ["set/a/1.jpg", "set/a/out.jpg", "set/b/2.jpg", "set/b/deep/3.jpg", "set/c/4.jpg", "set/e/5.jpg", "set/e/6.jpg"],
            Relative(photos.Photos.Select(photo => photo.Path)));
        Assert.Equal(
            ["a/2.jpg", "a/other", "a/self", "a/up", "all", "b/again", "c/out.jpg", "c/pool", "d"],
            Relative(photos.Problems.Select(problem => problem.Path)).Select(path => path["set/".Length..]).Order(StringComparer.Ordinal));
        Assert.Equal($"it leads to {Folder.File("set/b")}, which counts already", ProblemOf("set/d"));
        Assert.Equal($"it leads back to {Folder.File("set")}, and is not followed", ProblemOf("set/a/self"));

        string? ProblemOf(string name) => photos.Problems.Single(problem => problem.Path == Folder.File(name)).Problem;
    }

    [Fact]
    public void A_link_from_one_split_into_another_leaks_nothing()
    {
        Touch("train/cat/1.jpg", "train/dog/2.jpg", "test/cat/3.jpg", "test/dog/4.jpg");
        Link("train/cat/test", "../../test");
        Link("train/dog/more", "../../test/dog");
        Link("test/cow", "../train/cat");
        var photos = PhotoFolder.Open(Folder.Path);

        var found = Relative(photos.Photos.Select(photo => photo.Path));
        Assert.Equal(["train/cat/1.jpg", "train/dog/2.jpg", "test/cat/3.jpg", "test/dog/4.jpg"], found);
        Assert.Equal(3, photos.Problems.Count);
    }

    [Fact]
    public void A_folder_without_photos_or_with_two_folders_for_one_split_and_what_is_no_folder_are_refused()
    {
        Assert.Contains("cat/1.jpg, but found an empty folder", Refusal(), StringComparison.Ordinal);
        Touch("loose.jpg");
        Assert.Contains("no folder within it", Refusal(), StringComparison.Ordinal);
        Directory.CreateDirectory(Folder.File("train/cat"));
        Assert.Contains("train/cat/1.jpg, but found no photo in train", Refusal(), StringComparison.Ordinal);
        Touch("train/cat/1.txt");
        Assert.Contains("but found no photo in train (1 empty file is not read)", Refusal(), StringComparison.Ordinal);
        Touch("train/cat/1.jpg", "val/cat/2.jpg", "valid/cat/3.jpg");
        Assert.Equal($"{Folder.Path}: expected one folder for validation, but found val and valid.", Refusal());
        Touch("flat/Training/1.jpg", "flat/Testing/2.jpg", "classes/cat/train/1.jpg", "classes/cat/train_2/1.jpg");
        Assert.Contains("but found no photo in Testing, Training (", Refusal("flat"), StringComparison.Ordinal);
        Assert.Equal($"{Folder.File("classes/cat")}: expected one folder for train, but found train and train_2.", Refusal("classes/cat"));
        Assert.Contains("but found a file", Refusal("loose.jpg"), StringComparison.Ordinal);
        Assert.Contains("but found no such folder", Refusal("none"), StringComparison.Ordinal);

        string Refusal(string name = "") =>
            Assert.Throws<InvalidDatasetException>(() => PhotoFolder.Open(Path.Combine(Folder.Path, name))).Message;
    }

    private IEnumerable<string> Relative(IEnumerable<string> paths) => paths.Select(path => Path.GetRelativePath(Folder.Path, path));

    private void Link(string name, string target) => Directory.CreateSymbolicLink(Folder.File(name), target);

    private void Touch(params string[] names) => Array.ForEach(names, name => Folder.Write(name, []));

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
