using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.IO;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>Trains K times, each time without one fold, and evaluates on that fold: every image is evaluated once, by a classifier that never saw it.</summary>
/// <remarks>
/// The mean estimates what such a training is worth on new images, and the standard deviation how much of that is luck (M. Stone, "Cross-Validatory Choice and Assessment of
/// Statistical Predictions", 1974). With a folder, each fold's run lies in <c>fold-1</c>, <c>fold-2</c> and so on, and its figures, once it is done, in
/// <c>fold.json</c> there: a cross-validation that was stopped goes on with the fold it was stopped in.
/// </remarks>
public static class CrossValidation
{
    private const string ResultName = "fold.json";

    /// <summary>Runs trainings of any kind.</summary>
    /// <param name="folds">Which image is held out when.</param>
    /// <param name="train">Trains on one side of a fold and evaluates on the other; it is not called for folds that are done.</param>
    /// <param name="folder">Where the runs are written; null writes nothing.</param>
    /// <param name="key">Names images and options, such as by a hash: folds that were done under another key are not taken over but refused.</param>
    /// <param name="progress">Is given the result of each fold, those too that were done before.</param>
    /// <param name="cancellationToken">Stops between two folds.</param>
    /// <returns>The figures of all folds.</returns>
    /// <exception cref="OutputException">The folder cannot be written, or holds another cross-validation.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal static CrossValidationResult Run(
        StratifiedFolds folds,
        Func<CrossValidationFold, ClassificationReport> train,
        string? folder = null,
        string key = "",
        IProgress<FoldResult>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(key);
        var fullKey = Hash(key, MemoryMarshal.AsBytes<int>(folds.FoldOf.ToArray()));
        var results = new List<FoldResult>();
        for (var index = 0; index < folds.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var fold = new CrossValidationFold(
                index + 1, folds.Train(index), folds.Validation(index), folder is null ? null : Path.Combine(folder, $"fold-{index + 1}"));
            var result = FindDone(fold, fullKey);
            if (result is null)
            {
                result = FoldResult.Of(fold.Fold, train(fold));
                Save(fold, fullKey, result);
            }

            results.Add(result);
            progress?.Report(result);
        }

        return new CrossValidationResult(results);
    }

    /// <summary>Trains classifiers.</summary>
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
        StratifiedFolds folds,
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
        if (folds.FoldOf.Count != data.Count)
        {
            throw new ArgumentException($"Expected folds of {data.Count} images but got folds of {folds.FoldOf.Count}.", nameof(folds));
        }

        // Refused before the first fold is trained, not after it.
        for (var index = 0; index < folds.Count; index++)
        {
            var labels = ClassifierBatches.Labels(data, folds.Train(index));
            var split = StratifiedSplit.ByFraction(labels, options.ValidationShare, options.Seed);
            ClassifierTrainer.CountClasses(data, [.. split.Train.Select(image => labels[image])]);
        }

        var key = $"{data.Fingerprint(cancellationToken)} {JsonSerializer.Serialize(network, PhotoMlJson.Line)} {JsonSerializer.Serialize(options, PhotoMlJson.Line)}";
        return Run(folds, fold => TrainFold(data, fold, network, options, stepProgress, cancellationToken), folder, key, progress, cancellationToken);
    }

    private static ClassificationReport TrainFold(
        ImageDataset data,
        CrossValidationFold fold,
        ClassifierOptions network,
        ClassifierTrainingOptions options,
        IProgress<ClassifierProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var train = data.Select(fold.Train);
        using var heldOut = data.Select(fold.HeldOut);
        using var run = fold.RunPath is null ? null : RunFolder.HoldsRun(fold.RunPath) ? RunFolder.Open(fold.RunPath) : RunFolder.Create(fold.RunPath);
        ImageClassifier model;
        ClassifierTrainer trainer;
        if (run is not null && RunFolder.HoldsRun(run.Path))
        {
            trainer = ClassifierTrainer.Resume(run, out model);
        }
        else
        {
            model = ImageClassifier.Create(network, options.Seed);
            trainer = new ClassifierTrainer(model, options);
        }

        using (model)
        using (trainer)
        {
            trainer.Fit(train, run, progress, cancellationToken);
            return ClassifierEvaluator.Evaluate(model, heldOut, cancellationToken: cancellationToken);
        }
    }

    private static FoldResult? FindDone(CrossValidationFold fold, string key)
    {
        var path = fold.RunPath is null ? null : Path.Combine(fold.RunPath, ResultName);
        if (!File.Exists(path))
        {
            return null;
        }

        DoneFold? done;
        try
        {
            done = JsonSerializer.Deserialize<DoneFold>(RegularFile.ReadAllText(path), PhotoMlJson.Line);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new OutputException(fold.RunPath!, $"its {ResultName} cannot be read; choose another folder", exception);
        }

        return done?.Key == key && done.Result.Fold == fold.Fold
            ? done.Result
            : throw new OutputException(fold.RunPath!, "it holds a fold of another cross-validation; choose another folder");
    }

    private static void Save(CrossValidationFold fold, string key, FoldResult result)
    {
        if (fold.RunPath is null)
        {
            return;
        }

        Directory.CreateDirectory(fold.RunPath);
        AtomicFile.Write(
            Path.Combine(fold.RunPath, ResultName), stream => JsonSerializer.Serialize(stream, new DoneFold(key, result), PhotoMlJson.Indented));
    }

    private static string Hash(string key, ReadOnlySpan<byte> folds) => Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(key), 0, .. folds]));

    private sealed record DoneFold(string Key, FoldResult Result);
}

/// <summary>One training of a cross-validation.</summary>
/// <param name="Fold">The fold that is held out, from 1.</param>
/// <param name="Train">The indices of the images to train on, ascending.</param>
/// <param name="HeldOut">The indices of the images to evaluate on, ascending.</param>
/// <param name="RunPath">The folder of this fold's run, which need not exist yet; null where nothing is written.</param>
internal sealed record CrossValidationFold(int Fold, long[] Train, long[] HeldOut, string? RunPath);
