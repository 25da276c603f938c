using PhotoMl.Tests.Quality;

namespace PhotoMl.Tests;

public sealed class ClassifierRunTests : FolderTests
{
    private readonly string _data;

    public ClassifierRunTests() => _data = IdxFolder.Write(Folder.File("data"));

    private static ClassifierRunOptions Options =>
        new() { Training = defaults => defaults with { Epochs = 3, BatchSize = 32 }, Threads = 1 };

    [Fact]
    public void A_run_trains_calibrates_and_is_evaluated_on_test_images()
    {
        using var run = ClassifierRun.Start(_data, Folder.File("run"), Options);
        var result = run.Train();

        Assert.Equal(40, result.Test!.Report.Images);
        Assert.InRange(result.Test.Report.Accuracy, 0.5, 1);
        using var loaded = ClassifierFile.Load(run.Folder.ModelPath);
        Assert.Equal(result.Test.Report.Accuracy, loaded.Info.Scores.TestAccuracy);
        Assert.NotNull(loaded.Info.Calibration);
        Assert.True(run.IsFinished);
    }

    [Fact]
    public void A_stopped_run_resumes_to_the_same_weights_and_with_other_images_not_at_all()
    {
        using (var whole = ClassifierRun.Start(_data, Folder.File("whole"), Options))
        {
            whole.Train();
        }

        using (var stopped = ClassifierRun.Start(_data, Folder.File("stopped"), Options))
        using (var source = new CancellationTokenSource())
        {
            var progress = new SynchronousProgress<ClassifierProgress>(step =>
            {
                if (step.Epoch == 2)
                {
                    source.Cancel();
                }
            });
            Assert.Throws<OperationCanceledException>(() => stopped.Train(progress, source.Token));
        }

        using (var resumed = ClassifierRun.Resume(Folder.File("stopped")))
        {
            Assert.False(resumed.IsFinished);
            resumed.Train();
        }

        Assert.Equal(Weights("whole"), Weights("stopped"));
        IdxFolder.Write(Folder.File("data"), train: 161);
        const string Expected = "expected the images that the run began with, but found other images";
        ExceptionAssert.Throws<InvalidDatasetException>(Expected, () => ClassifierRun.Resume(Folder.File("stopped")));
    }

    [Fact]
    public void An_output_within_the_data_and_options_that_do_not_fit_are_refused_before_anything_is_written()
    {
        AssertRefused<OutputException>("expected a path outside of", "data/run", Options);
        AssertRefused<ArgumentException>("Split: expected photos, but", "run", Options with { Split = ValidationSplit.Grouped });
        var frozen = Options with { Training = defaults => defaults with { Freeze = "layer9" } };
        AssertRefused<ArgumentException>("Freeze: expected a stage of convnet", "run", frozen);
        Assert.False(Directory.Exists(Folder.File("run")));
        Assert.False(Directory.Exists(Folder.File("data/run")));

        void AssertRefused<T>(string text, string output, ClassifierRunOptions options)
            where T : Exception => ExceptionAssert.Throws<T>(text, () => ClassifierRun.Start(_data, Folder.File(output), options));
    }

    [Fact]
    public void A_folder_that_holds_something_else_is_no_run()
    {
        Directory.CreateDirectory(Folder.File("other"));
        File.WriteAllText(Folder.File("other/mine.txt"), "mine");

        Assert.Throws<OutputException>(() => ClassifierRun.Start(_data, Folder.File("other"), Options));
        Assert.Throws<InvalidModelException>(() => ClassifierRun.Resume(Folder.File("other")));
        Assert.Equal("mine", File.ReadAllText(Folder.File("other/mine.txt")));
    }

    [Fact]
    public void A_cross_validation_evaluates_every_image_once()
    {
        var result = ClassifierRun.CrossValidate(_data, folds: 2, Folder.File("folds"), Options);

        Assert.Equal([80, 80], result.Folds.Select(fold => fold.Images));
        Assert.Throws<InvalidDatasetException>(() => ClassifierRun.CrossValidate(_data, folds: 1000, Folder.File("many"), Options));
    }

    [Fact]
    public void Photos_get_a_resnet_and_its_recipe()
    {
        using var photos = SyntheticImages.Create(8, channels: 3, height: 64, width: 64);
        var options = ClassifierTrainingOptions.For(photos, isPhotos: true, ClassifierArchitecture.ResNet18);
        var expected = ClassifierTrainingOptions.ForPhotos with { PhotoAugmentation = new() { FirstImageSize = 32, TrainImageSize = 48 } };

        Assert.Equal(expected, options.ForNetwork(ClassifierArchitecture.ResNet18, photos));
    }

    [Theory]
    [InlineData(32, false)]
    [InlineData(64, true)]
    public void Options_are_changed_from_defaults_that_fit_the_photos_and_their_size(int size, bool arePhotos)
    {
        foreach (var i in Enumerable.Range(0, 24))
        {
            Folder.Write($"photos/{i % 2}/{i}.png", Scenes.Png(i));
        }

        var seen = new List<bool>();
        using var run = ClassifierRun.Start(Folder.File("photos"), Folder.File("run"), Options with
        {
            Training = defaults =>
            {
                seen.Add(defaults.PhotoAugmentation is not null);
                return defaults with { Epochs = 1 };
            },
            Loading = new DatasetLoadOptions { ImageSize = size, CacheFolder = Folder.File("cache") },
        });

        Assert.NotEmpty(seen);
        Assert.All(seen, isPhoto => Assert.Equal(arePhotos, isPhoto));
    }

    private byte[] Weights(string run)
    {
        using var loaded = ClassifierFile.Load(RunFolder.ModelPathIn(Folder.File(run)));
        return WeightBytes.Of(loaded.Model);
    }
}
