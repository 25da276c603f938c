namespace PhotoMl.Cli.Tests;

/// <summary>What each command that writes does to files that are there: nothing to what it reads, and nothing to any other unless it is
/// asked to.</summary>
[Collection(TorchCollection.Name)]
public sealed class OutputTests : FolderTests
{
    private static readonly string[] Commands =
        ["explain", "compare", "evaluate", "data check", "data preview", "sort", "train-cnn", "train-gan"];

    private static readonly string[] Paths =
    [
        "photos/0/1.png", // an input itself
        "photos/new/deep/sheet.png", // in a folder that is not there yet
        "link/sheet.png", // through a link to what is read
        "elsewhere/sheet.png", // in a folder that a link within what is read leads to
        "out/.././photos//0/sheet.png",
    ];

    private readonly TrainedModel _trained;
    private readonly string _classifier;
    private readonly string _generator;

    public OutputTests(TrainedModel trained, TrainedGenerators generators)
    {
        _trained = trained;
        Directory.CreateDirectory(Folder.File("models"));
        File.Copy(Path.Combine(trained.Run, "model.safetensors"), _classifier = Folder.File("models/classifier.safetensors"));
        File.Copy(Path.Combine(generators.Run, "model.safetensors"), _generator = Folder.File("models/generator.safetensors"));
        foreach (var name in new[] { "photos/0/1.png", "photos/0/2.png", "photos/1/1.png", "elsewhere/1.png" })
        {
            Bars.WritePng(Folder.File(name), name[7] - '0' is 0 or 1 ? name[7] - '0' : 2); // two of them the same, which a check shows
        }

        Directory.CreateSymbolicLink(Folder.File("photos/2"), Folder.File("elsewhere"));
        Directory.CreateSymbolicLink(Folder.File("link"), "photos");
        Directory.CreateSymbolicLink(Folder.File("models/link"), ".");
    }

    public static IEnumerable<object[]> Outputs => from command in Commands from path in Paths select new object[] { command, path };

