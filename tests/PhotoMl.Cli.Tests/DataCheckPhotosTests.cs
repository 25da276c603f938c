namespace PhotoMl.Cli.Tests;

public sealed class DataCheckPhotosTests : FolderTests
{
    [Fact]
    public void Classes_leaks_and_unreadable_files_are_shown_within_80_columns()
    {
        WriteCollection();
        var result = Tool.Succeed($"data check {Folder.File("photos")}");
        var notice = Assert.Single(result.ErrorLines); // what was measured cannot be kept here
        Assert.Matches("^/dev/null/cache/photos: cannot be written: .*; without it photos are measured anew each time.$", notice);
        Assert.All(result.OutLines, line => Assert.InRange(line.Length, 0, 80));
        Assert.Matches("(?m)^Class  Train  Validation  Unreadable$", result.Out);
        Assert.Matches("(?m)^cat +2 +1$", result.Out);
        Assert.Matches("(?m)^dog +1 +1 +1$", result.Out);
        Assert.Matches("(?m)^all +3 +2 +1$", result.Out);
        Assert.Contains("- 1 of 2 validation photos is among those trained on", result.Out, StringComparison.Ordinal);
        Assert.Contains("  val/cat/again.png\n    = train/cat/1.png: exact copy\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("  train/dog/bad.png\n    expected a JPEG", result.Out, StringComparison.Ordinal);
        Assert.Contains("--sheet FILE.png", result.Out, StringComparison.Ordinal);
        Assert.Equal("Usable", result.OutLines[^1]);
    }

    [Fact]
    public void Photos_of_a_list_are_shown_from_its_folder()
    {
        WriteCollection();
        File.WriteAllText(Folder.File("list.csv"), "photos/train/cat/1.png,cat\nphotos/train/dog/bad.png,dog\n");
        Assert.Contains("\n  photos/train/dog/bad.png\n", Tool.Run($"data check {Folder.File("list.csv")}").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_json_names_every_photo_and_finding_by_path()
    {
        WriteCollection();
        var json = Tool.Run($"data check {Folder.File("photos")} --json").Json;

        Assert.True(json.Flag("usable"));
        Assert.Equal(6, json.GetProperty("photos").GetArrayLength());
        Assert.Equal(1, json.Int("unreadable"));
        var leak = json.GetProperty("leaks")[0];
        Assert.Equal(Folder.File("photos/val/cat/again.png"), leak.Text("path"));
        Assert.Equal(Folder.File("photos/train/cat/1.png"), leak.Text("of"));
        Assert.Equal("exact-copy", leak.Text("kind"));
        Assert.Equal("validation", json.GetProperty("photos")[4].Text("split"));
        Assert.Equal(32, json.GetProperty("photos")[0].Text("hash").Length);
    }

    [Fact]
    public void The_sheet_is_written_outside_of_the_folder_only_and_only_as_png()
    {
        WriteCollection();
        var sheet = Folder.File("sheet.png");
        var result = Tool.Succeed($"data check {Folder.File("photos")} --sheet {sheet}");
        Assert.Contains($"2 photos in {sheet}, numbered:", result.Out, StringComparison.Ordinal);
        Assert.Contains("    1 val/cat/again.png", result.OutLines);
        using (var picture = SKBitmap.Decode(sheet))
        {
            Assert.InRange(picture.Width, 2 * 128, 2 * 150);
        }

        var within = Tool.Run($"data check {Folder.File("photos")} --sheet {Folder.File("photos/sheet.png")}");
        Assert.Equal(2, within.ExitCode);
        Assert.Contains("expected a path outside of", within.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Folder.File("photos/sheet.png")));
        Assert.Contains("ends in .png", Tool.Run($"data check {Folder.File("photos")} --sheet photo.jpg").Error, StringComparison.Ordinal);
        var drawn = Tool.Run($"data check digits --sheet {sheet}");
        Assert.Contains("--sheet: expected it with photos only", drawn.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_collection_of_one_class_is_not_usable()
    {
        WritePhoto("photos/cat/1.png", 1);
        var result = Tool.Run($"data check {Folder.File("photos")}");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("Not usable", result.OutLines[^1]);
        Assert.EndsWith(
            "expected at least two classes with photos to train on, but found only cat.", result.ErrorLines[^1],
            StringComparison.Ordinal);
        Assert.Equal(2, Tool.Run($"data check {Directory.CreateDirectory(Folder.File("nothing")).FullName}").ExitCode);
    }

    [Fact]
    public void A_name_with_a_line_break_forges_no_line()
    {
        WritePhoto("photos/cat/1\nUsable.png", 1);
        WritePhoto("photos/dog/1.png", 1);
        var result = Tool.Run($"data check {Folder.File("photos")}");

        Assert.Single(result.OutLines, "Usable");
        Assert.Contains("cat/1?Usable.png", result.Out, StringComparison.Ordinal);
    }

    private void WriteCollection()
    {
        WritePhoto("photos/train/cat/1.png", 1);
        WritePhoto("photos/train/cat/2.png", 2);
        WritePhoto("photos/train/dog/3.png", 3);
        WritePhoto("photos/val/cat/again.png", 1);
        WritePhoto("photos/val/dog/4.png", 4);
        File.WriteAllBytes(Folder.File("photos/train/dog/bad.png"), [1, 2, 3]);
    }

    // A picture of light bars whose places come from a number.
    private void WritePhoto(string name, int number) => Bars.WritePicture(Folder.File(name), 90, 80, canvas =>
    {
        canvas.Clear(SKColors.DarkBlue);
        Bars.DrawRectangle(canvas, 7 * number, 11, 14, 50, SKColors.White);
        Bars.DrawRectangle(canvas, 20, 13 * number, 60, 9, SKColors.White);
    });
}
