using System.Diagnostics;
using PhotoMl.Data;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>Runs a classifier over labelled images.</summary>
public static class ClassifierEvaluator
{
    /// <summary>Images per batch: large enough to hide the cost of a call, small enough for the activations to stay near the cache.</summary>
    public const int DefaultBatchSize = 256;

    // Activations of a batch grow with its pixels; a whole batch of small images has fewer.
    private const int MostPixels = DefaultBatchSize * 48 * 48;

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
        ImageClassifier model, ImageDataset data, int batchSize = DefaultBatchSize, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        Evaluate(model, data, batchSize, progress, keep: null, cancellationToken);

    /// <summary>Evaluates a classifier, with its logits shown to the caller batch by batch: the index of the first image, and (N, classes).</summary>
    internal static ClassificationReport Evaluate(
        ImageClassifier model, ImageDataset data, int batchSize, IProgress<int>? progress, Action<int, Tensor>? keep, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (data.Count == 0 || data.ClassNames.Count != model.Options.Classes)
        {
            throw new ArgumentException($"Expected images of {model.Options.Classes} classes but got {data.Count} of {data.ClassNames.Count}.", nameof(data));
        }

        var clock = Stopwatch.StartNew();
        batchSize = Math.Clamp(MostPixels / (data.Height * data.Width), 1, batchSize);
        var confusion = new ConfusionMatrix(data.ClassNames);
        var loss = 0.0;
        var training = model.training;
        model.eval();
        using var withoutGradients = no_grad();
        try
        {
            for (var start = 0; start < data.Count; start += batchSize)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var count = Math.Min(batchSize, data.Count - start);
                var labels = data.Labels.narrow(0, start, count);
                var logits = model.forward(PixelBatch.ToNetworkInput(data.Pixels.Take(start, count)));
                loss += nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum).item<float>();
                Count(confusion, labels, logits.argmax(1));
                keep?.Invoke(start, logits);
                progress?.Report(start + count);
            }
        }
        finally
        {
            model.train(training);
        }

        return new ClassificationReport(confusion, loss / data.Count, clock.Elapsed);
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
