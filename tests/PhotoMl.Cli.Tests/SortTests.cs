using PhotoMl.Cli.Commands;
using PhotoMl.Data;
using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public sealed class SortTests(TrainedModel trained) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("--copy")]
    [InlineData("--hard-link")]
    public void Photos_come_into_the_folders_of_their_classes_and_it_can_be_undone(string mode)
    {
        WritePhotos();
        var result = Tool.Run("sort", trained.Run, _folder.File("in"), "--into", _folder.File("out"), mode, "--threads", "1");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["1/a.png", "2/b.png"], Sorted());
        Assert.Contains("2 photos sorted", result.OutLines);
        Assert.StartsWith($"{_folder.File("in/c.png")}: expected a ", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        var list = Assert.Single(Directory.GetFiles(_folder.File("out"), "*.jsonl"));
        Assert.Contains($"To undo: photoml sort --undo {list}", result.OutLines);

        var again = Tool.Run("sort", trained.Run, _folder.File("in"), "--into", _folder.File("out"), mode, "--threads", "1");
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("0 photos sorted, 2 in place already", again.OutLines);
        Assert.Single(Directory.GetFiles(_folder.File("out")));
        Assert.Contains("2 photos removed", Tool.Run("sort", "--undo", list).OutLines);
        Assert.Empty(Sorted());
        Assert.Equal(3, Directory.GetFiles(_folder.File("in")).Length);
    }

    [Fact]
    public void A_folder_without_photos_and_a_list_that_is_not_there_are_told_in_one_line()
    {
        using var folder = new TemporaryFolder();
        var empty = Directory.CreateDirectory(folder.File("empty")).FullName;

        Refusal.OfInput("found no such file", "sort", "--undo", folder.File("none.jsonl"));
        Refusal.OfInput("found a folder", "sort", "--undo", empty);
        var result = Tool.Run(["sort", trained.Run, "empty", "--into", folder.File("sorted"), "--quiet"]);
        Assert.Equal(2, result.ExitCode);
        result = Tool.Run(["sort", trained.Run, empty, "--into", folder.File("sorted"), "--quiet"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("holds no image", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_says_what_would_be_done_and_does_nothing()
    {
        WritePhotos();
        var json = Tool.Run("sort", trained.Run, _folder.File("in"), "--into", _folder.File("out"), "--dry-run", "--json", "--threads", "1").Json;

        Assert.Equal("would be sorted", json.GetProperty("what").GetString());
        Assert.Equal(["1", "2"], json.GetProperty("folders").EnumerateArray().Select(entry => entry.GetProperty("name").GetString()));
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Theory]
    [InlineData(0, "cat")]
    [InlineData(0.6, "cat")]
    [InlineData(0.61, "unsure")]
    public void Photos_predicted_with_less_confidence_than_asked_for_have_a_folder_of_their_own(double minConfidence, string folder) =>
        Assert.Equal(("1.jpg", folder), SortCommand.Choose(new ImagePrediction("1.jpg", [new("cat", 0.6), new("dog", 0.4)]), minConfidence));

    [Theory]
    [InlineData("unsure-2", "unsure", "dog")]
    [InlineData("unsure-3", "Unsure", "unsure-2")]
    public void Photos_predicted_with_too_little_confidence_come_beside_a_class_of_that_name(string folder, params string[] classes) =>
        Assert.Equal(folder, SortCommand.Choose(new ImagePrediction("1.jpg", [.. classes.Select(name => new ClassProbability(name, 0.5))]), 0.9).Folder);

    [Theory]
    [InlineData("expected MODEL, FOLDER and --into DIR", "model")]
    [InlineData("--undo stands alone", "model", "--undo", "a")]
    [InlineData("expected one of them", "model", "in", "--into", "out", "--copy", "--hard-link")]
    [InlineData("expected 0 to 1", "model", "in", "--into", "out", "--min-confidence", "2")]
    public void What_makes_no_sense_is_refused(string expected, params string[] arguments)
    {
        var result = Tool.Run(["sort", .. arguments]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Into_the_photos_own_folder_nothing_is_sorted()
    {
        WritePhotos();
        var result = Tool.Run("sort", trained.Run, _folder.File("in"), "--into", _folder.File("in/sorted"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("outside of", result.Error, StringComparison.Ordinal);

        var photo = File.ReadAllBytes(_folder.File("in/a.png"));
        Assert.Equal(2, Tool.Run("sort", "--undo", _folder.File("in/a.png")).ExitCode);
        Assert.Equal(photo, File.ReadAllBytes(_folder.File("in/a.png")));
    }

    [Fact]
    public void A_dry_run_of_undo_or_of_sorting_again_reports_what_it_would_do_and_changes_nothing()
    {
        WritePhotos();
        Assert.Equal(0, Tool.Run("sort", trained.Run, _folder.File("in"), "--into", _folder.File("out"), "--threads", "1").ExitCode);
        var list = Assert.Single(Directory.GetFiles(_folder.File("out"), "*.jsonl"));
        File.AppendAllText(list, "cut off by a crash");
        File.Delete(_folder.File("out/2/b.png"));
        File.AppendAllText(_folder.File("out/1/a.png"), "changed");
        var before = Snapshot.Of(_folder.Path);

        var sort = Tool.Run("sort", trained.Run, _folder.File("in"), "--into", _folder.File("out"), "--threads", "1", "--dry-run");
        Assert.Contains("2 photos would be sorted", sort.OutLines); // one anew, one beside the copy that was changed
        var undo = Tool.Run("sort", "--undo", list, "--dry-run");
        Assert.Equal(before, Snapshot.Of(_folder.Path));
        Assert.Contains("0 photos would be removed", undo.OutLines);

        var real = Tool.Run("sort", "--undo", list);
        Assert.Equal((real.ExitCode, real.Error), (undo.ExitCode, undo.Error));
        Assert.Contains("0 photos removed", real.OutLines);
    }

    [Theory]
    [InlineData("in", "in", "out/file", "cannot be written")] // a file in the place of a folder
    [InlineData("in", "in", "in", "outside of")]
    [InlineData("in", "in", "link/sorted", "outside of")]
    [InlineData("in", "in", "in/../link/new/deeper/", "outside of")]
    [InlineData("1", "1", ".", "outside of")] // the folder of class 1 would be the one that is read
    [InlineData("linked", "in", "in/sorted", "outside of")]
    public void A_dry_run_fails_as_the_real_one_would(string named, string read, string into, string expected)
    {
        WritePhotos(read);
        Directory.CreateSymbolicLink(_folder.File("link"), _folder.File(read));
        Directory.CreateDirectory(_folder.File("linked"));
        Directory.CreateSymbolicLink(_folder.File("linked/deep"), _folder.File(read));
        Directory.CreateDirectory(_folder.File("out"));
        File.WriteAllText(_folder.File("out/file"), "mine");
        var before = Snapshot.Of(_folder.Path);

        string[] arguments = ["sort", trained.Run, _folder.File(named), "--into", Path.Join(_folder.Path, into), "--threads", "1", "--quiet"];
        var (dry, real) = (Tool.Run([.. arguments, "--dry-run"]), Tool.Run(arguments));

        Assert.NotEqual(0, real.ExitCode);
        Assert.Contains(expected, real.Error, StringComparison.Ordinal);
        Assert.Contains(expected, dry.Error, StringComparison.Ordinal);
        Assert.Equal(real.ExitCode, dry.ExitCode);
        Assert.Equal(before, Snapshot.Of(_folder.Path));
    }

    [Fact]
    public void Undo_keeps_a_copy_whose_original_is_gone_or_was_changed()
    {
        WritePhotos();
        Assert.Equal(0, Tool.Run("sort", trained.Run, _folder.File("in"), "--into", _folder.File("out"), "--threads", "1").ExitCode);
        var list = Assert.Single(Directory.GetFiles(_folder.File("out"), "*.jsonl"));
        var originals = Directory.GetFiles(_folder.File("in"), "*.png", SearchOption.AllDirectories);
        File.Delete(originals.Single(path => Path.GetFileName(path) == "a.png"));
        File.WriteAllText(originals.Single(path => Path.GetFileName(path) == "b.png"), "another picture");

        Assert.Equal(["1/a.png", "2/b.png"], Sorted());
        Tool.Run("sort", "--undo", list, "--dry-run");
        Tool.Run("sort", "--undo", list);
        Assert.Equal(["1/a.png", "2/b.png"], Sorted());
    }

    [Fact]
    public void A_class_folder_that_is_a_link_to_elsewhere_is_refused()
    {
        WritePhotos();
        Directory.CreateDirectory(_folder.File("elsewhere"));
        Directory.CreateDirectory(_folder.File("out"));
        Directory.CreateSymbolicLink(_folder.File("out/1"), _folder.File("elsewhere"));

        foreach (var dry in new[] { Array.Empty<string>(), ["--dry-run"] })
        {
            var result = Tool.Run(["sort", trained.Run, _folder.File("in"), "--into", _folder.File("out"), "--threads", "1", .. dry]);
            Assert.Equal(ExitCode.BadInput, result.ExitCode);
            Assert.Contains("a link to another", result.Error, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("elsewhere")));
    }

    [Fact]
    public void Undo_can_be_cancelled_and_called_again()
    {
        WritePhotos();
        Assert.Equal(0, Tool.Run("sort", trained.Run, _folder.File("in"), "--into", _folder.File("out"), "--threads", "1").ExitCode);
        var list = Assert.Single(Directory.GetFiles(_folder.File("out"), "*.jsonl"));

        var stopped = Tool.Run(["sort", "--undo", list], onError: null, new CancellationToken(canceled: true));
        Assert.Equal(ExitCode.Cancelled, stopped.ExitCode);
        Assert.Contains($"Stopped. To continue: photoml sort --undo {list}", stopped.ErrorLines);
        Assert.Equal(["1/a.png", "2/b.png"], Sorted());
        Assert.Contains("2 photos removed", Tool.Run("sort", "--undo", list).OutLines);
    }

    public void Dispose() => _folder.Dispose();

    private void WritePhotos(string name = "in")
    {
        var folder = Directory.CreateDirectory(_folder.File(name)).FullName;
        Bars.WritePng(Path.Combine(folder, "a.png"), label: 1);
        Bars.WritePng(Path.Combine(folder, "b.png"), label: 2);
        File.WriteAllText(Path.Combine(folder, "c.png"), "no image");
    }

    private string[] Sorted() =>
        [.. Directory.GetFiles(_folder.File("out"), "*.png", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_folder.File("out"), path)).Order(StringComparer.Ordinal)];
}
