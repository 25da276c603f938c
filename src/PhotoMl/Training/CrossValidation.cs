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
    /// <summary>Trains a classifier for each fold and evaluates it on the fold.</summary>
    /// <param name="data">All images.</param>
    /// <param name="folds">Which image is held out when.</param>
    /// <param name="network">The network; every fold begins with the same random weights.</param>
    /// <param name="options">How each is trained; a share of the images trained on chooses the best epoch, never the fold held out.</param>
    /// <param name="folder">Where the runs are written; null writes nothing.</param>
    /// <param name="progress">Is given the result of each fold, those too that were done before.</param>
    /// <param name="stepProgress">Is given a report after every step and epoch of the training under way.</param>
    /// <param name="cancellationToken">Stops after the step under way, with a checkpoint written.</param>
    /// <returns>The figures of all folds.</returns>
    /// <exception cref="ArgumentException">There are not as many images as the folds deal out, or they do not fit the network.</exception>
    /// <exception cref="OutputException">The folder cannot be written, or holds another cross-validation.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static CrossValidationResult Run(
        ImageDataset data,
        IReadOnlyList<Split> folds,
        ClassifierOptions network,
        ClassifierTrainingOptions options,
        string? folder = null,
        IProgress<FoldResult>? progress = null,
        IProgress<ClassifierProgress>? stepProgress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        if (folds.Sum(fold => fold.Validation.Length) is var count && count != data.Count)
        {
            throw new ArgumentException($"Expected folds of {data.Count} images but got folds of {count}.", nameof(folds));
        }

        // Refused before the first fold is trained, not after it.
        foreach (var fold in folds)
        {
            var labels = ClassifierBatches.Labels(data, fold.Train);
            var split = Split.ByFraction(labels, options.ValidationShare, options.Seed);
            ClassifierTrainer.CountClasses(data, [.. split.Train.Select(image => labels[image])]);
        }

        var results = new List<FoldResult>();
        for (var index = 0; index < folds.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var train = data.Select(folds[index].Train);
            using var heldOut = data.Select(folds[index].Validation);
            using var run = folder is null ? null : OpenRun(Path.Combine(folder, $"fold-{index + 1}"));
            using var trainer = Begin(run, train, network, options, out var model, cancellationToken);
            using var _ = model;
            trainer.Fit(train, run, stepProgress, cancellationToken: cancellationToken);
            var result = FoldResult.Of(index + 1, ClassifierEvaluator.Evaluate(model, heldOut, cancellationToken: cancellationToken));
            results.Add(result);
            progress?.Report(result);
        }

        return new CrossValidationResult(results);
    }

    private static RunFolder OpenRun(string path) => RunFolder.HoldsRun(path) ? RunFolder.Open(path) : RunFolder.Create(path);

    private static ClassifierTrainer Begin(
        RunFolder? run,
        ImageDataset train,
        ClassifierOptions network,
        ClassifierTrainingOptions options,
        out ImageClassifier model,
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
