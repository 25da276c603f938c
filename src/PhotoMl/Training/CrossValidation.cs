using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.IO;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>Trains K times, each time without one fold, and evaluates on that fold: every image is evaluated once, by a classifier that never saw it.</summary>
/// <remarks>
/// The mean estimates what such a training is worth on new images, and the standard deviation how much of that is luck (M. Stone, "Cross-Validatory Choice and Assessment of
/// Statistical Predictions", 1974). With a folder, each fold's run lies in <c>fold-1</c>, <c>fold-2</c> and so on: a cross-validation that was stopped goes on with the fold it
/// was stopped in, and only evaluates those before it again.
/// </remarks>
internal static class CrossValidation
{
    public static CrossValidationResult Run(
        ImageDataset data, IReadOnlyList<Split> folds, ClassifierOptions network, ClassifierTrainingOptions options, string? folder = null,
        IProgress<ClassificationReport>? progress = null, IProgress<ClassifierProgress>? stepProgress = null,
        CancellationToken cancellationToken = default)
    {
        if (folds.Sum(fold => fold.Validation.Length) is var count && count != data.Count)
        {
            throw new ArgumentException($"Expected folds of {data.Count} images but got folds of {count}.", nameof(folds));
        }

        // Refused before the first fold is trained, not after it.
        foreach (var fold in folds)
        {
            var labels = ClassifierBatches.Labels(data, fold.Train);
            var split = Split.ByFraction(labels, options.ValidationFraction, options.Seed);
            ClassifierTrainer.CountClasses(data, [.. split.Train.Select(image => labels[image])]);
        }

        var results = new List<ClassificationReport>();
        for (var index = 0; index < folds.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var train = data.Select(folds[index].Train);
            using var heldOut = data.Select(folds[index].Validation);
            using var run = folder is null ? null : OpenRun(Path.Combine(folder, $"fold-{index + 1}"));
            using var trainer = Begin(run, train, network, options, out var model, cancellationToken);
            using var _ = model;
            trainer.Fit(train, run, stepProgress, cancellationToken: cancellationToken);
            var result = ClassifierEvaluator.Evaluate(model, heldOut, cancellationToken: cancellationToken);
            results.Add(result);
            progress?.Report(result);
        }

        return new CrossValidationResult(results);
    }

    private static RunFolder OpenRun(string path) => RunFolder.HoldsRun(path) ? RunFolder.Open(path) : RunFolder.Create(path);

    private static ClassifierTrainer Begin(
        RunFolder? run, ImageDataset train, ClassifierOptions network, ClassifierTrainingOptions options, out ImageClassifier model,
        CancellationToken cancellationToken)
    {
        if (run is null || !RunFolder.HoldsRun(run.Path))
        {
            model = ImageClassifier.Create(network, options.Seed);
            return new ClassifierTrainer(model, options);
        }

        var begun = ClassifierCheckpointInfo.Read(run);
        return begun.Network == network && begun.Options == options && begun.DataFingerprint == train.Fingerprint(cancellationToken)
            ? ClassifierTrainer.Resume(run, out model)
            : throw new OutputException(run.Path, "it holds a fold of another cross-validation; choose another folder");
    }
}
