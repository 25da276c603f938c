using PhotoMl.Sampling;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class SampleTests(TrainedModel classifier, TrainedGenerators trained) : FolderTests
{
    [Fact]
    public void Without_a_name_the_grid_is_named_after_the_seed_and_never_takes_the_place_of_another()
    {
        string[] args = ["sample", Path.GetFullPath(trained.Run), "--seed", "-7", "--count", "2", "--threads", "1"];
        Assert.Contains("Grid       sample--7.png, 1 row and 2 columns", RunIn(Folder.Path, args).OutLines);
        var first = File.ReadAllBytes(Folder.File("sample--7.png"));
        Assert.Contains("Grid       sample--7-2.png, 1 row and 2 columns", RunIn(Folder.Path, args).OutLines);
        Assert.Equal(first, File.ReadAllBytes(Folder.File("sample--7.png")));
        Assert.Equal(first, File.ReadAllBytes(Folder.File("sample--7-2.png")));
        Assert.Equal(2, Directory.GetFiles(Folder.Path).Length);
    }

    [Fact]
    public void Programs_get_what_was_made()
    {
        var json = Sample(trained.Run, "--count", "3", "--seed", "-9223372036854775808", "--truncation", "0.5", "--scale", "1").Json;
        Assert.Equal("sample", json.Text("command"));
        Assert.Equal((3, long.MinValue, 0.5), (json.Int("count"), json.Long("seed"), json.Number("truncation")));
        Assert.Equal(64, json.Text("model_hash").Length);
        Assert.Equal(Folder.File("grid.png"), Assert.Single(json.GetProperty("files").EnumerateArray()).GetString());
        Assert.All(["other_seed", "class"], name => Assert.Equal(JsonValueKind.Null, json.GetProperty(name).ValueKind));
        Assert.InRange(json.Number("images_per_second"), double.Epsilon, double.MaxValue);
    }

    [Theory]
    [InlineData("", 64, 8, 8, 2)]
    [InlineData("--rows 2 --columns 3", 6, 2, 3, 2)]
    [InlineData("--rows 2 --count 5 --scale 1", 5, 2, 3, 1)]
    [InlineData("--columns 4 --count 5 --scale 3", 5, 2, 4, 3)]
    [InlineData("--rows 3 --columns 3 --count 2", 2, 1, 2, 2)]
    public void The_grid_has_the_rows_columns_and_scale_that_were_asked_for(string options, int count, int rows, int columns, int scale)
    {
        var json = Sample(trained.Run, options.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Json;
        var grid = ImageFile.Decode(Folder.File("grid.png"));
        Assert.Equal(count, json.Int("count"));
        Assert.Equal((Side(columns), Side(rows)), (grid.Width, grid.Height));

        int Side(int images) => (images * ((Bars.Size * scale) + 1)) - 1;
    }

    [Fact]
    public void Image_k_of_a_seed_is_the_same_whatever_the_count_and_alone_as_in_the_grid()
    {
        var result = Sample(
            trained.Run, "--count", "66", "--seed", "5", "--columns", "66", "--scale", "1", "--output-dir", Folder.File("images/"));
        var files = result.Json.GetProperty("files").EnumerateArray().Select(file => file.GetString()!).ToArray();
        Assert.Equal([.. Enumerable.Range(0, 66).Select(k => Folder.File($"images/5-{k:D6}.png")), Folder.File("grid.png")], files);
        Assert.Equal(files[..66], Directory.GetFiles(Folder.File("images")).Order());

        var grid = ImageFile.Decode(Folder.File("grid.png"));
        Assert.All([0, 1, 63, 64, 65], k => Assert.Equal(Cut(grid, k), ImageFile.Decode(files[k]).Pixels));
        Assert.NotEqual(Cut(grid, 0), Cut(grid, 1));
    }

    [Fact]
    public void People_read_the_folder_and_not_each_of_its_files()
    {
        var result = Tool.Run($"sample {trained.Run} --count 3 --output-dir {Folder.File("images/")} --quiet");
        Assert.Matches("^Generated  3 images in ", result.OutLines[0]);
        Assert.Equal($"Files      {Folder.File("images/")}", Assert.Single(result.OutLines.Skip(1)));
    }

    [Fact]
    public void A_class_is_asked_for_by_name_or_number_and_by_default_all_come_in_turn()
    {
        var json = Sample(trained.Conditional, "--scale", "1").Json;
        Assert.Equal(32, json.Int("count")); // eight of each of four classes
        var all = ImageFile.Decode(Folder.File("grid.png"));
        Assert.Equal((4 * 29) - 1, all.Width);

        json = Sample(trained.Conditional, "--class", "2", "--count", "4", "--columns", "4", "--scale", "1").Json;
        Assert.Equal("2", json.Text("class"));
        var twos = ImageFile.Decode(Folder.File("grid.png"));
        Assert.Equal(Cut(all, 2), Cut(twos, 2));
        Assert.NotEqual(Cut(all, 3), Cut(twos, 3));
        Assert.Contains(
            "image of 2 in ",
            Tool.Run($"sample {trained.Conditional} --class 2 --count 1 --grid {Folder.File("grid.png")} --overwrite").Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_interpolation_goes_from_one_seeds_first_image_to_the_others()
    {
        var json = Sample(trained.Run, "--interpolate", "-1", "2", "--steps", "3", "--scale", "1").Json;
        Assert.Equal((3, -1L, 2L), (json.Int("count"), json.Long("seed"), json.Long("other_seed")));
        var way = ImageFile.Decode(Folder.File("grid.png"));
        Assert.Equal((3 * 29) - 1, way.Width);
        Assert.Equal(28, way.Height);
    }

    [Fact]
    public void A_model_of_the_other_kind_is_refused()
    {
        Refusal.OfInput("expected a generator, but found a classifier", $"sample {classifier.Run} --grid {Folder.File("grid.png")}");
        Refusal.OfInput(
            "expected a classifier, but found a generator", $"predict {trained.Run} {Bars.WritePng(Folder.File("bar.png"), 1)}");
        Refusal.OfInput("nosuch: expected a safetensors file, but found no such file", $"sample {Folder.File("nosuch")}");
        Refusal.OfInput("model.safetensors: expected a safetensors file, but found no such file", $"sample {Folder.Path}");
        Assert.False(File.Exists(Folder.File("grid.png")));
    }

    [Fact]
    public void A_class_that_an_unconditional_generator_does_not_know_is_refused() => Refusal.OfInput(
        "expected a generator trained with labels for --class, but found one that is not",
        $"sample {trained.Run} --class 1");

    [Theory]
    [InlineData("--class 4", "--class: expected one of 0, 1, 2, 3, but got '4'")]
    [InlineData("--class shoe", "--class: expected one of 0, 1, 2, 3, but got 'shoe'")]
    [InlineData("--class -1", "--class: expected one of 0, 1, 2, 3, but got '-1'")]
    [InlineData("--rows 2 --columns 2 --count 5", "--count: expected at most 4 images for a grid of 2 rows and 2 columns, but got 5")]
    [InlineData("--rows 10000 --columns 10000", "--rows, --columns: expected at most 1000000 images, but got 100000000")]
    [InlineData("--count 1000000", "--grid: Expected a picture of at most 32768 pixels a side and 100 megapixels")]
    [InlineData("--interpolate 1 two", "--interpolate: expected a whole number up to 9223372036854775807, but got 'two'")]
    [InlineData("--interpolate 1 2 --count 3", "--count: expected it not to be given with --interpolate")]
    [InlineData("--interpolate 1 2 --seed 3", "--seed: expected it not to be given with --interpolate")]
    [InlineData("--interpolate 1 2 --output-dir x", "--output-dir: expected it not to be given with --interpolate")]
    [InlineData("--steps 3", "--steps: expected it with --interpolate only")]
    public void What_makes_no_sense_is_refused(string options, string expected) =>
        Refusal.OfUsage(expected, ["sample", trained.Conditional, .. options.Split(' ')]);

    [Fact]
    public void A_file_that_cannot_be_written_is_named_and_nothing_half_written_is_left()
    {
        string[] few = ["sample", trained.Run, "--count", "1"];
        Refusal.OfInput("no/grid.png: cannot be written: its folder does not exist", [.. few, "--grid", Folder.File("no/grid.png")]);
        Refusal.OfInput($"{Folder.Path}: cannot be written: it is a folder", [.. few, "--grid", Folder.Path]);
        Assert.Empty(Directory.GetFileSystemEntries(Folder.Path));

        File.WriteAllText(Folder.File("file"), "");
        Refusal.OfInput($"file: cannot be written: {Folder.File("file")} is a file", [.. few, "--output-dir", Folder.File("file")]);
        Refusal.OfInput("file/x: cannot be written: ", [.. few, "--output-dir", Folder.File("file/x")]);
        Directory.CreateDirectory(Folder.File("images/1-000000.png"));
        Refusal.OfInput("1-000000.png: cannot be written: it is a folder", [.. few, "--output-dir", Folder.File("images")]);
        Assert.Equal(
            [Folder.File("file"), Folder.File("images"), Folder.File("images/1-000000.png")],
            Directory.GetFileSystemEntries(Folder.Path, "*", SearchOption.AllDirectories).Order());
    }

    private ToolResult Sample(string model, params string[] options)
    {
        var result = Tool.Run(["sample", model, "--grid", Folder.File("grid.png"), "--overwrite", "--json", .. options]);
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
        return grid.Crop(left, top, Bars.Size, Bars.Size).Pixels.ToArray();
    }
}
