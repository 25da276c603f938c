namespace PhotoMl.Tests.Training;

/// <summary>A trainer is one run: what is called again goes on with it, or is refused.</summary>
public sealed class TrainerReuseTests : FolderTests
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    [Fact]
    public void A_classifier_goes_on_with_its_own_images_and_takes_no_others()
    {
        using var data = TrainingRuns.Images(count: 200);
        using var other = TrainingRuns.Images(seed: 2, count: 200);
        var options = TrainingRuns.Options with { Epochs = 2 };
        using var cnn = new Cnn(options);
        Assert.Throws<OperationCanceledException>(() => cnn.Fit(data, cancellationToken: Cancelled));

        AssertRefused("Expected the images the run began with", () => cnn.Fit(other));
        AssertRefused("Expected no validation images, as the run began, but got some", () => cnn.Fit(data, validation: other));
        Assert.Equal(TrainingRuns.Train(data, options).Weights, cnn.Fit(data).Weights);
        AssertRefused("Expected the images the run began with", () => cnn.Fit(other));

        static void AssertRefused(string expected, Action fit) =>
            ExceptionAssert.Throws<ArgumentException>(expected, fit);
    }

    [Fact]
    public void A_classifier_does_not_go_on_in_the_folder_of_another_run()
    {
        using var data = TrainingRuns.Images(count: 100);
        using var run = RunFolder.Create(Folder.File("run"));
        using var taken = RunFolder.Create(Folder.File("taken"));
        using var cnn = new Cnn(TrainingRuns.Options with { Epochs = 1 });
        using var another = new Cnn(TrainingRuns.Options);
        Assert.Throws<OperationCanceledException>(() => cnn.Fit(data, run, cancellationToken: Cancelled));
        Assert.Throws<OperationCanceledException>(() => another.Fit(data, taken, cancellationToken: Cancelled));
        var before = File.ReadAllBytes(taken.CheckpointPath);

        using var resumed = new Cnn(run);
        using var begun = new Cnn(TrainingRuns.Options);
        Assert.All([cnn, resumed, begun], other => Assert.Throws<InvalidOperationException>(() => other.Fit(data, taken)));
        Assert.Equal(before, File.ReadAllBytes(taken.CheckpointPath));
        cnn.Fit(data, run);
    }

    [Fact]
    public void A_generator_goes_on_with_its_own_images_and_takes_no_others_nor_another_folder()
    {
        using var data = GanRuns.Images();
        using var other = GanRuns.Images(seed: 2);
        using var run = RunFolder.Create(Folder.File("run"));
        var options = GanRuns.Options with { Epochs = 1 };
        GanRuns.Interrupt(data, Folder.File("taken"));
        using var taken = RunFolder.Open(Folder.File("taken"));
        using var gan = new Gan(options);
        Assert.Throws<OperationCanceledException>(() => gan.Fit(data, run, cancellationToken: Cancelled));
        Assert.False(gan.Generator.training || gan.Discriminator.training);

        ExceptionAssert.Throws<ArgumentException>("Expected the images the run began with", () => gan.Fit(other, run));
        Assert.Throws<InvalidOperationException>(() => gan.Fit(data, taken));
        Assert.Equal(GanRuns.Train(data, options).Generator, gan.Fit(data, run).Generator);
    }
}