    [Theory]
    [MemberData(nameof(Outputs))]
    public void A_path_within_the_photos_that_are_read_is_refused(string command, string output)
    {
        var before = Snapshot.Of(Folder.Path);
        var result = Tool.Run([.. Reading(command, Folder.File("photos")), Path.Join(Folder.Path, output)]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("expected a path outside of ", result.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal(before, Snapshot.Of(Folder.Path));
    }

    [Theory]
    [InlineData("checkpoint.safetensors")]
    [InlineData("options.json")]
    [InlineData("metrics.csv")]
    [InlineData(".lock")]
    public void A_file_that_a_run_goes_on_by_is_never_replaced(string name)
    {
        var path = Path.Combine(_trained.Run, name);
        var before = File.ReadAllBytes(path);
        var result = Tool.Run(["export", _trained.Run, "--format", "pytorch", "--output", path, "--overwrite"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("expected a path that is no part of a run", result.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("compare")]
    [InlineData("evaluate")]
    [InlineData("export")]
    [InlineData("sample")]
    public void The_model_is_never_written_over(string command)
    {
        var model = command is "sample" ? _generator : Folder.File(command is "evaluate" ? "models/report.html" : "models/classifier.png");
        if (command is not "sample")
        {
            File.Move(_classifier, model);
        }

        var output = command is "evaluate" ? Folder.File("models/link/") : Folder.File($"models/../models/link/{Path.GetFileName(model)}");
        var before = Snapshot.Of(Folder.Path);
        var result = Tool.Run(command switch
        {
            "explain" => ["explain", model, Folder.File("elsewhere/1.png"), "--output", output, "--overwrite"],
            "compare" => ["compare", model, model, "--data", _trained.Set, "--sheet", output, "--overwrite"],
            "evaluate" => ["evaluate", model, "--data", _trained.Set, "--report", output, "--overwrite"],
            "export" => ["export", model, "--format", "pytorch", "--output", output, "--overwrite"],
            _ => ["sample", model, "--grid", output, "--overwrite"],
        });

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("expected a path outside of ", result.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal(before, Snapshot.Of(Folder.Path));
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("data check")]
    [InlineData("data preview")]
    [InlineData("evaluate")]
    [InlineData("export")]
    [InlineData("sample --grid")]
    [InlineData("sample --output-dir")]
    public void A_file_that_is_there_is_replaced_only_when_asked_and_those_beside_it_never(string command)
    {
        var folder = Directory.CreateDirectory(Folder.File("out")).FullName;
        var file = command switch { "evaluate" => "report.html", "sample --output-dir" => "1-000000.png", _ => "file.png" };
        var path = Path.Combine(folder, file);
        foreach (var beside in new[] { ".tmp", ".trial", ".partial" })
        {
            File.WriteAllText(path + beside, "theirs");
        }

        File.WriteAllText(path, "mine");
        var before = Snapshot.Of(folder);
        string[] arguments = command switch
        {
            "explain" => ["explain", _classifier, Folder.File("photos/0/1.png"), "--no-faithfulness", "--output", path],
            "data check" => ["data", "check", Folder.File("photos"), "--sheet", path],
            "data preview" => ["data", "preview", _trained.Set, "--output", path],
            "evaluate" => ["evaluate", _classifier, "--data", _trained.Set, "--limit", "20", "--report", folder],
            "export" => ["export", _classifier, "--format", "pytorch", "--output", path],
            "sample --grid" => ["sample", _generator, "--count", "1", "--grid", path],
            _ => ["sample", _generator, "--count", "2", "--output-dir", folder],
        };

        Refusal.OfInput($"{file}: expected a file that is not there yet, or --overwrite, but found one that is", arguments);
        Assert.Equal(before, Snapshot.Of(folder));

        Tool.Succeed([.. arguments, "--overwrite"]);
        Assert.NotEqual("mine", File.ReadAllText(path));
        Assert.All(
            Directory.GetFiles(folder).Where(beside => Path.GetExtension(beside) is ".tmp" or ".trial" or ".partial"),
            beside => Assert.Equal("theirs", File.ReadAllText(beside)));
        Assert.DoesNotContain(Directory.GetFiles(folder), beside => Path.GetFileName(beside).StartsWith('.'));
    }

    [Fact]
    public void A_compared_sheet_that_is_there_is_kept()
    {
        var sheet = Folder.File("sheet.png");
        File.WriteAllText(sheet, "mine");
        Refusal.OfInput("or --overwrite", $"compare {_classifier} {_classifier} --data {_trained.Set} --sheet {sheet}");
        Assert.Equal("mine", File.ReadAllText(sheet));
    }

    [Theory]
    [InlineData("train-cnn")]
    [InlineData("train-gan")]
    public void A_run_begins_in_no_folder_that_holds_anything_and_none_that_cannot_be_made(string command)
    {
        File.WriteAllText(Folder.File("file"), "");
        Directory.CreateDirectory(Folder.File("run/samples"));
        File.WriteAllText(Folder.File("run/samples/progress.png"), "mine");
        var before = Snapshot.Of(Folder.Path);

        Refusal.OfInput(
            "it is not empty; choose another folder", $"{command} --data {_trained.Set} --output {Folder.File("run")} --epochs 1 --quiet");
        Refusal.OfInput("file/run: cannot be written", $"{command} --data {_trained.Set} --output {Folder.File("file/run")}");
        Refusal.OfInput("it holds a run already", $"{command} --data {_trained.Set} --output {_trained.Run}");
        Assert.Equal(before, Snapshot.Of(Folder.Path));
    }

    private string[] Reading(string command, string photos) => command switch
    {
        "explain" => ["explain", _classifier, photos, "--overwrite", "--output"],
        "compare" => ["compare", _classifier, _classifier, "--data", photos, "--overwrite", "--sheet"],
        "evaluate" => ["evaluate", _classifier, "--data", photos, "--overwrite", "--report"],
        "data check" => ["data", "check", photos, "--overwrite", "--sheet"],
        "data preview" => ["data", "preview", photos, "--overwrite", "--output"],
        "sort" => ["sort", _classifier, photos, "--into"],
        _ => [command, "--data", photos, "--output"],
    };
}
