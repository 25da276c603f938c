namespace PhotoMl.Cli.Tests.Samples;

/// <summary>Every sample runs from its first line to its last.</summary>
[Collection(TorchCollection.Name)]
public sealed class SampleProgramTests(TrainedModel trained) : FolderTests
{
    [Fact]
    public void TrainMnist_tells_an_accuracy_on_images_it_never_saw()
    {
        var result = SampleProcess.Run("TrainMnist", Folder.Path, "2", trained.Set).AssertSuccess();

        Assert.Equal(2, result.OutLines.Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.Matches(@"^test accuracy \d+\.\d\d % \(\d+\.\d\d % to \d+\.\d\d %\) on 80 images", result.OutLines[^1]);
    }

    [Fact]
    public void SampleDigits_draws_what_the_generator_makes_that_it_has_trained()
    {
        var set = Bars.WriteSet(Folder.File("set"), train: 64, test: 8);
        SampleProcess.Run("SampleDigits", Folder.Path, "1", set).AssertSuccess();
        var model = Directory.GetFiles(Folder.File("runs"), "model.safetensors", SearchOption.AllDirectories).Single();
        using var generator = Generator.Load(model);
        var side = (8 * 2 * Bars.Size) + 7; // with a pixel between two pictures
        var grid = ImageFile.Decode(Folder.File("digits.png"));

        Assert.Equal((side, side), (grid.Width, grid.Height));
        Assert.Equal(0, generator.Verify(Folder.File("digits.png")).LargestDifference);
        var (untrained, discriminator) = GanTrainer.CreateNetworks(generator.Info.Network, new GanTrainingOptions().Seed);
        using var _ = untrained;
        using var __ = discriminator;
        Assert.NotEqual(ModelHash.Of(untrained), ModelHash.Of(generator.Model));
        Assert.Equal(1, generator.Info.Training!.Epoch);
    }

    [Fact]
    public void TrainOnFolder_leaves_out_what_is_no_photo_and_keeps_a_model()
    {
        WritePhotos("dark", 20, 8);
        WritePhotos("light", 200, 8);
        File.WriteAllText(Folder.File("photos/dark/text.jpg"), "hello");
        var result = SampleProcess.Run("TrainOnFolder", Folder.Path, "photos", "run", "1", "32").AssertSuccess();

        Assert.Contains(result.OutLines, line => line.Contains("text.jpg: expected a JPEG", StringComparison.Ordinal));
        Assert.Contains(result.OutLines, line => line.Contains("validation photos right", StringComparison.Ordinal));
        using var model = ClassifierFile.Load(Folder.File("run/model.safetensors"));
        Assert.Equal(["dark", "light"], model.Info.ClassNames);
        Assert.IsType<ResNet18Classifier>(model.Model);
    }

    [Fact]
    public void ExplainPrediction_names_the_class_and_draws_what_speaks_for_it()
    {
        var photo = Bars.WritePng(Folder.File("bar.png"), label: 2);
        var result = SampleProcess.Run(
            "ExplainPrediction", Folder.Path, Path.Combine(trained.Run, "model.safetensors"), photo).AssertSuccess();

        Assert.StartsWith("2: ", result.OutLines[0], StringComparison.Ordinal);
        Assert.Contains("what speaks for 2; the map is", result.OutLines[^1], StringComparison.Ordinal);
        var overlay = ImageFile.Decode(Folder.File("overlay.png"));
        Assert.Equal((560, 560), (overlay.Width, overlay.Height)); // twice the 280 pixels of the photo, as much as fits
    }

    [Fact]
    public void A_sample_says_in_one_line_what_it_cannot_find_or_read()
    {
        File.WriteAllText(Folder.File("text.jpg"), "hello");
        (string Sample, string[] Arguments, string Expected)[] cases =
        [
            ("TrainOnFolder", ["nosuch", "run"], "nosuch"),
            ("ExplainPrediction", ["nosuch", "photo.png"], "nosuch"),
            ("ServeModel", ["nosuch", "0"], "nosuch"),
            ("ExplainPrediction", [Path.Combine(trained.Run, "model.safetensors"), "text.jpg"], "text.jpg: expected a JPEG"),
        ];

        // At once: most of the time a program starts up.
        Parallel.ForEach(cases, example =>
        {
            var result = SampleProcess.Run(example.Sample, Folder.Path, example.Arguments);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(example.Expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        });
    }

    private void WritePhotos(string name, int shade, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var color = new SKColor((byte)(shade + i), 90, (byte)(10 * i));
            Bars.WritePicture(Folder.File($"photos/{name}/{i}.png"), 40, 36, canvas => canvas.Clear(color));
        }
    }
}
