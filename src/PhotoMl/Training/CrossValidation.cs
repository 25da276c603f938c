using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>Trains K times, each time without one fold, and evaluates on that fold: every image is evaluated once, by a classifier that
/// never saw it.</summary>
/// <remarks>The mean estimates what such a training is worth on new images, and the standard deviation how much of that is luck (M. Stone,
/// "Cross-Validatory Choice and Assessment of Statistical Predictions", 1974). The images that choose the epoch are held out of each
/// training, with whole groups where they are small enough. With a folder, each fold's run lies in <c>fold-1</c>, <c>fold-2</c> and so on:
/// a cross-validation that was stopped goes on with the fold it was stopped in, and only evaluates those before it again.</remarks>
internal static class CrossValidation
{
    public static CrossValidationResult Run(
        ImageDataset data, IReadOnlyList<Split> folds, ClassifierOptions network, ClassifierTrainingOptions options, string? folder = null,
        IProgress<ClassifierProgress>? progress = null, string? name = null,
        Action<ClassificationReport, ImageClassifier, Split>? evaluated = null, int[]? groups = null,
        CancellationToken cancellationToken = default)
    {
        // Refused before the first fold is trained, not after it.
        var divided = folds.Select(fold => ClassifierTrainer.Divide(
            name ?? data.Name, data.ClassNames, ClassifierBatches.Labels(data, fold.Train), options.ValidationFraction, options.Seed,
            GroupsOf(fold)).Split).ToList();

        var results = new List<ClassificationReport>();
        foreach (var (index, fold) in folds.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (trained, choosing) = divided[index];
            var split = new Split(Array.ConvertAll(trained, image => fold.Train[image]), fold.Validation);
            using var train = data.Select(split.Train);
            using var validation = data.Select(Array.ConvertAll(choosing, image => fold.Train[image]));
            using var heldOut = data.Select(split.Validation);
            var path = folder is null ? null : Path.Combine(folder, $"fold-{index + 1}");
            using var run = path is null ? null : RunFolder.HoldsRun(path) ? RunFolder.Open(path) : RunFolder.Create(path);
            using var trainer = ClassifierTrainer.ResumeOrBegin(
                run, train, validation, network, options, () => ImageClassifier.Create(network, options.Seed), out var model,
                cancellationToken);
            using var _ = model;
            trainer.Fit(train, run, progress, validation, cancellationToken: cancellationToken);
            results.Add(ClassifierEvaluator.Evaluate(model, heldOut, cancellationToken: cancellationToken));
            evaluated?.Invoke(results[^1], model, split);
        }

        return new CrossValidationResult(results);

        // Groups that are too large to hold one out are divided: these images only choose the epoch.
        int[]? GroupsOf(Split fold)
        {
            var own = groups is null or [] ? null : Array.ConvertAll(fold.Train, image => groups[image]);
            var labels = ClassifierBatches.Labels(data, fold.Train);
            return Split.ByFraction(labels, options.ValidationFraction, options.Seed, own).Validation.Length > 0 ? own : null;
        }
    }
}

/// <summary>The evaluation of K trainings, each on the images that it never saw.</summary>
/// <param name="Folds">The evaluation of each fold in order, at least two, by the classifier that never saw it.</param>
public sealed record CrossValidationResult(IReadOnlyList<ClassificationReport> Folds)
{
    /// <summary>The id of the known data set, or the folder of photos; empty below the whole task.</summary>
    public string Data { get; init; } = "";

    /// <summary>The network that was trained.</summary>
    public ClassifierArchitecture Network { get; init; }

    /// <summary>The folder with the run of each fold; empty where none was written.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The mean accuracy of the folds.</summary>
    public double MeanAccuracy => Folds.Average(fold => fold.Accuracy);

    /// <summary>The standard deviation of the folds' accuracies, of a sample (divided by K - 1).</summary>
    public double AccuracyDeviation => Deviation(fold => fold.Accuracy);

    /// <summary>The mean balanced accuracy of the folds.</summary>
    public double MeanBalancedAccuracy => Folds.Average(fold => fold.BalancedAccuracy);

    /// <summary>The standard deviation of the folds' balanced accuracies, as <see cref="AccuracyDeviation"/>.</summary>
    public double BalancedAccuracyDeviation => Deviation(fold => fold.BalancedAccuracy);

    private double Deviation(Func<ClassificationReport, double> figure)
    {
        var mean = Folds.Average(figure);
        return Math.Sqrt(Folds.Sum(fold => Math.Pow(figure(fold) - mean, 2)) / (Folds.Count - 1));
    }
}
