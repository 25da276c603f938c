using PhotoMl.Cli.Commands;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public sealed class SortTests(TrainedModel trained) : FolderTests
{
    [Theory]
    [InlineData("--copy")]
    [InlineData("--hard-link")]
    public void Photos_come_into_the_folders_of_their_classes_and_it_can_be_undone(string mode)
    {
        WritePhotos();
        var result = Tool.Succeed($"sort {trained.Run} {Folder.File("in")} --into {Folder.File("out")} {mode}");
        Assert.Equal(["1/a.png", "2/b.png"], Sorted());
        Assert.Contains("2 photos sorted, 1 not", result.OutLines);
        Assert.StartsWith($"{Folder.File("in/c.png")}: expected a ", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        var list = Assert.Single(Directory.GetFiles(Folder.File("out"), "*.jsonl"));
        Assert.Contains($"To undo: photoml sort --undo {list}", result.OutLines);

        var again = Tool.Succeed($"sort {trained.Run} {Folder.File("in")} --into {Folder.File("out")} {mode}");
        Assert.Contains("0 photos sorted, 2 in place already, 1 not", again.OutLines);
        Assert.Single(Directory.GetFiles(Folder.File("out")));
        Assert.Contains("2 photos would be removed", Tool.Run($"sort --undo {list} --dry-run").OutLines);
        Assert.Equal(["1/a.png", "2/b.png"], Sorted());
        Assert.Contains("2 photos removed", Tool.Run($"sort --undo {list}").OutLines);
        Assert.Empty(Sorted());
        Assert.Equal(3, Directory.GetFiles(Folder.File("in")).Length);
    }

    [Fact]
    public void Class_names_that_no_folder_may_have_are_escaped_and_both_are_printed()
    {
        WritePhotos();
        var model = Folder.File("odd.safetensors");
        using (var loaded = ClassifierFile.Load(Path.Combine(trained.Run, "model.safetensors")))
        {
            ClassifierFile.Save(model, loaded.Model, loaded.Info with { ClassNames = ["a", "..", "n/a", "CON"] });
        }

        string[] arguments = ["sort", model, Folder.File("in"), "--into", Folder.File("out")];
        var folders = Tool.Succeed([.. arguments, "--dry-run", "--json"]).Json.GetProperty("folders").EnumerateArray();
        Assert.Equal([("%2E%2E", ".."), ("n%2Fa", "n/a")], folders.Select(entry => (entry.Text("name"), entry.Text("label"))));
        var lines = Tool.Succeed(arguments).OutLines;
        Assert.Equal(["Folder  Label  Photos", "%2E%2E  ..          1", "n%2Fa   n/a         1"], lines[..3]);
        Assert.Equal(["%2E%2E/a.png", "n%2Fa/b.png"], Sorted());
        Assert.Contains("2 photos removed", Tool.Run($"sort --undo {Directory.GetFiles(Folder.File("out"), "*.jsonl")[0]}").OutLines);
    }

    [Fact]
    public void A_folder_without_photos_and_a_list_that_is_not_there_are_refused_in_one_line()
    {
        var empty = Directory.CreateDirectory(Folder.File("empty")).FullName;

        Refusal.OfInput("found no such file", $"sort --undo {Folder.File("none.jsonl")}");
        Refusal.OfInput("found a folder", $"sort --undo {empty}");
        var result = Tool.Run($"sort {trained.Run} {empty} --into {Folder.File("sorted")} --quiet");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("holds no image", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(2, Tool.Run($"sort {trained.Run} nosuch --into {Folder.File("sorted")} --quiet").ExitCode);
    }

    [Fact]
    public void A_dry_run_says_what_would_be_done_and_does_nothing()
    {
        WritePhotos();
        var json = Tool.Run($"sort {trained.Run} {Folder.File("in")} --into {Folder.File("out")} --dry-run --json").Json;

        Assert.Equal("would be sorted", json.Text("what"));
        Assert.Equal(["1", "2"], json.GetProperty("folders").EnumerateArray().Select(entry => entry.Text("name")));
        Assert.False(Directory.Exists(Folder.File("out")));
    }

    [Theory]
    [InlineData(0, "cat")]
    [InlineData(0.6, "cat")]
    [InlineData(0.61, "unsure")]
    public void Photos_predicted_with_less_confidence_than_asked_for_have_a_folder_of_their_own(double minConfidence, string folder) =>
        Assert.Equal(
            ("1.jpg", folder), SortCommand.Choose(new ImagePrediction("1.jpg", [new("cat", 0.6), new("dog", 0.4)]), minConfidence));

    [Theory]
    [InlineData("unsure-2", "unsure", "dog")]
    [InlineData("unsure-3", "Unsure", "unsure-2")]
    public void Photos_predicted_with_too_little_confidence_come_beside_a_class_of_that_name(string folder, params string[] classes) =>
        Assert.Equal(
            folder,
            SortCommand.Choose(new ImagePrediction("1.jpg", [.. classes.Select(name => new ClassProbability(name, 0.5))]), 0.9).Label);

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
        Directory.CreateSymbolicLink(Folder.File("link"), Folder.File(read));
        Directory.CreateDirectory(Folder.File("linked"));
        Directory.CreateSymbolicLink(Folder.File("linked/deep"), Folder.File(read));
        Directory.CreateDirectory(Folder.File("out"));
        File.WriteAllText(Folder.File("out/file"), "mine");
        var before = Snapshot.Of(Folder.Path);

        string[] arguments = ["sort", trained.Run, Folder.File(named), "--into", Path.Join(Folder.Path, into), "--quiet"];
        var (dry, real) = (Tool.Run([.. arguments, "--dry-run"]), Tool.Run(arguments));

        Assert.NotEqual(0, real.ExitCode);
        Assert.Contains(expected, real.Error, StringComparison.Ordinal);
        Assert.Contains(expected, dry.Error, StringComparison.Ordinal);
        Assert.Equal(real.ExitCode, dry.ExitCode);
        Assert.Equal(before, Snapshot.Of(Folder.Path));
    }

    [Fact]
    public void Undo_can_be_cancelled_and_called_again()
    {
        WritePhotos();
        Tool.Succeed($"sort {trained.Run} {Folder.File("in")} --into {Folder.File("out")}");
        var list = Assert.Single(Directory.GetFiles(Folder.File("out"), "*.jsonl"));

        var stopped = Tool.Run(["sort", "--undo", list], onError: null, new CancellationToken(canceled: true));
        Assert.Equal(ExitCode.Cancelled, stopped.ExitCode);
        Assert.Contains($"Stopped. To continue: photoml sort --undo {list}", stopped.ErrorLines);
        Assert.Equal(["1/a.png", "2/b.png"], Sorted());
        Assert.Contains("2 photos removed", Tool.Run($"sort --undo {list}").OutLines);
    }

    [Theory]
    [InlineData("--copy")]
    [InlineData("--hard-link")]
    [InlineData("--dry-run")]
    public void Photos_that_cannot_be_put_in_their_place_are_named_and_not_counted(string mode)
    {
        WritePhotos();
        Directory.CreateDirectory(Folder.File("out"));
        File.WriteAllText(Folder.File("out/1"), "mine");
        var result = Tool.Run($"sort {trained.Run} {Folder.File("in")} --into {Folder.File("out")} {mode} --quiet");

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith(Folder.File("in/a.png: "), result.ErrorLines[^1], StringComparison.Ordinal);
        Assert.EndsWith($"{Folder.File("out/1")} is a file", result.ErrorLines[^1], StringComparison.Ordinal);
        var what = mode == "--dry-run" ? "would be sorted" : "sorted";
        Assert.Equal(["Folder  Photos", "2            1", $"1 photo {what}, 2 not"], result.OutLines[..3]);
    }

    private void WritePhotos(string name = "in")
    {
        var folder = Directory.CreateDirectory(Folder.File(name)).FullName;
        Bars.WritePng(Path.Combine(folder, "a.png"), label: 1);
        Bars.WritePng(Path.Combine(folder, "b.png"), label: 2);
        File.WriteAllText(Path.Combine(folder, "c.png"), "no image");
    }

    private IEnumerable<string> Sorted() => Directory.GetFiles(Folder.File("out"), "*.png", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Folder.File("out"), path)).Order(StringComparer.Ordinal);
}
