using SkiaSharp;

namespace PhotoMl.Cli.Tests;

public sealed class DataCheckPhotosTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Classes_leaks_and_unreadable_files_are_shown_within_80_columns()
    {
        WriteCollection();
        var result = Tool.Run("data", "check", _folder.File("photos"));

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
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
    public void The_json_names_every_photo_and_finding_by_path()
    {
        WriteCollection();
        var json = Tool.Run("data", "check", _folder.File("photos"), "--json").Json;

        Assert.True(json.GetProperty("usable").GetBoolean());
        Assert.Equal(6, json.GetProperty("photos").GetArrayLength());
        Assert.Equal(1, json.GetProperty("unreadable").GetInt32());
        var leak = json.GetProperty("leaks")[0];
        Assert.Equal(_folder.File("photos/val/cat/again.png"), leak.GetProperty("path").GetString());
        Assert.Equal(_folder.File("photos/train/cat/1.png"), leak.GetProperty("of").GetString());
        Assert.Equal("exact-copy", leak.GetProperty("kind").GetString());
        Assert.Equal("validation", json.GetProperty("photos")[4].GetProperty("split").GetString());
        Assert.Equal(32, json.GetProperty("photos")[0].GetProperty("hash").GetString()!.Length);
    }

    [Fact]
    public void The_sheet_is_written_outside_of_the_folder_only_and_only_as_png()
    {
        WriteCollection();
        var sheet = _folder.File("sheet.png");
        var result = Tool.Run("data", "check", _folder.File("photos"), "--sheet", sheet);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"2 photos in {sheet}, numbered:", result.Out, StringComparison.Ordinal);
        Assert.Contains("    1 val/cat/again.png", result.OutLines);
        using (var picture = SKBitmap.Decode(sheet))
        {
            Assert.InRange(picture.Width, 2 * 128, 2 * 150);
        }

        var within = Tool.Run("data", "check", _folder.File("photos"), "--sheet", _folder.File("photos/sheet.png"));
        Assert.Equal(2, within.ExitCode);
        Assert.Contains("expected a path outside of", within.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("photos/sheet.png")));
        Assert.Contains("ends in .png", Tool.Run("data", "check", _folder.File("photos"), "--sheet", "photo.jpg").Error, StringComparison.Ordinal);
        Assert.Contains("--sheet: expected it with photos only", Tool.Run("data", "check", "digits", "--sheet", sheet).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_collection_of_one_class_is_not_usable()
    {
        WritePhoto("photos/cat/1.png", 1);
        var result = Tool.Run("data", "check", _folder.File("photos"));

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("Not usable", result.OutLines[^1]);
        Assert.EndsWith("expected at least two classes with photos to train on, but found only cat.", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(2, Tool.Run("data", "check", Directory.CreateDirectory(_folder.File("nothing")).FullName).ExitCode);
    }

    [Fact]
    public void A_name_with_a_line_break_forges_no_line()
    {
        WritePhoto("photos/cat/1\nUsable.png", 1);
        WritePhoto("photos/dog/1.png", 1);
        var result = Tool.Run("data", "check", _folder.File("photos"));

        Assert.Single(result.OutLines, "Usable");
        Assert.Contains("cat/1?Usable.png", result.Out, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void WriteCollection()
    {
        WritePhoto("photos/train/cat/1.png", 1);
        WritePhoto("photos/train/cat/2.png", 2);
        WritePhoto("photos/train/dog/3.png", 3);
        WritePhoto("photos/val/cat/again.png", 1);
        WritePhoto("photos/val/dog/4.png", 4);
        File.WriteAllBytes(_folder.File("photos/train/dog/bad.png"), [1, 2, 3]);
    }

    /// <summary>Writes a picture of light bars whose places come from a number.</summary>
    private void WritePhoto(string name, int number)
    {
        using var bitmap = new SKBitmap(90, 80);
        using (var canvas = new SKCanvas(bitmap))
        using (var paint = new SKPaint { Color = SKColors.White })
        {
            canvas.Clear(SKColors.DarkBlue);
            canvas.DrawRect(7 * number, 11, 14, 50, paint);
            canvas.DrawRect(20, 13 * number, 60, 9, paint);
        }

        var path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, data.ToArray());
    }
}
