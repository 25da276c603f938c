using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.IO;
using PhotoMl.Training;

namespace PhotoMl.Tests.Training;

public sealed class CrossValidationTests : IDisposable
{
    private static readonly ClassifierTrainingOptions Options = TrainingRuns.Options with { Epochs = 2, ValidationShare = 0.2, BatchSize = 32 };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Mean_and_scatter_are_those_computed_by_hand()
    {
        var result = new CrossValidationResult([Fold(1, 0.5, 0.4), Fold(2, 0.7, 0.4), Fold(3, 0.9, 0.7)]);

        Assert.Equal(0.7, result.MeanAccuracy, 9);
        Assert.Equal(0.2, result.AccuracyDeviation, 9);
        Assert.Equal(0.5, result.MeanBalancedAccuracy, 9);
        Assert.Equal(Math.Sqrt(0.06 / 2), result.BalancedAccuracyDeviation, 9);

        static FoldResult Fold(int fold, double accuracy, double balanced) => new() { Fold = fold, Images = 10, Accuracy = accuracy, BalancedAccuracy = balanced, Loss = 1 };
    }

    [Fact]
    public void Balanced_accuracy_is_the_mean_recall_of_the_classes_that_are_there()
    {
        var confusion = new ConfusionMatrix(["a", "b", "c"]);
        foreach (var (actual, predicted) in new[] { (0, 0), (0, 0), (0, 0), (0, 1), (1, 2) })
        {
            confusion.Add(actual, predicted);
        }

        var fold = FoldResult.Of(1, new ClassificationReport(confusion, 0.5, TimeSpan.Zero));
        Assert.Equal(0.6, fold.Accuracy, 9);
        Assert.Equal(0.375, fold.BalancedAccuracy, 9); // 3/4 and 0; c has no image
    }

    [Fact]
    public void Classifiers_stopped_within_a_fold_end_as_if_they_had_never_stopped()
    {
        using var data = TrainingRuns.Images(count: 240);
        var folds = Split.Folds(data.Labels.data<long>().ToArray(), 2, 1);
        var expected = CrossValidation.Run(data, folds, TrainingRuns.Network, Options);

        using var stop = new CancellationTokenSource();
        var steps = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => CrossValidation.Run(
            data, folds, TrainingRuns.Network, Options, _folder.Path, stepProgress: new ProgressCallback(_ => CancelAt(stop, ++steps)), cancellationToken: stop.Token));
        Assert.Equal(["fold-1", "fold-2"], Directory.GetDirectories(_folder.Path).Select(Path.GetFileName).Order());

        steps = 0;
        var resumed = CrossValidation.Run(data, folds, TrainingRuns.Network, Options, _folder.Path, stepProgress: new ProgressCallback(_ => steps++));
        Assert.Equal(6, steps); // four steps and two reports of epochs are left of the second fold, and none of the first
        Assert.Equal(expected.Folds, resumed.Folds);
        Assert.Equal([120, 120], resumed.Folds.Select(fold => fold.Images));
        Assert.InRange(resumed.MeanAccuracy, 0.3, 1); // 0.25 by chance
        Assert.Throws<OutputException>(() => CrossValidation.Run(data, folds, TrainingRuns.Network, Options with { Seed = 2 }, _folder.Path));
        using var other = TrainingRuns.Images(seed: 2, count: 240);
        Assert.Throws<OutputException>(() => CrossValidation.Run(other, folds, TrainingRuns.Network, Options, _folder.Path));
    }

    [Fact]
    public void Folds_of_other_images_are_refused()
    {
        using var data = TrainingRuns.Images(count: 20);
        var folds = Split.Folds(new long[19], 2, 1);

        Assert.Throws<ArgumentException>(() => CrossValidation.Run(data, folds, TrainingRuns.Network, Options));
    }

    public void Dispose() => _folder.Dispose();

    // 96 images a fold are trained on, in 3 steps; with the report of each of two epochs that is 8 reports, so the 10th is the second step of the second fold.
    private static void CancelAt(CancellationTokenSource stop, int reports)
    {
        if (reports == 10)
        {
            stop.Cancel();
        }
    }
}
