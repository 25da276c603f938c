namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class PredictTests(TrainedModel trained) : FolderTests
{
    [Fact]
    public void Files_and_folders_are_predicted_and_an_unreadable_file_stops_nothing()
    {
        var light = Bars.WritePng(Folder.File("light.png"), label: 1);
        var inside = Directory.CreateDirectory(Folder.File("folder")).FullName;
        Bars.WritePng(Path.Combine(inside, "a.png"), label: 2);
        Bars.WritePng(Path.Combine(inside, "b.png"), label: 3);
        File.WriteAllText(Path.Combine(inside, "c.png"), "no image");

        var result = Tool.Succeed($"predict {trained.Run} {light} {inside} {Folder.File("nosuch.png")} --json --top 2");
        var lines = result.OutLines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["1", "2", "3"], lines.Take(3).Select(line => line.Text("label")));
        Assert.All(lines.Take(3), line => Assert.Equal(2, line.GetProperty("top").GetArrayLength()));
        Assert.All(lines.Take(3), line => Assert.InRange(line.Number("probability"), 0.5, 1));
        Assert.StartsWith("expected a ", lines[3].Text("error"), StringComparison.Ordinal);
        Assert.Equal("there is no such file or folder", lines[4].Text("error"));
        Assert.Equal(Folder.File("nosuch.png"), lines[4].Text("path"));
        Assert.Equal("2 of 5 images could not be read.", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public void People_get_one_line_a_file()
    {
        var result = Tool.Run($"predict {trained.Run} {Bars.WritePng(Folder.File("light.png"), label: 1)}");
        var line = Assert.Single(result.OutLines);
        Assert.Matches(@"light\.png  1 +\d+\.\d\d %  \(\d \d+\.\d\d %, \d \d+\.\d\d %\)$", line);
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData]
    [InlineData("--csv")]
    public void A_path_with_a_line_break_forges_no_prediction(params string[] format)
    {
        string[] paths = [Folder.File("a\nforged.png"), Folder.File("b\e[2K\u2028forged.png")];
        Bars.WritePng(paths[0], label: 1);
        File.WriteAllText(paths[1], "no image");
        var result = Tool.Succeed(["predict", trained.Run, .. paths, .. format]);
        if (format.Length == 0)
        {
            Assert.Equal(2, result.OutLines.Length);
            Assert.Contains("a?forged.png", result.OutLines[0], StringComparison.Ordinal);
            Assert.Contains("b?[2K?forged.png", result.OutLines[1], StringComparison.Ordinal);
        }
        else
        {
            // The path itself, in the quotes of RFC 4180.
            Assert.Contains($"\n\"{paths[0]}\",1,", result.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void When_no_image_can_be_read_the_exit_code_is_2()
    {
        var result = Tool.Run($"predict {trained.Run} {Folder.Path}");
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("1 of 1 image could not be read.", Assert.Single(result.ErrorLines));
    }
}
