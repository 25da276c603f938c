using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Training;
using SkiaSharp;

namespace PhotoMl.Cli.Tests.Samples;

/// <summary>Every sample runs from its first line to its last.</summary>
[Collection(TorchCollection.Name)]
public sealed class SampleProgramTests(TrainedModel trained) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TrainMnist_tells_an_accuracy_on_images_it_never_saw()
    {
        var result = SampleProcess.Run("TrainMnist", _folder.Path, "2", trained.Set);

        AssertSuccess(result);
        Assert.Equal(2, result.OutLines.Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.Matches(@"^test accuracy \d+\.\d\d % \(\d+\.\d\d % to \d+\.\d\d %\) on 80 images", result.OutLines[^1]);
    }

    [Fact]
    public void SampleDigits_draws_what_the_generator_makes_that_it_has_trained()
    {
        var set = Bars.WriteSet(_folder.File("set"), train: 64, test: 8);
        AssertSuccess(SampleProcess.Run("SampleDigits", _folder.Path, "1", set));
        var model = Directory.GetFiles(_folder.File("runs"), "model.safetensors", SearchOption.AllDirectories).Single();
        using var generator = Generator.Load(model);
        var side = (8 * 2 * Bars.Size) + 7; // with a pixel between two pictures
        var grid = ImageFile.Decode(_folder.File("digits.png"));

        Assert.Equal((side, side), (grid.Width, grid.Height));
        Assert.Equal(0, generator.Verify(_folder.File("digits.png")).LargestDifference);
        var (untrained, discriminator) = GanTrainer.CreateNetworks(generator.Info.Network, new GanTrainingOptions().Seed);
        using var _ = untrained;
        using var __ = discriminator;
        Assert.NotEqual(ModelHash.Of(untrained), ModelHash.Of(generator.Model));
        Assert.Equal(1, generator.Info.Training!.Epoch);
    }

    [Fact]
    public void TrainOnFolder_leaves_out_what_is_no_photo_and_keeps_a_model()
    {
        foreach (var (name, shade) in new[] { ("dark", 20), ("light", 200) })
        {
            WritePhotos(name, shade, 13);
        }

        File.WriteAllText(_folder.File("photos/dark/text.jpg"), "hello");
        var result = SampleProcess.Run("TrainOnFolder", _folder.Path, "photos", "run", "2", "32");

        AssertSuccess(result);
        Assert.Contains(result.OutLines, line => line.Contains("text.jpg: expected a JPEG", StringComparison.Ordinal));
        Assert.Contains(result.OutLines, line => line.Contains("validation photos right", StringComparison.Ordinal));
        using var model = ClassifierFile.Load(_folder.File("run/model.safetensors"));
        Assert.Equal(["dark", "light"], model.Info.ClassNames);
        Assert.IsType<ResNet18Classifier>(model.Model);
    }

    [Fact]
    public void ExplainPrediction_names_the_class_and_draws_what_speaks_for_it()
    {
        var photo = Bars.WritePng(_folder.File("bar.png"), label: 2);
        var result = SampleProcess.Run("ExplainPrediction", _folder.Path, Path.Combine(trained.Run, "model.safetensors"), photo);

        AssertSuccess(result);
        Assert.StartsWith("2: ", result.OutLines[0], StringComparison.Ordinal);
        Assert.Contains("what speaks for 2; the map is", result.OutLines[^1], StringComparison.Ordinal);
        var overlay = ImageFile.Decode(_folder.File("overlay.png"));
        Assert.Equal((560, 560), (overlay.Width, overlay.Height)); // twice the 280 pixels of the photo, as much as fits
    }

    [Fact]
    public void ExplainPrediction_says_why_a_file_cannot_be_read()
    {
        File.WriteAllText(_folder.File("text.jpg"), "hello");
        var result = SampleProcess.Run("ExplainPrediction", _folder.Path, Path.Combine(trained.Run, "model.safetensors"), "text.jpg");

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("text.jpg: expected a JPEG", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TrainOnFolder", "nosuch", "run")]
    [InlineData("ExplainPrediction", "nosuch", "photo.png")]
    [InlineData("ServeModel", "nosuch", "0")]
    public void A_sample_says_in_one_line_what_it_cannot_find(string sample, params string[] arguments)
    {
        var result = SampleProcess.Run(sample, _folder.Path, arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("nosuch", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    private static void AssertSuccess(ToolResult result) => Assert.True(result.ExitCode == 0, result.Error + result.Out);

    private void WritePhotos(string name, int shade, int count)
    {
        Directory.CreateDirectory(_folder.File($"photos/{name}"));
        for (var i = 0; i < count; i++)
        {
            using var bitmap = new SKBitmap(40, 36);
            bitmap.Erase(new SKColor((byte)(shade + i), 90, (byte)(10 * i)));
            using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(_folder.File($"photos/{name}/{i}.png"), data.ToArray());
        }
    }
}
