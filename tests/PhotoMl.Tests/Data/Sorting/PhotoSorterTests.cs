using PhotoMl.Data;
using PhotoMl.IO;

namespace PhotoMl.Tests.Data;

public sealed class PhotoSorterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Into => _folder.File("sorted");

    private string Journal => _folder.File("journal.jsonl");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Photos_come_into_their_folders_and_no_file_is_replaced(bool useHardLinks)
    {
        _folder.Write("sorted/cat/1.jpg", [9]);
        using (var sorter = PhotoSorter.Plan(Photos(), Into, Journal, useHardLinks))
        {
            Assert.Equal(4, sorter.Run().Done);
        }

        Assert.Equal(["cat/1 (2).jpg=1", "cat/1 (3).jpg=3", "cat/1.jpg=9", "dog/a\nb 🐕.png=2", "unsure/4=4"], Sorted());
        Assert.Equal([1, 2, 3, 4], Photos().Select(photo => (int)File.ReadAllBytes(photo.Source)[0]));

        Undo(expected: 4);
        Assert.Equal(["cat/1.jpg=9"], Sorted());
        Assert.Equal(["cat"], Directory.GetDirectories(Into).Select(Path.GetFileName));
        Assert.Equal([1, 2, 3, 4], Photos().Select(photo => (int)File.ReadAllBytes(photo.Source)[0]));
        Undo(expected: 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_crash_before_any_step_can_be_continued_and_undone(bool useHardLinks)
    {
        var steps = 0;
        for (var last = 1; Crash(last, useHardLinks); last++)
        {
            steps++;
            using (var sorter = PhotoSorter.Open(Journal))
            {
                Assert.Empty(sorter.Run().Problems);
            }

            Assert.Equal(["cat/1 (2).jpg=3", "cat/1.jpg=1", "dog/a\nb 🐕.png=2", "unsure/4=4"], Sorted());

            Assert.True(Crash(last, useHardLinks));
            Undo(expected: null);
            Assert.Empty(Directory.GetFileSystemEntries(Into));
        }

        Assert.Equal(3 + (4 * 5), steps); // three folders; for each photo begin, copy, name, move, done
    }

    [Theory]
    [InlineData(5)] // a target's name
    [InlineData(7)] // done
    [InlineData(9)] // a temporary file
    public void A_crash_within_a_line_of_the_journal_costs_that_line_only(int step)
    {
        Assert.True(Crash(step, useHardLinks: false));
        var text = File.ReadAllBytes(Journal);
        File.WriteAllBytes(Journal, text[..^7]);
        using (var sorter = PhotoSorter.Open(Journal))
        {
            sorter.Run();
        }

        Assert.Equal(4, Sorted().Length);
        Undo(expected: 4);
        Assert.Empty(Directory.GetFileSystemEntries(Into));
    }

    [Fact]
    public void What_was_changed_since_is_kept_and_named()
    {
        using (var sorter = PhotoSorter.Plan(Photos(), Into, Journal))
        {
            sorter.Run();
        }

        File.WriteAllBytes(Path.Combine(Into, "unsure", "4"), [5]);
        using var undo = PhotoSorter.Open(Journal);
        var outcome = undo.Undo();

        Assert.Equal(3, outcome.Done);
        Assert.Equal(Path.Combine(Into, "unsure", "4"), Assert.Single(outcome.Problems).Path);
        Assert.Equal(["unsure/4=5"], Sorted());
    }

    [Fact]
    public void A_photo_that_is_gone_is_named_and_the_others_go_on()
    {
        var photos = Photos();
        File.Delete(photos[0].Source);
        using var sorter = PhotoSorter.Plan(photos, Into, Journal);
        var outcome = sorter.Run();

        Assert.Equal(3, outcome.Done);
        Assert.Equal(photos[0].Source, Assert.Single(outcome.Problems).Path);
        Assert.Equal(["cat/1.jpg=3", "dog/a\nb 🐕.png=2", "unsure/4=4"], Sorted());
    }

    [LinuxFact]
    public void An_original_that_a_link_has_put_in_the_place_of_its_copy_is_never_taken_away()
    {
        using (var sorter = PhotoSorter.Plan([new(Original("in/1.jpg", 1), "cat")], Into, Journal))
        {
            sorter.Run();
        }

        Directory.Delete(Path.Combine(Into, "cat"), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(Into, "cat"), _folder.File("in"));
        using var undo = PhotoSorter.Open(Journal);

        Assert.Equal((0, 1), (undo.Undo() is var outcome ? outcome.Done : -1, outcome.Problems.Count));
        Assert.True(File.Exists(_folder.File("in/1.jpg")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dry_run_comes_to_what_the_real_one_comes_to_and_changes_nothing(bool useHardLinks)
    {
        var photos = Photos();
        File.Delete(photos[0].Source);
        _folder.Write("sorted/dog", [1]); // a file in the place of a folder
        var dry = PhotoSorter.DryRun(photos, Into, useHardLinks);
        Assert.Equal(["sorted/dog"], Directory.GetFileSystemEntries(Into).Select(path => Path.GetRelativePath(_folder.Path, path)));
        using (var stopped = PhotoSorter.Plan(photos, Into, Journal, useHardLinks))
        {
        }

        var before = File.ReadAllBytes(Journal);
        using (var sorter = PhotoSorter.Open(Journal, isDryRun: true))
        {
            AssertSame(dry, sorter.Run());
            Assert.Equal(0, sorter.Undo().Done);
        }

        Assert.Equal(before, File.ReadAllBytes(Journal));
        using (var sorter = PhotoSorter.Open(Journal))
        {
            AssertSame(dry, sorter.Run());
        }

        static void AssertSame(SortOutcome expected, SortOutcome found)
        {
            Assert.Equal((2, 2), (expected.Done, expected.Problems.Count));
            Assert.Equal(expected.Done, found.Done);
            Assert.Equal(expected.Problems.Select(photo => photo.Path), found.Problems.Select(photo => photo.Path));
        }
    }

    [Theory]
    [InlineData("../elsewhere")]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a\nb")]
    public void A_folder_that_leads_elsewhere_is_refused(string name) =>
        Assert.Throws<InvalidDatasetException>(() => PhotoSorter.Plan([new SortedPhoto(_folder.Write("1.jpg", [1]), name)], Into, Journal));

    [Fact]
    public void A_journal_that_names_other_files_or_is_none_is_refused()
    {
        using (var sorter = PhotoSorter.Plan(Photos(), Into, Journal))
        {
            Assert.Throws<OutputException>(() => PhotoSorter.Plan(Photos(), Into, Journal));
        }

        var victim = _folder.Write("victim", [1]);
        File.AppendAllText(Journal, $$"""{"state":"begin","id":0,"part":"{{victim}}"}""" + "\n");
        Assert.Contains("within", Assert.Throws<InvalidDatasetException>(() => PhotoSorter.Open(Journal)).Message, StringComparison.Ordinal);
        File.WriteAllText(Journal, "{}\nno line");
        Assert.Throws<InvalidDatasetException>(() => PhotoSorter.Open(Journal));
        Assert.Equal("{}\nno line", File.ReadAllText(Journal));
        File.WriteAllText(Journal, "");
        Assert.Throws<InvalidDatasetException>(() => PhotoSorter.Open(Journal));
        Assert.Throws<InvalidDatasetException>(() => PhotoSorter.Open(_folder.File("nothing")));
        Assert.True(File.Exists(victim));
    }

    public void Dispose() => _folder.Dispose();

    private SortedPhoto[] Photos() =>
    [
        new(Original("in/1.jpg", 1), "cat"),
        new(Original("in/a\nb 🐕.png", 2), "dog"),
        new(Original("in/deep/1.jpg", 3), "cat"),
        new(Original("in/4", 4), "unsure"),
    ];

    private string Original(string name, byte content) => File.Exists(_folder.File(name)) ? _folder.File(name) : _folder.Write(name, [content]);

    /// <summary>Stops before a step as a kill would; false where there are not so many steps.</summary>
    private bool Crash(int step, bool useHardLinks)
    {
        File.Delete(Journal);
        if (Directory.Exists(Into))
        {
            Directory.Delete(Into, recursive: true);
        }

        var count = 0;
        using var sorter = PhotoSorter.Plan(Photos(), Into, Journal, useHardLinks, _ =>
        {
            if (++count == step)
            {
                throw new InvalidOperationException();
            }
        });
        try
        {
            sorter.Run();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private void Undo(int? expected)
    {
        using var sorter = PhotoSorter.Open(Journal);
        var outcome = sorter.Undo();
        Assert.Empty(outcome.Problems);
        Assert.Equal(expected ?? outcome.Done, outcome.Done);
    }

    private string[] Sorted() =>
        [.. Directory.GetFiles(Into, "*", SearchOption.AllDirectories).Select(path => $"{Path.GetRelativePath(Into, path)}={File.ReadAllBytes(path)[0]}").Order(StringComparer.Ordinal)];
}
