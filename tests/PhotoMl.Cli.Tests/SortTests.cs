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
        var journal = Assert.Single(Directory.GetFiles(_folder.File("out"), "*.jsonl"));
        Assert.Contains($"To undo: photoml sort --undo {journal}", result.OutLines);

        Assert.Contains("0 photos sorted", Tool.Run("sort", "--resume", journal).OutLines);
        Assert.Contains("2 photos taken away again", Tool.Run("sort", "--undo", journal).OutLines);
        Assert.Empty(Sorted());
        Assert.Equal(3, Directory.GetFiles(_folder.File("in")).Length);
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
    public void Photos_told_with_less_confidence_than_asked_for_have_a_folder_of_their_own(double leastConfidence, string folder) =>
        Assert.Equal(new SortedPhoto("1.jpg", folder), SortAction.Choose(new ImagePrediction("1.jpg", [new("cat", 0.6), new("dog", 0.4)]), leastConfidence));

    [Theory]
    [InlineData("expected MODEL, FOLDER and --into DIR", "model")]
    [InlineData("each stand alone", "--undo", "a", "--resume", "b")]
    [InlineData("each stand alone", "model", "--undo", "a")]
    [InlineData("expected one of them", "model", "in", "--into", "out", "--copy", "--hard-link")]
    [InlineData("expected 0 to 1", "model", "in", "--into", "out", "--least-confidence", "2")]
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

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("outside of", result.Error, StringComparison.Ordinal);

        var photo = File.ReadAllBytes(_folder.File("in/a.png"));
        Assert.Equal(2, Tool.Run("sort", "--undo", _folder.File("in/a.png")).ExitCode);
        Assert.Equal(photo, File.ReadAllBytes(_folder.File("in/a.png")));
    }

    public void Dispose() => _folder.Dispose();

    private void WritePhotos()
    {
        Directory.CreateDirectory(_folder.File("in"));
        Bars.WritePng(_folder.File("in/a.png"), label: 1);
        Bars.WritePng(_folder.File("in/b.png"), label: 2);
        File.WriteAllText(_folder.File("in/c.png"), "no image");
    }

    private string[] Sorted() =>
        [.. Directory.GetFiles(_folder.File("out"), "*.png", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_folder.File("out"), path)).Order(StringComparer.Ordinal)];
}
