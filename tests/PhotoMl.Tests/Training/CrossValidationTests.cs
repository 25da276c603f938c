namespace PhotoMl.Tests.Training;

public sealed class CrossValidationTests : FolderTests
{
    private static readonly ClassifierTrainingOptions Options =
        TrainingRuns.Options with { Epochs = 2, ValidationFraction = 0.2, BatchSize = 32 };

    [Fact]
    public void Mean_and_standard_deviation_are_those_computed_by_hand()
    {
        var result = new CrossValidationResult([Fold([[5, 0], [5, 0]]), Fold([[9, 0], [1, 0]]), Fold([[6, 2], [1, 1]])]);

        Assert.Equal(0.7, result.MeanAccuracy, 9);
        Assert.Equal(0.2, result.AccuracyDeviation, 9); // of 0.5, 0.9 and 0.7
        Assert.Equal(1.625 / 3, result.MeanBalancedAccuracy, 9);
        Assert.Equal(0.125 / Math.Sqrt(3), result.BalancedAccuracyDeviation, 9); // of 0.5, 0.5 and 0.625

        static ClassificationReport Fold(int[][] counts)
        {
            var images = counts.SelectMany(
                (row, actual) => row.SelectMany((n, predicted) => Enumerable.Repeat(((long)actual, (long)predicted), n)));
            return new ClassificationReport(new ConfusionMatrix(["a", "b"], images), 1, TimeSpan.Zero);
        }
    }

    [Fact]
    public void Classifiers_stopped_within_a_fold_end_as_if_they_had_never_stopped()
    {
        using var data = TrainingRuns.Images(count: 240);
        var folds = Split.Folds(data.Labels.data<long>().ToArray(), 2, 1);
        var expected = Run(data, folder: null);

        using var stop = new CancellationTokenSource();
        var steps = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Run(data, Folder.Path, () => CancelAt(stop, ++steps), stop.Token));
        Assert.Equal(["fold-1", "fold-2"], Directory.GetDirectories(Folder.Path).Select(Path.GetFileName).Order());

        steps = 0;
        var resumed = Run(data, Folder.Path, () => steps++);
        Assert.Equal(6, steps); // four steps and two reports of epochs are left of the second fold, and none of the first
        Assert.Equal(
            expected.Folds.Select(fold => (fold.Accuracy, fold.BalancedAccuracy, fold.Loss)),
            resumed.Folds.Select(fold => (fold.Accuracy, fold.BalancedAccuracy, fold.Loss)));
        Assert.Equal([120, 120], resumed.Folds.Select(fold => fold.Images));
        Assert.InRange(resumed.MeanAccuracy, 0.3, 1); // 0.25 by chance
        var others = Options with { Seed = 2 };
        const string Expected = "expected a run of the same images and options, but found one of other ";
        ExceptionAssert.Throws<InvalidModelException>(
            Expected + "options", () => CrossValidation.Run(data, folds, TrainingRuns.Network, others, Folder.Path));
        using var other = TrainingRuns.Images(seed: 2, count: 240);
        ExceptionAssert.Throws<InvalidModelException>(Expected + "images", () => Run(other, Folder.Path));

        CrossValidationResult Run(
            ImageDataset images, string? folder, Action? afterStep = null, CancellationToken cancellationToken = default)
        {
            var progress = new ProgressCallback(_ => afterStep?.Invoke());
            return CrossValidation.Run(
                images, folds, TrainingRuns.Network, Options, folder, progress, cancellationToken: cancellationToken);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(240)] // all images are a group, of which none could be held out whole
    public void The_epoch_is_chosen_by_images_of_other_groups_where_there_are_some(int size)
    {
        using var data = TrainingRuns.Images(count: 240);
        var labels = data.Labels.data<long>().ToArray();
        int[] groups = [.. Enumerable.Range(0, 240).Select(image => image / size)];
        var folds = Split.Folds(labels, 2, 1);
        var seen = new List<Split>();
        Run(data);

        using var checkpoint = ClassifierTrainer.OpenCheckpoint(Folder.File("fold-1/checkpoint.safetensors"));
        var own = size == 240 ? null : Array.ConvertAll(folds[0].Train, image => groups[image]);
        var (trained, choosing) = Split.ByFraction(ClassifierBatches.Labels(data, folds[0].Train), 0.2, Options.Seed, own);
        Assert.Equal(Fingerprint(trained), checkpoint.Info.DataFingerprint);
        Assert.Equal(Fingerprint(choosing), checkpoint.Info.EvaluatorFingerprint);
        Assert.Equal(trained.Select(image => folds[0].Train[image]), seen[0].Train);
        Assert.Equal(folds.Select(fold => fold.Validation), seen.Select(split => split.Validation));

        // Another image among those that choose the epoch makes another run of it.
        var bytes = data.Images.bytes.ToArray();
        bytes[28 * 28 * folds[0].Train[choosing[0]]] ^= 1;
        using var changed = ImageDataset.FromBytes("changed", bytes, 1, 28, 28, labels, data.ClassNames);
        Assert.Throws<InvalidModelException>(() => Run(changed));

        void Run(ImageDataset images) => CrossValidation.Run(
            images, folds, TrainingRuns.Network, Options with { Epochs = 1 }, Folder.Path, groups: groups,
            evaluated: (_, _, split) => seen.Add(split));

        string Fingerprint(long[] images)
        {
            using var some = data.Select([.. images.Select(image => folds[0].Train[image])]);
            return some.Fingerprint();
        }
    }

    // 96 images a fold are trained on, in 3 steps; with the report of each of two epochs that is 8 reports, so the 10th is the second step
    // of the second fold.
    private static void CancelAt(CancellationTokenSource stop, int reports)
    {
        if (reports == 10)
        {
            stop.Cancel();
        }
    }
}
