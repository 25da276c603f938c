namespace PhotoMl.Tests.Training;

/// <summary>From images of one class nothing can be learned: they are refused before anything is trained or written.</summary>
public sealed class OneClassTests : FolderTests
{
    [Fact]
    public void A_classifier_is_not_trained_on_one_class_of_several()
    {
        using var data = Labelled(new long[40]);
        using var cnn = new Cnn(TrainingRuns.Options);
        using var run = RunFolder.Create(Folder.File("run"));
        var exception = Assert.Throws<InvalidDatasetException>(() => cnn.Fit(data, run));

        Assert.Equal("labelled: expected training images of at least two classes, but found images of class 0 only.", exception.Message);
        Assert.False(File.Exists(run.CheckpointPath));
    }

    [Fact]
    public void Classes_of_validation_images_do_not_count_and_one_image_of_each_class_is_not_divided()
    {
        using var one = Labelled(new long[40]);
        using var single = Labelled([0, 1, 2, 3]);
        using var validation = TrainingRuns.Images(count: 20);
        using var cnn = new Cnn(TrainingRuns.Options with { ValidationFraction = 0.5 });

        Assert.Throws<InvalidDatasetException>(() => cnn.Fit(one, validation: validation));
        var exception = Assert.Throws<InvalidDatasetException>(() => cnn.Fit(single));
        Assert.EndsWith("with some of every class left to train on, but found one of each class.", exception.Message);
    }

    [Fact]
    public void Folds_that_leave_one_class_to_one_of_them_are_refused_before_the_first()
    {
        long[] labels = [.. Enumerable.Range(0, 20).Select(i => i == 19 ? 1L : 0)];
        using var data = Labelled(labels);
        var trained = 0;
        var progress = new ProgressCallback(_ => trained++);
        var options = TrainingRuns.Options with { Epochs = 1, ValidationFraction = 0.2 };

        Assert.Throws<InvalidDatasetException>(() => CrossValidation.Run(
            data, Split.Folds(labels, 4, 1), TrainingRuns.Network, options, Folder.Path, progress));
        Assert.Equal(0, trained);
        Assert.Empty(Directory.GetFileSystemEntries(Folder.Path));
    }

    [Fact]
    public void A_generator_may_learn_one_class_but_not_one_that_pictures_can_be_asked_for_and_none_shows()
    {
        using var data = Labelled(new long[40]);
        GanRuns.Train(data, GanRuns.Options with { Epochs = 1 });
        var network = GanRuns.Network with { Classes = 4 };
        var exception = Assert.Throws<InvalidDatasetException>(() => GanRuns.Train(data, GanRuns.Options, network));

        Assert.Contains("found none of class 1", exception.Message, StringComparison.Ordinal);
    }

    private static ImageDataset Labelled(long[] labels)
    {
        using var images = GanRuns.Images(count: labels.Length);
        using var scope = NewDisposeScope();
        return new ImageDataset("labelled", images.Images.clone(), tensor(labels), images.ClassNames);
    }
}
