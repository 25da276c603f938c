using System.Text.Json;
using PhotoMl.Imaging;
using PhotoMl.Sampling;
using SkiaSharp;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class VerifyTests(TrainedModel classifier, TrainedGenerators trained)
{
    private const string Yes = "Verified  yes: the model generates this very image, pixel by pixel";

    [Theory]
    [InlineData("--count 3", "Image     images 0 to 2 of seed 1")]
    [InlineData("--count 1 --seed -4", "Image     image 0 of seed -4")]
    [InlineData("--interpolate 3 -5 --steps 4", "Image     4 images from seed 3 to seed -5")]
    [InlineData("--count 2 --truncation 0.5", "Image     images 0 to 1 of seed 1")]
    public void An_image_is_described_and_generated_again(string options, string expected)
    {
        using var folder = new TemporaryFolder();
        var grid = Sample(folder, trained.Run, options);
        var told = Tool.Run("verify", grid);
        Assert.Equal(0, told.ExitCode);
        Assert.Equal(6, told.OutLines.Length);
        Assert.Equal(expected, told.OutLines[0]);
        Assert.Equal("Class     none given", told.OutLines[1]);
        Assert.Matches("^Model     [0-9a-f]{64}$", told.OutLines[2]);
        Assert.Equal(options.Contains("truncation", StringComparison.Ordinal), told.OutLines[3].EndsWith(", truncated at 0.5", StringComparison.Ordinal));
        Assert.StartsWith("Verified  not yet: with --model MODEL", told.OutLines[4], StringComparison.Ordinal);

        var verified = Tool.Run("verify", grid, "--model", trained.Run, "--threads", "1");
        Assert.Equal(Yes, verified.OutLines[^1]);
        Assert.Equal(0, verified.ExitCode);
        Assert.Empty(verified.Error);
    }

    [Fact]
    public void The_class_is_printed_whether_it_was_given_or_came_in_turn()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("Class     2", Tool.Run("verify", Sample(folder, trained.Conditional, "--class 2 --count 2")).OutLines);
        Assert.Contains("Class     none given", Tool.Run("verify", Sample(folder, trained.Conditional, "--count 2")).OutLines);

        Assert.Equal(0, Tool.Run("sample", trained.Conditional, "--count", "4", "--output-dir", folder.Path, "--threads", "1").ExitCode);
        var last = Tool.Run("verify", folder.File("1-000003.png"), "--model", trained.Conditional, "--threads", "1");
        Assert.Contains("Image     image 3 of seed 1", last.OutLines);
        Assert.Contains("Class     3", last.OutLines);
        Assert.Contains(Yes, last.OutLines);
    }

    [Fact]
    public void A_changed_pixel_and_another_model_end_with_exit_code_2()
    {
        using var folder = new TemporaryFolder();
        var grid = Sample(folder, trained.Run, "--count 2");
        using (var picture = SKBitmap.Decode(grid))
        {
            var old = picture.GetPixel(5, 5).Red;
            picture.SetPixel(5, 5, old < 128 ? SKColors.White : SKColors.Black);
            using var png = picture.Encode(SKEncodedImageFormat.Png, quality: 100);
            File.WriteAllBytes(folder.File("changed.png"), PngText.Add(png.ToArray(), ImageProvenance.Keyword, ImageProvenance.Read(grid)!.ToText()));
        }

        var changed = Tool.Run("verify", folder.File("changed.png"), "--model", trained.Run, "--threads", "1");
        Assert.Equal(2, changed.ExitCode);
        Assert.Matches(@"Verified  no: the model generates another image from this record; a +pixel differs by \d+ of 255$", string.Concat(changed.OutLines[^2..]));

        var other = Tool.Run("verify", grid, "--model", trained.Conditional, "--threads", "1");
        Assert.Equal(2, other.ExitCode);
        Assert.StartsWith("Verified  no: the record names another model than", other.OutLines[4], StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_get_the_record_and_whether_it_is_true()
    {
        using var folder = new TemporaryFolder();
        var grid = Sample(folder, trained.Run, "--count 2 --seed 8");
        var json = Tool.Run("verify", grid, "--json").Json;
        Assert.Equal(["command", "path", "provenance", "verified", "largest_difference"], json.EnumerateObject().Select(field => field.Name));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("verified").ValueKind);
        Assert.Equal(8, json.GetProperty("provenance").GetProperty("seed").GetInt64());
        Assert.Equal(2, json.GetProperty("provenance").GetProperty("count").GetInt32());

        json = Tool.Run("verify", grid, "--json", "--model", trained.Run, "--threads", "1").Json;
        Assert.True(json.GetProperty("verified").GetBoolean());
        Assert.Equal(0, json.GetProperty("largest_difference").GetInt32());

        var refused = Tool.Run("verify", grid, "--json", "--model", trained.Conditional, "--threads", "1");
        Assert.False(refused.Json.GetProperty("verified").GetBoolean());
        Assert.Equal(2, refused.ExitCode);
    }

    [Fact]
    public void What_has_no_record_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        var plain = Bars.WritePng(folder.File("plain.png"), 1);
        Refusal.OfInput("plain.png: expected a PNG file with a provenance record of photoml sample, but found none in it", "verify", plain);
        using (var picture = SKBitmap.Decode(plain))
        using (var jpeg = picture.Encode(SKEncodedImageFormat.Jpeg, quality: 90))
        {
            File.WriteAllBytes(folder.File("photo.jpg"), jpeg.ToArray());
        }

        Refusal.OfInput("photo.jpg: expected a PNG file but found something else", "verify", folder.File("photo.jpg"));
        Refusal.OfInput("nosuch.png: there is no such file", "verify", folder.File("nosuch.png"));
        Refusal.OfInput("expected an image file but found a folder", "verify", folder.Path);
        var whole = File.ReadAllBytes(Sample(folder, trained.Run, "--count 1"));
        File.WriteAllBytes(folder.File("cut.png"), whole[..^20]);
        Refusal.OfInput("cut.png: ", "verify", folder.File("cut.png"));
    }

    [Theory]
    [InlineData("no json", "expected a provenance record but found a text that is none")]
    [InlineData("null", "expected a provenance record but found a text that is none")]
    [InlineData("{}", "expected a provenance record but found a text that is none")]
    [InlineData("""{"format_version":2,"model_hash":"x","seed":1,"index":0,"precision":"float32"}""", "expected a provenance record of format 1 but found format 2")]
    [InlineData("""{"model_hash":"x","seed":1,"index":-1,"precision":"float32"}""", "expected a provenance record but found a text that is none: Index: expected 0")]
    [InlineData("""{"model_hash":"x","seed":1,"index":0,"count":1000001,"precision":"float32"}""", "expected a provenance record but found a text that is none: Count: expected 1")]
    [InlineData("""{"model_hash":null,"seed":1,"index":0,"precision":"float32"}""", "expected a provenance record but found a text that is none")]
    [InlineData("""{"model_hash":"x","seed":1,"index":0,"precision":"float8"}""", "expected a provenance record but found a text that is none")]
    public void A_damaged_record_is_refused_in_one_line(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        Refusal.OfInput(expected, "verify", WithRecord(folder, text));
    }

    [Theory]
    [InlineData("""{"model_hash":"HASH","seed":1,"index":0,"count":1000000,"columns":1,"precision":"float32"}""", "expected a provenance record that the model can follow, but found ")]
    [InlineData("""{"model_hash":"HASH","seed":1,"index":0,"class":"shoe","scale":10,"precision":"float32"}""", "expected a provenance record that the model can follow, but found Expected a class")]
    [InlineData("""{"model_hash":"HASH","seed":1,"other_seed":2,"index":0,"scale":10,"precision":"float32"}""", "expected a provenance record that the model can follow, but found ")]
    public void A_record_that_no_model_can_follow_is_refused_in_one_line(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        var hash = ImageProvenance.Read(Sample(folder, trained.Run, "--count 1"))!.ModelHash;
        Refusal.OfInput(
            expected, "verify", WithRecord(folder, text.Replace("HASH", hash, StringComparison.Ordinal)), "--model", trained.Run, "--threads", "1");
    }

    [Fact]
    public void A_record_cannot_forge_the_verdict()
    {
        using var folder = new TemporaryFolder();
        var text = """{"model_hash":"x\ny","seed":1,"index":0,"class":"\u001b[2J","version":"1\nVerified  yes: truly","precision":"float32"}""";
        var result = Tool.Run("verify", WithRecord(folder, text));
        Assert.Equal(6, result.OutLines.Length);
        Assert.DoesNotContain('\e', result.Out);
        Assert.StartsWith("Verified  not yet:", Assert.Single(result.OutLines, line => line.StartsWith("Verified", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_none_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        var grid = Sample(folder, trained.Run, "--count 1");
        Refusal.OfInput("expected a generator, but found a classifier", "verify", grid, "--model", classifier.Run);
        Refusal.OfInput("nosuch: expected a safetensors file, but found no such file", "verify", grid, "--model", folder.File("nosuch"));
    }

    private static string Sample(TemporaryFolder folder, string model, string options)
    {
        var path = folder.File("grid.png");
        Assert.Equal(0, Tool.Run(["sample", model, "--grid", path, "--overwrite", "--threads", "1", .. options.Split(' ')]).ExitCode);
        return path;
    }

    private static string WithRecord(TemporaryFolder folder, string text)
    {
        var path = Bars.WritePng(folder.File("record.png"), 1);
        File.WriteAllBytes(path, PngText.Add(File.ReadAllBytes(path), ImageProvenance.Keyword, text));
        return path;
    }
}
