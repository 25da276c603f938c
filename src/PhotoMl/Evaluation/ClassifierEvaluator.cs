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
    /// <param name="progress">Is given the number of images done after each batch.</param>
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
        ForEachBatch(model, data, batchSize, EvaluateBatch, progress, cancellationToken);
        return new ClassificationReport(confusion, loss / data.Count, clock.Elapsed);

        void EvaluateBatch(int start, Tensor images, Tensor labels)
        {
            var logits = model.forward(images);
            loss += nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum).item<float>();
            Count(confusion, labels, logits.argmax(1));
        }
    }

    /// <summary>Evaluates the probabilities and, of a coverage, the prediction sets too. The caller is shown each batch's first index and probabilities.</summary>
    internal static CalibratedReport Evaluate(
        LoadedClassifier classifier, ImageDataset data, double? coverage, int batchSize = DefaultBatchSize, IProgress<int>? progress = null,
        Action<int, Tensor>? keep = null, CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        var (model, temperature) = (classifier.Model, classifier.Info.Temperature);
        var sets = coverage is null ? null : ConformalSets.Of(classifier, coverage.Value);
        var confusion = new ConfusionMatrix(data.ClassNames);
        var (before, after) = (new ExpectedCalibrationError(), new ExpectedCalibrationError());
        var conformal = coverage is { } target ? new ConformalReport { Target = target } : null;
        var loss = 0.0;
        ForEachBatch(model, data, batchSize, EvaluateBatch, progress, cancellationToken);
        return new CalibratedReport
        {
            Report = new ClassificationReport(confusion, loss / data.Count, clock.Elapsed),
            Temperature = temperature,
            Calibration = after.ToReport(),
            Uncalibrated = before.ToReport(),
            Sets = conformal,
        };

        void EvaluateBatch(int start, Tensor images, Tensor labels)
        {
            var (embeddings, logits) = model.ForwardWithEmbedding(images);
            var ofImages = labels.data<long>().ToArray();
            loss += nn.functional.cross_entropy(logits.to(ScalarType.Float64) / temperature, labels, reduction: nn.Reduction.Sum).item<double>();
            Count(confusion, labels, logits.argmax(1));
            before.Add(TemperatureScaling.ToProbabilities(logits, 1).data<double>().ToArray(), ofImages);
            var probabilities = TemperatureScaling.ToProbabilities(logits, temperature); // (N, classes), float64
            after.Add(probabilities.data<double>().ToArray(), ofImages);
            keep?.Invoke(start, probabilities);
            conformal = sets is null ? null : conformal!.Add(sets.Compute(logits, embeddings), ofImages, data.ClassNames.Count);
        }
    }

    /// <summary>How many images a network is given at once when it only evaluates them: fewer where they are large, at least 1.</summary>
    internal static int BatchSizeFor(int most, int height, int width)
    {
        const int MostPixels = 128 * 48 * 48; // activations of a batch grow with its pixels; a whole batch of small images has fewer
        return (int)Math.Clamp(MostPixels / ((long)height * width), 1, most);
    }

    private static void ForEachBatch(
        ImageClassifier model, ImageDataset data, int batchSize, Action<int, Tensor, Tensor> evaluate, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (data.Count == 0 || data.ClassNames.Count != model.Options.Classes)
        {
            throw new ArgumentException($"Expected images of {model.Options.Classes} classes but got {data.Count} of {data.ClassNames.Count}.", nameof(data));
        }

        batchSize = BatchSizeFor(batchSize, data.Height, data.Width);
        using var evaluation = new EvaluationMode(model);
        using var withoutGradients = no_grad();
        var leftovers = 0;
        for (var start = 0; start < data.Count; start += batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(batchSize, data.Count - start);
            var labels = data.Labels.narrow(0, start, count);
            evaluate(start, PixelBatch.ToNetworkInput(data.Pixels.Take(start, count)), labels);
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
