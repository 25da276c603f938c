namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public sealed class ExplainTests(TrainedModel trained, TrainedGenerators generators) : FolderTests
{
    [Theory]
    [InlineData("grad-cam", "conv3")]
    [InlineData("integrated-gradients", null)]
    [InlineData("occlusion", null)]
    [InlineData("saliency", null)]
    public void Each_method_gives_a_sheet_and_figures_and_an_unreadable_file_stops_nothing(string method, string? layer)
    {
        var first = Bars.WritePng(Folder.File("first.png"), label: 1);
        File.WriteAllText(Folder.File("text.png"), "no image");
        var second = Bars.WritePng(Folder.File("second.png"), label: 2);
        var output = Folder.File("sheet.png");
        var result = Tool.Succeed(
            $"explain {trained.Run} {first} {Folder.File("text.png")} {second} --method {method} --output {output} --json --random-maps 2");
        Assert.Equal("1 of 3 images could not be read.", Assert.Single(result.ErrorLines));
        var lines = result.OutLines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["1", "2"], new[] { lines[0], lines[2] }.Select(line => line.Text("label")));
        Assert.Equal(Folder.File("text.png"), lines[1].Text("path"));
        Assert.StartsWith("expected a ", lines[1].Text("error"), StringComparison.Ordinal);
        foreach (var line in new[] { lines[0], lines[2] })
        {
            Assert.Equal((method, layer, output), (line.Text("method"), line.Text("layer"), line.Text("output")));
            Assert.Equal(line.Text("label"), line.Text("class"));
            Assert.Equal(line.Number("probability"), line.Number("class_probability"));
            Assert.All(["deletion", "random_deletion", "insertion", "random_insertion"], name => Assert.InRange(line.Number(name), 0, 1));
            Assert.All(["random_deletion_deviation", "random_insertion_deviation"], name => Assert.InRange(line.Number(name), 0, 1));
            Assert.Equal(
                line.Number("deletion") < line.Number("random_deletion") - line.Number("random_deletion_deviation"),
                line.Flag("deletion_better_than_random"));
            var isComplete = line.GetProperty("completeness_gap").ValueKind == JsonValueKind.Number;
            Assert.Equal(method == "integrated-gradients", isComplete);
        }

        // Two rows of three pictures of 280 pixels a side with text below, and a legend.
        var sheet = ImageFile.Decode(output);
        Assert.InRange(sheet.Width, 3 * 280, (3 * 280) + 60);
        Assert.InRange(sheet.Height, 2 * 280, (2 * 280) + 240);
    }

    [Fact]
    public void People_get_a_table_that_fits_80_columns_and_what_it_means()
    {
        var image = Bars.WritePng(Folder.File("a-photo-with-a-rather-long-name.png"), label: 1);
        var result = Tool.Run($"explain {trained.Run} {image} --class 3 --output {Folder.File("sheet.png")}");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("Method   grad-cam at conv3, for 3", result.OutLines[1]);
        Assert.Matches(@"^Image +Predicted +3 +Deletion +Insertion +Better in$", result.OutLines[3]);
        Assert.Matches(
            @"^…\S+long-name\.png +1 +\d+\.\d\d % +0\.\d{3} \(0\.\d{3}\) +0\.\d{3} \(0\.\d{3}\)  (both|deletion|insertion|neither)$",
            result.OutLines[4]);
        Assert.Contains("lower is better", result.Out, StringComparison.Ordinal);
        Assert.All(result.OutLines.Skip(3), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void A_class_that_is_not_the_one_predicted_can_be_asked_for()
    {
        var image = Bars.WritePng(Folder.File("bar.png"), label: 1);
        var line = Tool.Run($"explain {trained.Run} {image} --class 2 --no-faithfulness --output {Folder.File("sheet.png")} --json").Json;

        Assert.Equal(("1", "2"), (line.Text("label"), line.Text("class")));
        Assert.True(line.Number("class_probability") < line.Number("probability"));
        Assert.Equal(JsonValueKind.Null, line.GetProperty("deletion").ValueKind);
    }

    [Fact]
    public void When_no_image_can_be_read_nothing_is_written_and_the_exit_code_is_2()
    {
        var output = Folder.File("sheet.png");
        var result = Tool.Run($"explain {trained.Run} {Folder.File("nosuch.png")} --output {output}");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal($"{Folder.File("nosuch.png")}  unreadable: there is no such file or folder", Assert.Single(result.OutLines));
        Assert.Equal("1 of 1 image could not be read.", Assert.Single(result.ErrorLines));
        Assert.False(File.Exists(output));
    }

    [Fact]
    public void What_cannot_be_read_or_written_is_refused_in_one_line()
    {
        var image = Bars.WritePng(Folder.File("bar.png"), label: 1);
        var before = File.ReadAllBytes(image);
        Directory.CreateDirectory(Folder.File("folder.png"));
        Refusal.OfInput("expected a classifier, but found a generator", $"explain {generators.Run} {image}");
        Refused("nosuch/sheet.png: cannot be written: its folder does not exist", image, Folder.File("nosuch/sheet.png"));
        Refused("folder.png: cannot be written: it is a folder", image, Folder.File("folder.png"));
        Refused($"{image}: cannot be written: expected a path outside of {image}, which is read", image, image);

        // Before an image is looked at: otherwise this one would be reported as unreadable.
        Refused("folder.png: cannot be written: it is a folder", Folder.File("nosuch.png"), Folder.File("folder.png"));
        Assert.Equal(before, File.ReadAllBytes(image));

        void Refused(string expected, string read, string output) =>
            Refusal.OfInput(expected, $"explain {trained.Run} {read} --output {output} --no-faithfulness");
    }

    [Theory]
    [InlineData("--class 9", "--class: expected one of 0, 1, 2, 3, but got '9'")]
    [InlineData("--layer conv4", "--layer: expected a layer of a convnet, conv1, conv2, conv3, but got conv4")]
    [InlineData("--method saliency --layer conv1", "--layer: expected it with --method grad-cam only")]
    [InlineData("--steps 9", "--steps: expected it with --method integrated-gradients only")]
    [InlineData("--window 9", "--window: expected it with --method occlusion only")]
    [InlineData("--baseline black", "--baseline: expected it with --method integrated-gradients or --method occlusion only")]
    [InlineData("--no-faithfulness --seed 3", "--no-faithfulness: expected neither --random-maps nor --seed with it")]
    [InlineData("--size 320", "--size: expected at most 64 images for a picture of 320 pixels a side, but got 65", 65)]
    [InlineData("--size 1024", "--size: expected at most 29 images for a picture of 1024 pixels a side, but got 30", 30)]
    public void What_makes_no_sense_is_refused(string options, string expected, int images = 1)
    {
        var image = Bars.WritePng(Folder.File("bar.png"), label: 1);
        Refusal.OfUsage(expected, ["explain", trained.Run, .. Enumerable.Repeat(image, images), .. options.Split(' ')]);
    }
}
