using System.Text.Json;
using PhotoMl.Tests.Quality;

namespace PhotoMl.Tests;

public sealed class GeneratorRunTests : FolderTests
{
    private readonly string _data;

    public GeneratorRunTests() => _data = IdxFolder.Write(Folder.File("data"), train: 10);

    private static GeneratorRunOptions Options =>
        new() { Training = new GanTrainingOptions { Epochs = 1, BatchSize = 4, EmaDecay = 0 }, Latent = 8, Threads = 1 };

    [Fact]
    public void A_stopped_run_resumes_to_the_same_generator_which_makes_images_that_it_verifies()
    {
        using (var whole = GeneratorRun.Start(_data, Folder.File("whole"), Options))
        {
            whole.Train();
        }

        using (var stopped = GeneratorRun.Start(_data, Folder.File("stopped"), Options))
        using (var source = new CancellationTokenSource())
        {
            var progress = new SynchronousProgress<GanProgress>(_ => source.Cancel());
            Assert.Throws<OperationCanceledException>(() => stopped.Train(progress, source.Token));
        }

        using (var resumed = GeneratorRun.Resume(Folder.File("stopped")))
        {
            resumed.Train();
            Assert.True(resumed.IsFinished);
        }

        using var generator = Generator.Load(Folder.File("stopped"));
        using var expected = Generator.Load(Folder.File("whole"));
        Assert.Equal(expected.Hash, generator.Hash);

        var files = generator.Sample(Folder.File("images"), new SampleOptions { Seed = 7, Count = 3 });
        generator.SampleGrid(Folder.File("grid.png"), new SampleOptions { Seed = 7, Count = 4 }, columns: 2);
        Assert.Equal(3, files.Count);
        Assert.All(files.Append(Folder.File("grid.png")), file => Assert.Equal(0, generator.Verify(file).LargestDifference));
        var otherOptions = Options with { Training = Options.Training with { Seed = 2 } };
        using var other = GeneratorRun.Start(_data, Folder.File("other"), otherOptions);
        other.Train();
        using var otherGenerator = Generator.Load(Folder.File("other"));
        Assert.True(otherGenerator.Verify(files[0]).IsOtherModel);
    }

    [Fact]
    public void Photos_are_made_small_enough_for_the_network()
    {
        foreach (var i in Enumerable.Range(0, 4))
        {
            Folder.Write($"photos/{i % 2}/{i}.png", Scenes.Png(i));
        }

        using var run = GeneratorRun.Start(Folder.File("photos"), Folder.File("run"), Options);

        using var options = JsonDocument.Parse(File.ReadAllText(Folder.File("run/options.json")));
        var network = options.RootElement.GetProperty("network");
        Assert.Equal((64, 64), (network.GetProperty("height").GetInt32(), network.GetProperty("width").GetInt32()));
    }

    [Fact]
    public void What_does_not_fit_is_refused_before_anything_is_written()
    {
        Assert.Throws<InvalidDatasetException>(() => Start(Options with { Limit = 1 }));
        Assert.Throws<InvalidModelException>(() => Start(Options with { Classifier = Folder.File("none") }));
        Assert.Throws<InvalidModelException>(() => GeneratorRun.Resume(_data));
        Assert.False(Directory.Exists(Folder.File("run")));

        GeneratorRun Start(GeneratorRunOptions options) => GeneratorRun.Start(_data, Folder.File("run"), options);
    }
}
