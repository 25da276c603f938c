using System.Diagnostics;
using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>Runs a classifier over labelled images.</summary>
public static class ClassifierEvaluator
{
    /// <summary>Images per batch: large enough to hide the cost of a call, small enough for the activations to stay near the cache.</summary>
    public const int DefaultBatchSize = 256;

    /// <summary>Compares a classifier's predictions with the labels.</summary>
    /// <param name="model">The classifier; it is put into evaluation mode and back.</param>
    /// <param name="data">The images and labels.</param>
    /// <param name="batchSize">Images per batch, at least 1; of images above 48 x 48 pixels a batch may be smaller.</param>
    /// <param name="progress">Told the number of images done after each batch.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>Accuracy, loss and confusion matrix.</returns>
    /// <exception cref="ArgumentException">The images or classes do not fit the classifier, or there are no images.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ClassificationReport Evaluate(
        ImageClassifier model, ImageDataset data, int batchSize = DefaultBatchSize, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        var clock = Stopwatch.StartNew();
        var confusion = new ConfusionMatrix(data.ClassNames);
        var loss = 0.0;
        ForEachBatch(model, data, batchSize, Judge, progress, cancellationToken);
        return new ClassificationReport(confusion, loss / data.Count, clock.Elapsed);

        void Judge(int start, Tensor images, Tensor labels)
        {
            var logits = model.forward(images);
            loss += nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum).item<float>();
            Count(confusion, labels, logits.argmax(1));
        }
    }

    /// <summary>Compares a classifier's predictions with the labels, and its probabilities with how often it is right.</summary>
    /// <param name="classifier">The classifier; its model is put into evaluation mode and back.</param>
    /// <param name="data">The images and labels.</param>
    /// <param name="coverage">How often the true class is to be among the set of an image, between 0 and 1; null judges no sets.</param>
    /// <param name="batchSize">Images per batch, at least 1; of images above 48 x 48 pixels a batch may be smaller.</param>
    /// <param name="progress">Told the number of images done after each batch.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>Accuracy, loss, confusion matrix, calibration and sets.</returns>
    /// <exception cref="ArgumentException">The images or classes do not fit the classifier, there are no images, or the classifier cannot tell sets of that coverage.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static CalibratedReport Evaluate(
        LoadedClassifier classifier,
        ImageDataset data,
        double? coverage,
        int batchSize = DefaultBatchSize,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default) =>
        Evaluate(classifier, data, coverage, batchSize, progress, keep: null, cancellationToken);

    /// <summary>Evaluates a classifier, with the probabilities shown to the caller batch by batch: the index of the first image, and (N, classes), float64.</summary>
    internal static CalibratedReport Evaluate(
        LoadedClassifier classifier,
        ImageDataset data,
        double? coverage,
        int batchSize,
        IProgress<int>? progress,
        Action<int, Tensor>? keep,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(data);
        var clock = Stopwatch.StartNew();
        var (model, temperature) = (classifier.Model, classifier.Info.Temperature);
        var sets = coverage is null ? null : ConformalSets.Of(classifier, coverage.Value);
        var confusion = new ConfusionMatrix(data.ClassNames);
        var (before, after) = (new ExpectedCalibrationError(), new ExpectedCalibrationError());
        var conformal = coverage is { } wished ? new ConformalReport(wished, 0, 0, 0, 0, 0, 0, 0) : null;
        var loss = 0.0;
        ForEachBatch(model, data, batchSize, Judge, progress, cancellationToken);
        var report = new ClassificationReport(confusion, loss / data.Count, clock.Elapsed);
        return new CalibratedReport(report, temperature, after.ToReport(), before.ToReport(), conformal);

        void Judge(int start, Tensor images, Tensor labels)
        {
            var (embeddings, logits) = model.ForwardWithEmbedding(images);
            var ofImages = labels.data<long>().ToArray();
            loss += nn.functional.cross_entropy(logits.to(ScalarType.Float64) / temperature, labels, reduction: nn.Reduction.Sum).item<double>();
            Count(confusion, labels, logits.argmax(1));
            before.Add(TemperatureScaling.ToProbabilities(logits, 1).data<double>().ToArray(), ofImages);
            var probabilities = TemperatureScaling.ToProbabilities(logits, temperature);
            after.Add(probabilities.data<double>().ToArray(), ofImages);
            keep?.Invoke(start, probabilities);
            conformal = sets is null ? null : conformal!.Add(sets.Compute(logits, embeddings), ofImages, data.ClassNames.Count);
        }
    }

    private static void ForEachBatch(
        ImageClassifier model, ImageDataset data, int batchSize, Action<int, Tensor, Tensor> judge, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (data.Count == 0 || data.ClassNames.Count != model.Options.Classes)
        {
            throw new ArgumentException($"Expected images of {model.Options.Classes} classes but got {data.Count} of {data.ClassNames.Count}.", nameof(data));
        }

        batchSize = JudgingBatch.SizeOf(batchSize, data.Height, data.Width);
        using var evaluation = new EvaluationMode(model);
        using var withoutGradients = no_grad();
        var leftovers = 0;
        for (var start = 0; start < data.Count; start += batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(batchSize, data.Count - start);
            var labels = data.Labels.narrow(0, start, count);
            judge(start, PixelBatch.ToNetworkInput(data.Pixels.Take(start, count)), labels);
            progress?.Report(start + count);
            NativeLeftovers.ReleaseSometimes(ref leftovers);
        }
    }

    private static void Count(ConfusionMatrix confusion, Tensor labels, Tensor predictions)
    {
        var actual = labels.data<long>();
        var predicted = predictions.data<long>();
        for (var i = 0; i < actual.Count; i++)
        {
            confusion.Add((int)actual[i], (int)predicted[i]);
        }
    }
}
