using System.Text.Json;
using PhotoMl.Imaging;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public sealed class ExplainTests(TrainedModel trained, TrainedGenerators generators) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("grad-cam", "conv3")]
    [InlineData("integrated-gradients", null)]
    [InlineData("occlusion", null)]
    [InlineData("saliency", null)]
    public void Each_method_gives_a_sheet_and_figures_and_an_unreadable_file_stops_nothing(string method, string? layer)
    {
        var first = Bars.WritePng(_folder.File("first.png"), label: 1);
        File.WriteAllText(_folder.File("text.png"), "no image");
        var second = Bars.WritePng(_folder.File("second.png"), label: 2);
        var output = _folder.File("sheet.png");
        var result = Tool.Run("explain", trained.Run, first, _folder.File("text.png"), second, "--method", method, "--output", output, "--json", "--random-maps", "2");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("1 of 3 could not be read.", Assert.Single(result.ErrorLines));
        var lines = result.OutLines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["1", "2"], new[] { lines[0], lines[2] }.Select(line => line.GetProperty("label").GetString()));
        Assert.Equal(_folder.File("text.png"), lines[1].GetProperty("path").GetString());
        Assert.StartsWith("expected a ", lines[1].GetProperty("error").GetString(), StringComparison.Ordinal);
        foreach (var line in new[] { lines[0], lines[2] })
        {
            Assert.Equal((method, layer, output), (line.GetProperty("method").GetString(), line.GetProperty("layer").GetString(), line.GetProperty("output").GetString()));
            Assert.Equal(line.GetProperty("label").GetString(), line.GetProperty("class").GetString());
            Assert.Equal(line.GetProperty("probability").GetDouble(), line.GetProperty("class_probability").GetDouble());
            Assert.All(["deletion", "random_deletion", "insertion", "random_insertion"], name => Assert.InRange(line.GetProperty(name).GetDouble(), 0, 1));
            Assert.All(["random_deletion_deviation", "random_insertion_deviation"], name => Assert.InRange(line.GetProperty(name).GetDouble(), 0, 1));
            Assert.Equal(
                line.GetProperty("deletion").GetDouble() < line.GetProperty("random_deletion").GetDouble() - line.GetProperty("random_deletion_deviation").GetDouble(),
                line.GetProperty("deletion_better_than_random").GetBoolean());
            Assert.Equal(method == "integrated-gradients" ? JsonValueKind.Number : JsonValueKind.Null, line.GetProperty("completeness_gap").ValueKind);
        }

        // Two rows of three pictures of 280 pixels a side with text below, and a legend.
        var sheet = ImageFile.Decode(output);
        Assert.InRange(sheet.Width, 3 * 280, (3 * 280) + 60);
        Assert.InRange(sheet.Height, 2 * 280, (2 * 280) + 240);
    }

    [Fact]
    public void People_get_a_table_that_fits_80_columns_and_are_told_what_it_means()
    {
        var image = Bars.WritePng(_folder.File("a-photo-with-a-rather-long-name.png"), label: 1);
        var result = Tool.Run("explain", trained.Run, image, "--class", "3", "--output", _folder.File("sheet.png"));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("Method   grad-cam of conv3: why 3, or why not", result.OutLines[1]);
        Assert.Matches(@"^Image +Taken for +3 +Deletion +Insertion +Better in$", result.OutLines[3]);
        Assert.Matches(@"^…\S+long-name\.png +1 +\d+\.\d\d % +0\.\d{3} \(0\.\d{3}\) +0\.\d{3} \(0\.\d{3}\)  (both|deletion|insertion|neither)$", result.OutLines[4]);
        Assert.Contains("lower is better", result.Out, StringComparison.Ordinal);
        Assert.All(result.OutLines.Skip(3), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void A_class_that_is_not_the_one_predicted_can_be_asked_for()
    {
        var image = Bars.WritePng(_folder.File("bar.png"), label: 1);
        var line = Tool.Run("explain", trained.Run, image, "--class", "2", "--no-faithfulness", "--output", _folder.File("sheet.png"), "--json").Json;

        Assert.Equal(("1", "2"), (line.GetProperty("label").GetString(), line.GetProperty("class").GetString()));
        Assert.True(line.GetProperty("class_probability").GetDouble() < line.GetProperty("probability").GetDouble());
        Assert.Equal(JsonValueKind.Null, line.GetProperty("deletion").ValueKind);
    }

    [Fact]
    public void When_no_image_can_be_read_nothing_is_written_and_the_exit_code_is_2()
    {
        var output = _folder.File("sheet.png");
        var result = Tool.Run("explain", trained.Run, _folder.File("nosuch.png"), "--output", output);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal($"{_folder.File("nosuch.png")}  unreadable: there is no such file or folder", Assert.Single(result.OutLines));
        Assert.Equal("1 of 1 could not be read.", Assert.Single(result.ErrorLines));
        Assert.False(File.Exists(output));
    }

    [Fact]
    public void What_is_not_there_is_told_in_one_line_with_what_is()
    {
        var image = Bars.WritePng(_folder.File("bar.png"), label: 1);
        Refusal.OfUsage("--class: expected one of 0, 1, 2, 3, but got '9'", "explain", trained.Run, image, "--class", "9");
        Refusal.OfUsage("--layer: expected a layer of a convnet, conv1, conv2, conv3, but got conv4", "explain", trained.Run, image, "--layer", "conv4");
        Refusal.OfInput("expected a classifier, but found a generator", "explain", generators.Run, image);
        Refusal.OfInput("nosuch/sheet.png: cannot be written: its folder does not exist", "explain", trained.Run, image, "--output", _folder.File("nosuch/sheet.png"));
        Directory.CreateDirectory(_folder.File("folder.png"));
        Refusal.OfInput("folder.png: cannot be written: it is a folder", "explain", trained.Run, image, "--output", _folder.File("folder.png"), "--no-faithfulness");

        // Before an image is looked at: otherwise this one would be told as unreadable.
        Refusal.OfInput("folder.png: cannot be written: it is a folder", "explain", trained.Run, _folder.File("nosuch.png"), "--output", _folder.File("folder.png"));
    }

    [Fact]
    public void What_makes_no_sense_is_refused_before_anything_is_written()
    {
        var image = Bars.WritePng(_folder.File("bar.png"), label: 1);
        var before = File.ReadAllBytes(image);
        Refusal.OfInput($"{image}: cannot be written: expected a path outside of {image}, which is read", "explain", trained.Run, image, "--output", image);
        Refusal.OfUsage("--layer: expected it with --method grad-cam only", "explain", trained.Run, image, "--method", "saliency", "--layer", "conv1");
        Refusal.OfUsage("--steps: expected it with --method integrated-gradients only", "explain", trained.Run, image, "--steps", "9");
        Refusal.OfUsage("--window: expected it with --method occlusion only", "explain", trained.Run, image, "--window", "9");
        Refusal.OfUsage("--baseline: expected it with --method integrated-gradients or --method occlusion only", "explain", trained.Run, image, "--baseline", "black");
        Refusal.OfUsage("--no-faithfulness: expected neither --random-maps nor --seed with it", "explain", trained.Run, image, "--no-faithfulness", "--seed", "3");
        Refusal.OfUsage("--size: expected at most 64 images for a picture of 320 pixels a side, but got 65", ["explain", trained.Run, .. Enumerable.Repeat(image, 65)]);
        Refusal.OfUsage("--size: expected at most 29 images for a picture of 1024 pixels a side, but got 30", ["explain", trained.Run, .. Enumerable.Repeat(image, 30), "--size", "1024"]);
        Assert.Equal(before, File.ReadAllBytes(image));
    }
}
