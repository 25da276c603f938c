namespace PhotoMl.Tests.Data;

public sealed class PhotoSorterTests : FolderTests
{
    private int _lists;

    private string Into => Folder.File("sorted");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Photos_come_into_their_folders_no_file_is_replaced_and_it_can_be_undone(bool useHardLinks)
    {
        Folder.Write("sorted/cat/1.jpg", [9]);
        var list = Sort(Photos(), useHardLinks, expected: (4, 0));

        Assert.Equal(["cat/1 (2).jpg=1", "cat/1 (3).jpg=3", "cat/1.jpg=9", "dog/a\nb 🐕.png=2", "unsure/4=4"], Sorted());
        Assert.Equal([1, 2, 3, 4], Photos().Select(photo => (int)File.ReadAllBytes(photo.Source)[0]));

        Undo(list, expected: 4);
        Assert.Equal(["cat/1.jpg=9"], Sorted());
        Assert.Equal(["cat"], Directory.GetDirectories(Into).Select(Path.GetFileName));
        Assert.Equal([1, 2, 3, 4], Photos().Select(photo => (int)File.ReadAllBytes(photo.Source)[0]));
        Undo(list, expected: 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sorting_again_goes_on_where_it_was_stopped_and_each_list_undoes_what_its_run_made(bool useHardLinks)
    {
        for (var count = 0; count <= 4; count++)
        {
            using var stop = new CancellationTokenSource();
            var progress = new SynchronousProgress<int>(StopAt);
            StopAt(0);
            var photos = Photos();
            Assert.Throws<OperationCanceledException>(
                () => PhotoSorter.Sort([.. photos, .. photos], NewList(), useHardLinks, false, progress, stop.Token));
            Assert.Equal(count > 0 ? 1 : 0, Directory.GetFiles(Into).Length); // a list only of what was made
            var first = Directory.GetFiles(Into).SingleOrDefault();
            var second = Sort(Photos(), useHardLinks, expected: (4 - count, count));
            Assert.Equal(["cat/1 (2).jpg=3", "cat/1.jpg=1", "dog/a\nb 🐕.png=2", "unsure/4=4"], Sorted());
            Sort(Photos(), useHardLinks, expected: (0, 4));

            if (count < 4)
            {
                Undo(second, expected: 4 - count);
            }

            Assert.Equal(count, Sorted().Length);
            if (first is not null)
            {
                Undo(first, expected: count);
            }

            Assert.Empty(Directory.GetDirectories(Into));
            Directory.Delete(Into, recursive: true);

            void StopAt(int done)
            {
                if (done >= count)
                {
                    stop.Cancel();
                }
            }
        }
    }

    [Fact]
    public void What_a_killed_process_left_is_cleared_away()
    {
        Folder.Write("sorted/dog/.photoml-1.tmp", [1]);
        var list = Sort(Photos(), useHardLinks: false, expected: (4, 0));
        Assert.Equal(4, Sorted().Length);

        Folder.Write("sorted/cat/.photoml-2.tmp", [1]);
        Folder.Write("sorted/dog/.photoml-3.tmp", [1]);
        File.AppendAllText(list, """{"target":"cat/3.jpg","source":"/3.jpg","sha256":"0"}""" + "\n" + """{"target":"cut o""");
        Undo(list, expected: 4);
        Assert.Empty(Sorted());
        Assert.Equal(["dog"], Directory.GetDirectories(Into).Select(Path.GetFileName)); // which was there before
    }

    [Fact]
    public void What_was_changed_since_is_kept_and_named()
    {
        var list = Sort(Photos(), useHardLinks: false, expected: (4, 0));
        File.WriteAllBytes(Path.Combine(Into, "unsure", "4"), [5]);
        File.WriteAllBytes(Folder.File("in/1.jpg"), [6]);
        File.Delete(Folder.File("in/a\nb 🐕.png"));
        var outcome = PhotoSorter.Undo(list);

        Assert.Equal(1, outcome.Done);
        Assert.Equal(["cat/1.jpg", "dog/a\nb 🐕.png", "unsure/4"], Relative(outcome.Problems.Select(problem => problem.Path)));
        Assert.Equal(["cat/1.jpg=1", "dog/a\nb 🐕.png=2", "unsure/4=5"], Sorted());
    }

    [Fact]
    public void Photos_of_one_name_and_content_each_have_their_place()
    {
        (string Source, string Folder)[] photos = [(Original("in/1.jpg", 7), "cat"), (Original("in/deep/1.jpg", 7), "cat")];
        Sort(photos, useHardLinks: false, expected: (2, 0));
        Sort(photos, useHardLinks: false, expected: (0, 2));
        Assert.Equal(["cat/1 (2).jpg=7", "cat/1.jpg=7"], Sorted());
    }

    [LinuxFact]
    public void An_original_that_a_link_has_put_in_the_place_of_its_copy_is_never_taken_away()
    {
        foreach (var name in new[] { "in", "sorted/in" }) // outside of the folder that is sorted into, and within it
        {
            var list = Sort([(Original($"{name}/1.jpg", 1), "cat")], useHardLinks: false, expected: (1, 0));
            Directory.Delete(Path.Combine(Into, "cat"), recursive: true);
            Directory.CreateSymbolicLink(Path.Combine(Into, "cat"), Folder.File(name));

            Assert.Equal((0, 1), (PhotoSorter.Undo(list) is var outcome ? outcome.Done : -1, outcome.Problems.Count));
            Assert.True(File.Exists(Folder.File($"{name}/1.jpg")));
            Directory.Delete(Path.Combine(Into, "cat"));
        }
    }

    [LinuxFact]
    public void A_hard_link_is_made_to_what_a_symbolic_link_leads_to()
    {
        Original("in/1.jpg", 1);
        File.CreateSymbolicLink(Folder.File("in/2.jpg"), "1.jpg");
        Sort([new(Folder.File("in/2.jpg"), "cat")], useHardLinks: true, expected: (1, 0));

        Assert.Equal(["cat/2.jpg=1"], Sorted());
        Assert.Null(new FileInfo(Path.Combine(Into, "cat", "2.jpg")).LinkTarget);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dry_run_comes_to_what_the_real_one_comes_to_and_changes_nothing(bool useHardLinks)
    {
        var photos = Photos();
        File.Delete(photos[0].Source);
        Folder.Write("sorted/dog", [1]); // a file in the place of a folder
        Folder.Write("sorted/unsure/4", [4]);
        var dry = PhotoSorter.Sort(photos, NewList(), useHardLinks, isDryRun: true);
        Assert.Equal(["dog", "unsure"], Relative(Directory.GetFileSystemEntries(Into)).Order());

        var list = NewList();
        AssertSame(dry, PhotoSorter.Sort(photos, list, useHardLinks));
        Assert.Equal((1, 1, 2), (dry.Done, dry.Present, dry.Problems.Count));
        var before = Sorted();
        dry = PhotoSorter.Undo(list, isDryRun: true);
        Assert.Equal(before, Sorted());
        AssertSame(dry, PhotoSorter.Undo(list));

        static void AssertSame(SortOutcome expected, SortOutcome found)
        {
            Assert.Equal((expected.Done, expected.Present), (found.Done, found.Present));
            Assert.Equal(expected.Problems.Select(photo => photo.Path), found.Problems.Select(photo => photo.Path));
        }
    }

    [Fact]
    public void A_folder_that_leads_elsewhere_is_refused()
    {
        var photo = Folder.Write("1.jpg", [1]);
        Directory.CreateDirectory(Into);
        Directory.CreateSymbolicLink(Path.Join(Into, "link"), Folder.Path);
        Assert.Throws<InvalidDatasetException>(() => PhotoSorter.Sort([(photo, "link")], NewList()));
    }

    [Theory]
    [InlineData("cat", "cat")]
    [InlineData("n/a", "n%2Fa")]
    [InlineData("a\\b", "a%5Cb")]
    [InlineData("..", "%2E%2E")]
    [InlineData("../elsewhere", "%2E.%2Felsewhere")]
    [InlineData("v1.0", "v1.0")]
    [InlineData("dots. ", "dots.%20")]
    [InlineData("CON", "%43ON")]
    [InlineData("nul .txt", "%6Eul .txt")]
    [InlineData("com1", "%63om1")]
    [InlineData("comb", "comb")]
    [InlineData("@eaDir", "%40eaDir")]
    [InlineData("<b>x</b>&\"", "%3Cb%3Ex%3C%2Fb%3E&%22")]
    [InlineData("a\tb\r\nc", "a%09b%0D%0Ac")]
    [InlineData("50%2F", "50%252F")]
    [InlineData("=1+1 😀 مرحبا", "=1+1 😀 مرحبا")]
    public void A_label_is_a_folder_that_every_system_takes_and_from_which_it_can_be_had_back(string label, string folder)
    {
        Assert.Equal(folder, PhotoSorter.FolderOf(label));
        Assert.Equal(label, Uri.UnescapeDataString(folder));
    }

    [Fact]
    public void Labels_that_are_too_long_or_empty_have_folders_apart_and_a_dry_run_comes_to_the_same()
    {
        var photo = Original("1.jpg", 1);
        string[] labels = ["", .. "ab".Select(end => new string('x', 300) + end), .. "ab".Select(end => new string('é', 200) + end), ".."];
        (string, string)[] photos = [.. labels.Select(label => (photo, label))];
        var dry = PhotoSorter.Sort(photos, NewList(), isDryRun: true);
        Assert.Equal((6, 0), (dry.Done, dry.Problems.Count));
        Sort(photos, useHardLinks: false, expected: (6, 0));

        var folders = Directory.GetDirectories(Into).Select(path => Path.GetFileName(path)!).ToList();
        Assert.Equal(labels.Select(PhotoSorter.FolderOf).Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
        Assert.Equal(2, folders.Count(folder => folder.StartsWith("xxx", StringComparison.Ordinal)));
        Assert.Contains("%", folders);
        Assert.DoesNotContain(folders, folder => folder.Contains('\ufffd', StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_that_a_number_makes_too_long_is_a_problem_of_the_dry_run_too()
    {
        var name = $"{new string('x', 251)}.jpg";
        (string, string)[] photos = [(Original(name, 1), "cat"), (Original($"deep/{name}", 2), "cat")];
        var outcomes = new[] { true, false }.Select(isDryRun => PhotoSorter.Sort(photos, NewList(), isDryRun: isDryRun)).ToList();
        Assert.All(outcomes, outcome => Assert.Equal((1, 1), (outcome.Done, outcome.Problems.Count)));
    }

    [Fact]
    public void A_list_that_is_none_is_refused_and_what_it_names_outside_of_its_folder_kept()
    {
        var list = Sort(Photos(), useHardLinks: false, expected: (4, 0));
        Assert.Throws<OutputException>(() => PhotoSorter.Sort(Photos(), list));

        var victim = Folder.Write("victim", [1]);
        File.WriteAllLines(list, File.ReadAllLines(list).Select(line => line.Replace("cat/1.jpg", "../victim", StringComparison.Ordinal)));
        Assert.Contains("outside", Assert.Single(PhotoSorter.Undo(list).Problems).Problem, StringComparison.Ordinal);
        Assert.True(File.Exists(victim));
        foreach (var text in new[] { "{}\nno line", "", "no line\n", "null\n", """{"target":"a","source":"b"}""" + "\n" })
        {
            File.WriteAllText(list, text);
            Assert.Throws<InvalidDatasetException>(() => PhotoSorter.Undo(list));
            Assert.Equal(text, File.ReadAllText(list));
        }

        Assert.Throws<InvalidDatasetException>(() => PhotoSorter.Undo(Folder.File("nothing")));
    }

    private (string Source, string Folder)[] Photos() =>
    [
        (Original("in/1.jpg", 1), "cat"),
        (Original("in/a\nb 🐕.png", 2), "dog"),
        (Original("in/deep/1.jpg", 3), "cat"),
        (Original("in/4", 4), "unsure"),
    ];

    private string Original(string name, byte content) =>
        File.Exists(Folder.File(name)) ? Folder.File(name) : Folder.Write(name, [content]);

    private IEnumerable<string> Relative(IEnumerable<string> paths) => paths.Select(path => Path.GetRelativePath(Into, path));

    private string NewList() => Path.Join(Into, $"{++_lists}.jsonl");

    private string Sort((string Source, string Folder)[] photos, bool useHardLinks, (int Done, int Present) expected)
    {
        var list = NewList();
        var outcome = PhotoSorter.Sort(photos, list, useHardLinks);
        Assert.Empty(outcome.Problems);
        Assert.Equal(expected, (outcome.Done, outcome.Present));
        return list;
    }

    private static void Undo(string list, int expected)
    {
        var outcome = PhotoSorter.Undo(list);
        Assert.Empty(outcome.Problems);
        Assert.Equal(expected, outcome.Done);
    }

    private string[] Sorted() =>
    [
        .. Directory.GetFiles(Into, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".jsonl", StringComparison.Ordinal))
            .Select(path => $"{Path.GetRelativePath(Into, path)}={File.ReadAllBytes(path)[0]}").Order(StringComparer.Ordinal),
    ];
}
