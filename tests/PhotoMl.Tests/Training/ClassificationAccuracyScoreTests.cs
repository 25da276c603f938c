namespace PhotoMl.Tests.Training;

public sealed class ClassificationAccuracyScoreTests : IDisposable
{
    private static readonly ClassifierTrainingOptions Short = new() { Epochs = 3, BatchSize = 16, Augmentation = AugmentationOptions.None };

    private readonly ImageDataset _generated = SyntheticImages.Create(400, seed: 1);
    private readonly ImageDataset _test = SyntheticImages.Create(200, seed: 2);

    [Fact]
    public void Images_like_the_test_images_score_high()
    {
        var epochs = 0;
        var progress = new ProgressCallback(report => epochs += report.Completed is null ? 0 : 1);
        var report = Generator.MeasureAccuracyScore(_generated, _test, Short, progress);

        Assert.InRange(report.Accuracy, 0.9, 1);
        Assert.Equal(3, epochs);
    }

    [Fact]
    public void Images_of_the_wrong_classes_score_as_guesses_do()
    {
        // Each image has a label that has nothing to do with it: a fourth is right by chance.
        using var scope = NewDisposeScope();
        var labels = arange(400, ScalarType.Int64).floor_divide(4).remainder(4);
        using var shuffled = new ImageDataset("shuffled", _generated.Images.clone(), labels, _generated.ClassNames);

        Assert.InRange(shuffled.Labels.eq(_generated.Labels).sum().item<long>(), 100, 100);
        Assert.InRange(Generator.MeasureAccuracyScore(shuffled, _test, Short).Accuracy, 0, 0.6);
    }

    [Fact]
    public void A_class_that_was_left_out_is_not_recognised()
    {
        using var some = _generated.Select([.. Enumerable.Range(0, 400).Where(index => index % 4 != 3).Select(index => (long)index)]);

        // Three of four classes of the test images are known.
        Assert.InRange(Generator.MeasureAccuracyScore(some, _test, Short).Accuracy, 0.6, 0.75);
    }

    [Fact]
    public void Test_images_of_another_size_are_refused_and_it_can_be_cancelled()
    {
        using var other = SyntheticImages.Create(20, width: 30);

        Assert.Throws<ArgumentException>(() => Generator.MeasureAccuracyScore(_generated, other, Short with { Epochs = 1 }));
        Assert.Throws<OperationCanceledException>(
            () => Generator.MeasureAccuracyScore(_generated, _test, Short, cancellationToken: new CancellationToken(canceled: true)));
    }

    public void Dispose()
    {
        _generated.Dispose();
        _test.Dispose();
    }
}
