using PhotoMl.Tests;
using System.Text.Json;
using PhotoMl.Imaging;
using PhotoMl.Sampling;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class SampleTests(TrainedModel classifier, TrainedGenerators trained)
{
    private static readonly string[] Fields =
    [
        "command", "model", "model_hash", "count", "seed", "other_seed", "class", "truncation", "files",
        "seconds", "images_per_second", "device", "precision", "threads",
    ];

    [Fact]
    public void Without_a_name_the_grid_is_named_after_the_seed_and_never_takes_the_place_of_another()
    {
        using var folder = new TemporaryFolder();
        string[] args = ["sample", Path.GetFullPath(trained.Run), "--seed", "-7", "--count", "2", "--threads", "1"];
        Assert.Contains("Grid       sample--7.png, 1 row and 2 columns", RunIn(folder.Path, args).OutLines);
        var first = File.ReadAllBytes(folder.File("sample--7.png"));
        Assert.Contains("Grid       sample--7-2.png, 1 row and 2 columns", RunIn(folder.Path, args).OutLines);
        Assert.Equal(first, File.ReadAllBytes(folder.File("sample--7.png")));
        Assert.Equal(first, File.ReadAllBytes(folder.File("sample--7-2.png")));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void A_program_is_told_what_was_made()
    {
        using var folder = new TemporaryFolder();
        var json = Sample(folder, trained.Run, "--count", "3", "--seed", "-9223372036854775808", "--truncation", "0.5", "--scale", "1").Json;
        Assert.Equal(Fields, json.EnumerateObject().Select(field => field.Name));
        Assert.Equal("sample", json.GetProperty("command").GetString());
        Assert.Equal((3, long.MinValue, 0.5), (json.GetProperty("count").GetInt32(), json.GetProperty("seed").GetInt64(), json.GetProperty("truncation").GetDouble()));
        Assert.Equal(64, json.GetProperty("model_hash").GetString()!.Length);
        Assert.Equal(folder.File("grid.png"), Assert.Single(json.GetProperty("files").EnumerateArray()).GetString());
        Assert.All(["other_seed", "class"], name => Assert.Equal(JsonValueKind.Null, json.GetProperty(name).ValueKind));
        Assert.InRange(json.GetProperty("images_per_second").GetDouble(), double.Epsilon, double.MaxValue);
    }

    [Theory]
    [InlineData("", 64, 8, 8, 2)]
    [InlineData("--rows 2 --columns 3", 6, 2, 3, 2)]
    [InlineData("--rows 2 --count 5 --scale 1", 5, 2, 3, 1)]
    [InlineData("--columns 4 --count 5 --scale 3", 5, 2, 4, 3)]
    [InlineData("--rows 3 --columns 3 --count 2", 2, 1, 2, 2)]
    public void The_grid_has_the_rows_columns_and_scale_that_were_asked_for(string options, int count, int rows, int columns, int scale)
    {
        using var folder = new TemporaryFolder();
        var json = Sample(folder, trained.Run, options.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Json;
        var grid = ImageFile.Decode(folder.File("grid.png"));
        Assert.Equal(count, json.GetProperty("count").GetInt32());
        Assert.Equal((Side(columns), Side(rows)), (grid.Width, grid.Height));

        int Side(int images) => (images * ((Bars.Size * scale) + 1)) - 1;
    }

    [Fact]
    public void Image_k_of_a_seed_is_the_same_whatever_the_count_and_alone_as_in_the_grid()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run(
            "sample", trained.Run, "--count", "66", "--seed", "5", "--columns", "66", "--scale", "1", "--threads", "1",
            "--grid", folder.File("grid.png"), "--output-dir", folder.File("images/"), "--json");
        Assert.Equal(0, result.ExitCode);
        var files = result.Json.GetProperty("files").EnumerateArray().Select(file => file.GetString()!).ToArray();
        Assert.Equal([.. Enumerable.Range(0, 66).Select(k => folder.File($"images/5-{k:D6}.png")), folder.File("grid.png")], files);
        Assert.Equal(files[..66], Directory.GetFiles(folder.File("images")).Order());

        var grid = ImageFile.Decode(folder.File("grid.png"));
        Assert.All([0, 1, 63, 64, 65], k => Assert.Equal(Cut(grid, k), ImageFile.Decode(files[k]).Rgb));
        Assert.NotEqual(Cut(grid, 0), Cut(grid, 1));

        Sample(folder, trained.Run, "--count", "2", "--seed", "5", "--columns", "2", "--scale", "1");
        Assert.Equal(Cut(grid, 1), Cut(ImageFile.Decode(folder.File("grid.png")), 1));
        Sample(folder, trained.Run, "--count", "2", "--seed", "6", "--columns", "2", "--scale", "1");
        Assert.NotEqual(Cut(grid, 1), Cut(ImageFile.Decode(folder.File("grid.png")), 1));
    }

    [Fact]
    public void People_are_told_the_folder_and_not_each_of_its_files()
    {
        using var folder = new TemporaryFolder();
        var result = Tool.Run("sample", trained.Run, "--count", "3", "--output-dir", folder.File("images/"), "--threads", "1", "--quiet");
        Assert.Matches("^Generated  3 images in ", result.OutLines[0]);
        Assert.Equal($"Files      {folder.File("images/")}", Assert.Single(result.OutLines.Skip(1)));
    }

    [Fact]
    public void A_class_is_asked_for_by_name_or_number_and_by_default_all_come_in_turn()
    {
        using var folder = new TemporaryFolder();
        var json = Sample(folder, trained.Conditional, "--scale", "1").Json;
        Assert.Equal(32, json.GetProperty("count").GetInt32()); // eight of each of four classes
        var all = ImageFile.Decode(folder.File("grid.png"));
        Assert.Equal((4 * 29) - 1, all.Width);

        json = Sample(folder, trained.Conditional, "--class", "2", "--count", "4", "--columns", "4", "--scale", "1").Json;
        Assert.Equal("2", json.GetProperty("class").GetString());
        var twos = ImageFile.Decode(folder.File("grid.png"));
        Assert.Equal(Cut(all, 2), Cut(twos, 2));
        Assert.NotEqual(Cut(all, 3), Cut(twos, 3));
        Assert.Contains("images of 2 in ", Tool.Run("sample", trained.Conditional, "--class", "2", "--count", "1", "--grid", folder.File("grid.png"), "--overwrite").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interpolation_goes_from_one_seeds_first_image_to_the_others()
    {
        using var folder = new TemporaryFolder();
        var json = Sample(folder, trained.Run, "--interpolate", "-1", "2", "--steps", "3", "--scale", "1").Json;
        Assert.Equal((3, -1L, 2L), (json.GetProperty("count").GetInt32(), json.GetProperty("seed").GetInt64(), json.GetProperty("other_seed").GetInt64()));
        var way = ImageFile.Decode(folder.File("grid.png"));
        Assert.Equal((3 * 29) - 1, way.Width);
        Assert.Equal(28, way.Height);
        foreach (var (seed, step) in new[] { ("-1", 0), ("2", 2) })
        {
            Sample(folder, trained.Run, "--seed", seed, "--count", "1", "--scale", "1");
            var end = ImageFile.Decode(folder.File("grid.png")).Rgb;

            // The point itself, but for the last digit of a sine.
            Assert.All(Cut(way, step).Zip(end), pair => Assert.InRange(pair.First - pair.Second, -2, 2));
        }
    }

    [Fact]
    public void Truncation_changes_the_images()
    {
        using var folder = new TemporaryFolder();
        Sample(folder, trained.Run, "--count", "1");
        var free = ImageFile.Decode(folder.File("grid.png")).Rgb;
        Sample(folder, trained.Run, "--count", "1", "--truncation", "0.1");
        Assert.NotEqual(free, ImageFile.Decode(folder.File("grid.png")).Rgb);
        Assert.Equal(0.1, ImageProvenance.Read(folder.File("grid.png"))!.Truncation);
    }

    [Fact]
    public void A_model_of_the_other_kind_is_refused()
    {
        using var folder = new TemporaryFolder();
        Refusal.OfInput("expected a generator, but found a classifier", "sample", classifier.Run, "--grid", folder.File("grid.png"));
        Refusal.OfInput("expected a classifier, but found a generator", "predict", trained.Run, Bars.WritePng(folder.File("bar.png"), 1));
        Refusal.OfInput("nosuch: expected a safetensors file, but found no such file", "sample", folder.File("nosuch"));
        Refusal.OfInput("model.safetensors: expected a safetensors file, but found no such file", "sample", folder.Path);
        Assert.False(File.Exists(folder.File("grid.png")));
    }

    [Fact]
    public void A_class_that_cannot_be_had_is_refused()
    {
        Refusal.OfInput("expected a conditional generator for --class (train-gan --conditional), but found one that is not", "sample", trained.Run, "--class", "1");
        Refusal.OfUsage("--class: expected one of 0, 1, 2, 3, but got '4'", "sample", trained.Conditional, "--class", "4");
        Refusal.OfUsage("--class: expected one of 0, 1, 2, 3, but got 'shoe'", "sample", trained.Conditional, "--class", "shoe");
        Refusal.OfUsage("--class: expected one of 0, 1, 2, 3, but got '-1'", "sample", trained.Conditional, "--class", "-1");
    }

    [Fact]
    public void A_grid_or_an_interpolation_that_makes_no_sense_is_refused()
    {
        Refusal.OfUsage("--count: expected at most 4 images for a grid of 2 rows and 2 columns, but got 5", "sample", trained.Run, "--rows", "2", "--columns", "2", "--count", "5");
        Refusal.OfUsage("--rows, --columns: expected at most 1000000 images, but got 100000000", "sample", trained.Run, "--rows", "10000", "--columns", "10000");
        Refusal.OfUsage("--grid: Expected a picture of at most 32768 pixels a side and 100 megapixels", "sample", trained.Run, "--count", "1000000");
        Refusal.OfUsage("--interpolate: expected a whole number up to 9223372036854775807, but got 'two'", "sample", trained.Run, "--interpolate", "1", "two");
        Refusal.OfUsage("--count: expected it not to be given with --interpolate", "sample", trained.Run, "--interpolate", "1", "2", "--count", "3");
        Refusal.OfUsage("--seed: expected it not to be given with --interpolate", "sample", trained.Run, "--interpolate", "1", "2", "--seed", "3");
        Refusal.OfUsage("--output-dir: expected it not to be given with --interpolate", "sample", trained.Run, "--interpolate", "1", "2", "--output-dir", "x");
        Refusal.OfUsage("--steps: expected it with --interpolate only", "sample", trained.Run, "--steps", "3");
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_named_and_nothing_half_written_is_left()
    {
        using var folder = new TemporaryFolder();
        string[] few = ["sample", trained.Run, "--count", "1", "--threads", "1"];
        Refusal.OfInput("no/grid.png: cannot be written: its folder does not exist", [.. few, "--grid", folder.File("no/grid.png")]);
        Refusal.OfInput($"{folder.Path}: cannot be written: it is a folder", [.. few, "--grid", folder.Path]);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));

        File.WriteAllText(folder.File("file"), "");
        Refusal.OfInput("file: cannot be written: it is a file", [.. few, "--output-dir", folder.File("file")]);
        Refusal.OfInput("file/x: cannot be written: ", [.. few, "--output-dir", folder.File("file/x")]);
        Directory.CreateDirectory(folder.File("images/1-000000.png"));
        Refusal.OfInput("1-000000.png: cannot be written: it is a folder", [.. few, "--output-dir", folder.File("images")]);
        Assert.Equal([folder.File("file"), folder.File("images"), folder.File("images/1-000000.png")], Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order());
    }

    private static ToolResult Sample(TemporaryFolder folder, string model, params string[] options)
    {
        var result = Tool.Run(["sample", model, "--grid", folder.File("grid.png"), "--overwrite", "--json", "--threads", "1", .. options]);
        Assert.Empty(result.Error);
        Assert.Equal(0, result.ExitCode);
        return result;
    }

    // The tests share one working directory, so this one asks for a process of its own.
    private static ToolResult RunIn(string folder, string[] args)
    {
        var result = ToolProcess.RunIn(folder, args);
        Assert.Empty(result.Error);
        Assert.Equal(0, result.ExitCode);
        return result;
    }

    // Image k of a row of images that are drawn pixel by pixel.
    private static byte[] Cut(DecodedImage grid, int k)
    {
        var columns = (grid.Width + 1) / (Bars.Size + 1);
        var (left, top) = (k % columns * (Bars.Size + 1), k / columns * (Bars.Size + 1));
        return [.. Enumerable.Range(top, Bars.Size).SelectMany(y => grid.Rgb[(3 * ((y * grid.Width) + left))..(3 * ((y * grid.Width) + left + Bars.Size))])];
    }
}
