using PhotoMl.Tests.Quality;

namespace PhotoMl.Tests;

/// <summary>Runs that train on images without labels too.</summary>
public sealed class UnlabeledRunTests : FolderTests
{
    private static ClassifierRunOptions Options => new()
    {
        Training = defaults => defaults with { Epochs = 2, BatchSize = 8, UnlabeledThreshold = 0 },
        Network = ClassifierArchitecture.Convnet,
        Threads = 1,
    };

    private ClassifierRunOptions PhotoOptions => Options with
    {
        Loading = new DatasetLoadOptions { CacheFolder = Folder.File("cache"), ImageSize = 32 },
    };

    [Fact]
    public void A_few_labels_of_each_class_are_used_and_a_stopped_run_goes_on_with_the_same()
    {
        var data = IdxFolder.Write(Folder.File("data"));
        var options = Options with { LabelsPerClass = 5 };
        var result = Train("whole", options);
        Assert.Equal((20, 160 - 13 - 20), (result.Training.TrainImages, result.Training.UnlabeledImages)); // 13 are held out
        Assert.Equal(2, result.Training.Best.Epoch);

        using (var stopped = ClassifierRun.Start(data, Folder.File("stopped"), options))
        {
            Assert.Throws<OperationCanceledException>(() => stopped.Train(cancellationToken: new CancellationToken(canceled: true)));
        }

        using (var resumed = ClassifierRun.Resume(Folder.File("stopped")))
        {
            Assert.Equal(result.Training.UnlabeledUsed, resumed.Train().Training.UnlabeledUsed);
        }

        Assert.Equal(Weights("whole"), Weights("stopped"));
        Train("other seed", options with { Training = defaults => Options.Training(defaults) with { Seed = 2 } });
        Assert.NotEqual(Weights("whole"), Weights("other seed"));

        ClassifierRunResult Train(string name, ClassifierRunOptions of)
        {
            using var run = ClassifierRun.Start(data, Folder.File(name), of);
            return run.Train();
        }
    }

