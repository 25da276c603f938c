namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class DataPreviewTests(TrainedModel trained) : FolderTests
{
    [Fact]
    public void Each_class_has_a_row_of_a_picture_and_its_varied_versions()
    {
        var path = Folder.File("sheet.png");
        var result = Tool.Succeed($"data preview {trained.Set} --augment --count 3 --output {path} --json");
        Assert.Equal(["0", "1", "2", "3"], result.Json.GetProperty("classes").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("affine", result.Json.Text("augmentation"));
        Assert.Equal(4, result.Json.Int("columns"));

        // Four rows of four pictures, each four times the size of 28, with names and headings.
        var sheet = ImageFile.Decode(path);
        Assert.InRange(sheet.Width, 4 * 112, (4 * 112) + 100);
        Assert.InRange(sheet.Height, 4 * 112, (4 * 112) + 100);
    }

    [Fact]
    public void Without_variation_each_class_has_some_of_its_pictures()
    {
        var result = Tool.Succeed($"data preview {trained.Set} --count 2 --image-size 56 --output {Folder.File("sheet.png")}");
        Assert.Contains("4 rows, 8 images", result.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(Folder.File("sheet.png")));
    }

    [Fact]
    public void The_same_seed_draws_the_same_sheet_and_another_one_another()
    {
        byte[] Sheet(string seed)
        {
            var sheet = Folder.File("sheet.png");
            Tool.Succeed(
                $"data preview {trained.Set} --augment --augmentation photo --mixup 0.4 --seed {seed} --output {sheet} --overwrite");
            return File.ReadAllBytes(sheet);
        }

        var first = Sheet("1");
        Assert.Equal(first, Sheet("1"));
        Assert.NotEqual(first, Sheet("2"));
    }

    [Fact]
    public void EMNIST_is_told_to_be_transposed_with_the_option_that_undoes_it_and_a_run_remembers_that()
    {
        var set = Folder.File("emnist");
        Directory.CreateDirectory(set);
        foreach (var file in Directory.GetFiles(trained.Set))
        {
            var name = Path.GetFileName(file).Replace("t10k", "test", StringComparison.Ordinal);
            File.Copy(file, Path.Combine(set, $"emnist-letters-{name}"));
        }

        const string Notice = "are stored transposed; to exchange their rows and columns, have them transposed (";
        var preview = Tool.Succeed($"data preview {set} --count 1 --output {Folder.File("a.png")}");
        Assert.Contains($"{Notice}--transpose)", preview.Error, StringComparison.Ordinal);
        Assert.Contains(Notice, Tool.Succeed($"data check {set}").Error, StringComparison.Ordinal);
        Tool.Succeed($"data preview {set} --count 1 --transpose --output {Folder.File("b.png")}");
        Assert.NotEqual(File.ReadAllBytes(Folder.File("a.png")), File.ReadAllBytes(Folder.File("b.png")));

        var run = Folder.File("run");
        Tool.Succeed($"train-cnn --data {set} --transpose --epochs 1 --limit 60 --output {run}");
        var evaluated = Tool.Succeed($"evaluate {run} --json");
        Assert.Equal(Tool.Succeed($"evaluate {run} --data {set} --transpose --json").Json.Number("loss"), evaluated.Json.Number("loss"));
        Assert.Equal(Tool.Succeed($"evaluate {run} --data {set}/ --json").Json.Number("loss"), evaluated.Json.Number("loss"));
        var compared = Tool.Succeed($"compare {trained.Run} {run} --data {set} --json").Json;
        Assert.Equal(evaluated.Json.Number("loss"), compared.GetProperty("second").Number("loss"), 1e-5);
        Assert.DoesNotContain("transposed", evaluated.Error, StringComparison.Ordinal);
        Tool.Succeed($"train-cnn --resume {run}");
    }

    [Theory]
    [InlineData("--flip: expected it with --augment only", "--flip", "0")]
    [InlineData("but got --augmentation affine too", "--augment", "--augmentation", "affine", "--crop-area", "0.5")]
    [InlineData("but got --augment-... too", "--augment", "--augment-shift", "0.2", "--crop-area", "0.5")]
    [InlineData("but got --augmentation photo too", "--augment", "--augment-shift", "0.2", "--augmentation", "photo")]
    [InlineData("--crop-area: expected 0.01 to 1, but got 2", "--augment", "--crop-area", "2")]
    public void What_makes_no_sense_is_a_usage_error(string expected, params string[] options)
    {
        var result = Tool.Run(["data", "preview", trained.Set, .. options]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected, result.ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused_in_one_line()
    {
        var result = Tool.Run($"data preview {trained.Set} --output /dev/null/sheet.png");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("/dev/null/sheet.png", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }
}
