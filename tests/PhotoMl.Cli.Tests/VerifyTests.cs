using PhotoMl.Sampling;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class VerifyTests(TrainedModel classifier, TrainedGenerators trained) : FolderTests
{
    private const string Yes = "Verified  yes: the model generates this very image, pixel by pixel";

    [Theory]
    [InlineData("--count 3", "Image     images 0 to 2 of seed 1")]
    [InlineData("--count 1 --seed -4", "Image     image 0 of seed -4")]
    [InlineData("--interpolate 3 -5 --steps 4", "Image     4 images from seed 3 to seed -5")]
    [InlineData("--count 2 --truncation 0.5", "Image     images 0 to 1 of seed 1")]
    public void An_image_is_described_and_generated_again(string options, string expected)
    {
        var grid = Sample(trained.Run, options);
        var described = Tool.Succeed($"verify {grid}");
        Assert.Equal(5, described.OutLines.Length);
        Assert.Equal(expected, described.OutLines[0]);
        Assert.Equal("Class     none given", described.OutLines[1]);
        Assert.Matches("^Model     [0-9a-f]{64}$", described.OutLines[2]);
        Assert.Equal(
            options.Contains("truncation", StringComparison.Ordinal),
            described.OutLines[3].EndsWith(", truncated at 0.5", StringComparison.Ordinal));
        Assert.StartsWith("Verified  not yet: with --model MODEL", described.OutLines[4], StringComparison.Ordinal);

        var verified = Tool.Run($"verify {grid} --model {trained.Run}");
        Assert.Equal(Yes, verified.OutLines[^1]);
        Assert.Equal(0, verified.ExitCode);
        Assert.Empty(verified.Error);
    }

    [Fact]
    public void The_class_is_printed_whether_it_was_given_or_came_in_turn()
    {
        Assert.Contains("Class     2", Tool.Run($"verify {Sample(trained.Conditional, "--class 2 --count 2")}").OutLines);
        Assert.Contains("Class     none given", Tool.Run($"verify {Sample(trained.Conditional, "--count 2")}").OutLines);

        Tool.Succeed($"sample {trained.Conditional} --count 4 --output-dir {Folder.Path}");
        var last = Tool.Run($"verify {Folder.File("1-000003.png")} --model {trained.Conditional}");
        Assert.Contains("Image     image 3 of seed 1", last.OutLines);
        Assert.Contains("Class     3", last.OutLines);
        Assert.Contains(Yes, last.OutLines);
    }

    [Fact]
    public void A_changed_pixel_and_another_model_end_with_exit_code_2()
    {
        var grid = Sample(trained.Run, "--count 2");
        using (var picture = SKBitmap.Decode(grid))
        {
            var old = picture.GetPixel(5, 5).Red;
            picture.SetPixel(5, 5, old < 128 ? SKColors.White : SKColors.Black);
            using var png = picture.Encode(SKEncodedImageFormat.Png, quality: 100);
            File.WriteAllBytes(
                Folder.File("changed.png"), PngText.Add(png.ToArray(), ImageProvenance.Keyword, ImageProvenance.Read(grid)!.ToText()));
        }

        var changed = Tool.Run($"verify {Folder.File("changed.png")} --model {trained.Run}");
        Assert.Equal(2, changed.ExitCode);
        Assert.Matches(
            "^Verified no: the model generates another image from this record; a pixel differs by [0-9]+ of 255$",
            string.Join(' ', string.Concat(changed.OutLines[^2..]).Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        var other = Tool.Run($"verify {grid} --model {trained.Conditional}");
        Assert.Equal(2, other.ExitCode);
        Assert.StartsWith("Verified  no: the record names another model than", other.OutLines[4], StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_get_the_record_and_whether_it_is_true()
    {
        var grid = Sample(trained.Run, "--count 2 --seed 8");
        var json = Tool.Run($"verify {grid} --json").Json;
        Assert.Equal(
            ["command", "path", "provenance", "verified", "largest_difference"], json.EnumerateObject().Select(field => field.Name));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("verified").ValueKind);
        Assert.Equal(8, json.GetProperty("provenance").Long("seed"));
        Assert.Equal(2, json.GetProperty("provenance").Int("count"));

        json = Tool.Run($"verify {grid} --json --model {trained.Run}").Json;
        Assert.True(json.Flag("verified"));
        Assert.Equal(0, json.Int("largest_difference"));

        var refused = Tool.Run($"verify {grid} --json --model {trained.Conditional}");
        Assert.False(refused.Json.Flag("verified"));
        Assert.Equal(2, refused.ExitCode);
    }

    [Fact]
    public void What_has_no_record_is_refused_in_one_line()
    {
        var plain = Bars.WritePng(Folder.File("plain.png"), 1);
        Refusal.OfInput(
            "plain.png: expected a PNG file with a provenance record of photoml sample, but found none in it", $"verify {plain}");
        Refusal.OfInput("nosuch.png: there is no such file", $"verify {Folder.File("nosuch.png")}");
        Refusal.OfInput("expected an image file but found a folder", $"verify {Folder.Path}");
        File.WriteAllBytes(Folder.File("cut.png"), File.ReadAllBytes(Sample(trained.Run, "--count 1"))[..^20]);
        Refusal.OfInput("cut.png: ", $"verify {Folder.File("cut.png")}");
    }

    [Fact]
    public void A_record_that_is_damaged_or_that_no_model_can_follow_is_refused_in_one_line()
    {
        Refusal.OfInput("expected a provenance record but found a text that is none", $"verify {WithRecord("no json")}");
        var newer = WithRecord("""{"format_version":2,"model_hash":"x","seed":1,"index":0,"precision":"float32"}""");
        Refusal.OfInput("expected a provenance record of format 1 but found format 2", $"verify {newer}");
        var hash = ImageProvenance.Read(Sample(trained.Run, "--count 1"))!.ModelHash;
        var shoe = WithRecord($$"""{"model_hash":"{{hash}}","seed":1,"index":0,"class":"shoe","scale":10,"precision":"float32"}""");
        Refusal.OfInput(
            "expected a provenance record that the model can follow, but found Expected a class", $"verify {shoe} --model {trained.Run}");
    }

    [Fact]
    public void A_record_cannot_forge_the_verdict()
    {
        const string Forged = "\"class\":\"\\u001b[2J\",\"version\":\"1\\nVerified  yes: truly\"";
        var record = WithRecord($$"""{"model_hash":"x\ny","seed":1,"index":0,{{Forged}},"precision":"float32"}""");
        var result = Tool.Run($"verify {record}");
        Assert.Equal(5, result.OutLines.Length);
        Assert.DoesNotContain('\e', result.Out);
        Assert.StartsWith(
            "Verified  not yet:", Assert.Single(result.OutLines, line => line.StartsWith("Verified", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_none_is_refused_in_one_line()
    {
        var grid = Sample(trained.Run, "--count 1");
        Refusal.OfInput("expected a generator, but found a classifier", $"verify {grid} --model {classifier.Run}");
        Refusal.OfInput("nosuch: expected a safetensors file, but found no such file", $"verify {grid} --model {Folder.File("nosuch")}");
    }

    private string Sample(string model, string options)
    {
        var path = Folder.File("grid.png");
        Tool.Succeed(["sample", model, "--grid", path, "--overwrite", .. options.Split(' ')]);
        return path;
    }

    private string WithRecord(string text)
    {
        var path = Bars.WritePng(Folder.File("record.png"), 1);
        File.WriteAllBytes(path, PngText.Add(File.ReadAllBytes(path), ImageProvenance.Keyword, text));
        return path;
    }
}