    [Fact]
    public void Photos_without_labels_are_trained_on_but_for_copies_of_those_that_are_held_out()
    {
        WritePhotos();
        var messages = new List<string>();
        var options = PhotoOptions with
        {
            Unlabeled = Folder.File("more"),
            Messages = new SynchronousProgress<StatusMessage>(message => messages.Add(message.Text)),
        };
        using (var run = ClassifierRun.Start(Folder.File("photos"), Folder.File("run"), options))
        {
            var result = run.Train();
            Assert.Equal(8, result.Training.UnlabeledImages);
            Assert.Contains("8 images without labels; 3 photos left out, which validation or test have too (skipped.csv).", messages);
            Assert.Contains(messages, text => text.Contains("broken.jpg", StringComparison.Ordinal));
            Assert.NotNull(result.Training.Best.PseudoLabelAccuracy); // two lie in a folder named cat
            var skipped = File.ReadAllText(Folder.File("run/skipped.csv"));
            Assert.Contains("more/smaller.jpg\",\"validation or test have it too", skipped, StringComparison.Ordinal);
            Assert.Contains("more/broken.jpg", skipped, StringComparison.Ordinal);
        }

        using (var resumed = ClassifierRun.Resume(Folder.File("run"), PhotoOptions))
        {
            Assert.Equal(8, resumed.Train().Training.UnlabeledImages);
        }

        Folder.Write("more/new.png", Scenes.Png(99));
        var exception = Assert.Throws<InvalidDatasetException>(() => ClassifierRun.Resume(Folder.File("run"), PhotoOptions));
        Assert.StartsWith(Folder.File("more"), exception.Message, StringComparison.Ordinal);
        Assert.Contains($"1 added ({Folder.File("more/new.png")})", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Beside_images_that_are_no_files_photos_of_test_images_are_left_out()
    {
        var data = IdxFolder.Write(Folder.File("data"));
        foreach (var (seed, name) in new[] { (2, "test"), (3, "new") })
        {
            using var images = SyntheticImages.Create(4, seed);
            foreach (var (i, image) in images.Images.bytes.ToArray().Chunk(28 * 28).Index())
            {
                byte[] pixels = [.. image.SelectMany(value => (byte[])[value, value, value, 255])];
                Folder.Write($"more/{name}{i}.png", ImageFixture.Encode(SKEncodedImageFormat.Png, 28, 28, pixels));
            }
        }

        using var run = ClassifierRun.Start(data, Folder.File("run"), PhotoOptions with { Unlabeled = Folder.File("more") });
        Assert.Equal(4, run.Train().Training.UnlabeledImages);
        var skipped = File.ReadAllLines(Folder.File("run/skipped.csv"))[1..].Select(line => line.Split(',')[0].Trim('"'));
        Assert.Equal(["test0.png", "test1.png", "test2.png", "test3.png"], skipped.Select(Path.GetFileName));
    }

    [Fact]
    public void Of_divided_photos_the_unlabeled_ones_are_no_copies_of_those_that_are_held_out()
    {
        WritePhotos();
        Folder.Write("photos/train/cat/copy.png", Scenes.Png(60)); // of a validation photo
        Folder.Write("photos/train/cat/copy2.png", Scenes.Png(60, 150, 110));
        using var run = ClassifierRun.Start(Folder.File("photos"), Folder.File("run"), PhotoOptions with { LabelsPerClass = 2 });
        var result = run.Train();

        var splits = File.ReadAllLines(Folder.File("run/split.csv")).ToLookup(line => line.Contains("/copy", StringComparison.Ordinal));
        Assert.Equal(4, result.Training.TrainImages);
        Assert.Equal(splits[false].Count(line => line.EndsWith("unlabeled", StringComparison.Ordinal)), result.Training.UnlabeledImages);
        Assert.Contains(splits[true], line => line.EndsWith(',')); // neither labeled nor unlabeled
        Assert.DoesNotContain(splits[true], line => line.EndsWith("unlabeled", StringComparison.Ordinal));
    }

    [Fact]
    public void What_contradicts_itself_is_refused_before_anything_is_written()
    {
        WritePhotos();
        AssertRefused<ArgumentException>(PhotoOptions with { Unlabeled = Folder.File("more"), LabelsPerClass = 3 });
        AssertRefused<InvalidDatasetException>(PhotoOptions with { Unlabeled = Folder.File("photos/train/cat") }); // it has labels there
        AssertRefused<InvalidDatasetException>(PhotoOptions with { Unlabeled = Folder.File("more/same.png") });
        File.Copy(Folder.File("photos/validation/cat/60.png"), Folder.Write("copies/1.png", []), overwrite: true);
        AssertRefused<InvalidDatasetException>(PhotoOptions with { Unlabeled = Folder.File("copies") }); // nothing is left
        AssertRefused<InvalidDatasetException>(PhotoOptions with { Unlabeled = Folder.File("nothing") });
        AssertRefused<InvalidDatasetException>(PhotoOptions with { LabelsPerClass = 1000 });
        AssertRefused<ArgumentException>(With(training => training with { Patience = 2 }));
        AssertRefused<ArgumentException>(With(training => training with { Monitor = MonitoredMetric.BalancedAccuracy }));
        Assert.Throws<ArgumentException>(() => ClassifierRun.CrossValidate(
            Folder.File("photos"), 2, Folder.File("run"), PhotoOptions with { LabelsPerClass = 3 }));
        Assert.Throws<OutputException>(() => ClassifierRun.Start(
            Folder.File("photos"), Folder.File("more/run"), PhotoOptions with { Unlabeled = Folder.File("more") }));

        ClassifierRunOptions With(Func<ClassifierTrainingOptions, ClassifierTrainingOptions> training) =>
            PhotoOptions with { LabelsPerClass = 3, Training = training };

        void AssertRefused<T>(ClassifierRunOptions options)
            where T : Exception
        {
            Assert.Throws<T>(() => ClassifierRun.Start(Folder.File("photos"), Folder.File("run"), options));
            Assert.False(Directory.Exists(Folder.File("run")));
        }
    }

    // 12 photos to train on and 4 to validate; beside them 11, of which 3 are held out too, and a broken one.
    private void WritePhotos()
    {
        foreach (var name in new[] { "cat", "dog" })
        {
            var first = name == "cat" ? 10 : 30;
            Write($"photos/train/{name}", first, 6);
            Write($"photos/validation/{name}", first + 50, 2);
        }

        Write("more/2024", 100, 6);
        Write("more/cat", 110, 2);
        Folder.Write("more/same.png", Scenes.Png(60));
        Folder.Write("more/smaller.jpg", Scenes.Jpeg(80, 60, 80, 60));
        Folder.Write("more/darker.png", Scenes.Png(61, change: gray => (gray * 0.9) + 5));
        Folder.Write("more/broken.jpg", [0xFF, 0xD8, 0xFF]);

        void Write(string folder, int first, int count) =>
            Enumerable.Range(first, count).ToList().ForEach(scene => Folder.Write($"{folder}/{scene}.png", Scenes.Png(scene)));
    }

    private byte[] Weights(string run)
    {
        using var loaded = ClassifierFile.Load(RunFolder.ModelPathIn(Folder.File(run)));
        return WeightBytes.Of(loaded.Model);
    }
}
