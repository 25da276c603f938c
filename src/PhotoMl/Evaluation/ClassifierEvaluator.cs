using System.Diagnostics;
using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Evaluation;

/// <summary>Runs a classifier over labelled images.</summary>
public static class ClassifierEvaluator
{
    /// <summary>Images per batch: large enough to hide the cost of a call, small enough for the activations to stay near the
    /// cache.</summary>
    public const int DefaultBatchSize = 256;

    /// <summary>Compares a classifier's predictions with the labels.</summary>
    /// <param name="model">The classifier; it is put into evaluation mode and back.</param>
    /// <param name="data">The images and labels.</param>
    /// <param name="batchSize">Images per batch at most, at least 1; a batch has at most 262,144 pixels, or one image. Each thread has a
    /// batch at a time, where there are enough images.</param>
    /// <param name="progress">Is given the number of images done after the batches of all threads.</param>
    /// <param name="cancellationToken">Stops after the batches under way.</param>
    /// <returns>Accuracy, loss and confusion matrix.</returns>
    /// <exception cref="ArgumentException">The images or classes do not fit the classifier, or there are no images.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ClassificationReport Evaluate(
        ImageClassifier model,
        ImageDataset data,
        int batchSize = DefaultBatchSize,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (data.Count == 0 || data.ClassNames.Count != model.Options.Classes)
        {
            throw new ArgumentException(
                $"Expected images of {model.Options.Classes} classes but got {data.Count} of {data.ClassNames.Count}.", nameof(data));
        }

        var clock = Stopwatch.StartNew();
        var predicted = new List<long>(data.Count);
        var loss = 0.0;
        ForEachBatch(model, data, indices: null, batchSize, images => [model.forward(images)], EvaluateBatch, progress, cancellationToken);
        var confusion = new ConfusionMatrix(data.ClassNames, data.Labels.data<long>().ToArray().Zip(predicted));
        return new ClassificationReport(confusion, loss / data.Count, clock.Elapsed);

        void EvaluateBatch(int start, Tensor[] outputs)
        {
            StepObserver.Begin("metrics");
            var logits = outputs[0];
            var labels = data.Labels.narrow(0, start, logits.shape[0]);
            loss += nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum).item<float>();
            predicted.AddRange(logits.argmax(1).data<long>().ToArray());
        }
    }

    /// <summary>Evaluates the probabilities too and, where they are given, prediction sets.</summary>
    internal static CalibratedReport Evaluate(
        LoadedClassifier classifier,
        ImageDataset data,
        ConformalSets? sets = null,
        int batchSize = DefaultBatchSize,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        var (model, temperature) = (classifier.Model, classifier.Info.Temperature);
        var (predicted, ofImages) = (new List<long>(data.Count), new List<int[]>());
        var (confidences, uncalibrated) = (new List<double>(data.Count), new List<double>(data.Count));
        var loss = 0.0;
        ForEachBatch(model, data, indices: null, batchSize, Compute, EvaluateBatch, progress, cancellationToken);
        var labels = data.Labels.data<long>().ToArray();
        var correct = predicted.Zip(labels, (prediction, label) => prediction == label).ToArray();
        return new CalibratedReport
        {
            Report = new ClassificationReport(
                new ConfusionMatrix(data.ClassNames, labels.Zip(predicted)), loss / data.Count, clock.Elapsed),
            Temperature = temperature,
            TestTimeAugmentation = classifier.AveragesFlips,
            Calibration = CalibrationReport.Of(confidences, correct),
            Uncalibrated = CalibrationReport.Of(uncalibrated, correct),
            Sets = sets is null ? null : ConformalReport.Of(sets.Coverage, ofImages, labels, data.ClassNames.Count),
            Predictions = [.. predicted.Zip(confidences, (label, probability) => ((int)label, probability))],
        };

        Tensor[] Compute(Tensor images)
        {
            var (embeddings, logits) = classifier.Forward(images);
            return [embeddings, logits];
        }

        void EvaluateBatch(int start, Tensor[] outputs)
        {
            var (embeddings, logits) = (outputs[0], outputs[1]);
            var labels = data.Labels.narrow(0, start, logits.shape[0]);
            var scaled = logits.to(ScalarType.Float64) / temperature;
            loss += nn.functional.cross_entropy(scaled, labels, reduction: nn.Reduction.Sum).item<double>();
            var (largest, classes) = TemperatureScaling.ToProbabilities(logits, temperature).max(1);
            predicted.AddRange(classes.data<long>().ToArray());
            confidences.AddRange(largest.data<double>().ToArray());
            uncalibrated.AddRange(TemperatureScaling.ToProbabilities(logits, 1).amax([1]).data<double>().ToArray());
            ofImages.AddRange(sets?.Compute(logits, embeddings) ?? []);
        }
    }

    /// <summary>Computes the probabilities of each image, (N, classes).</summary>
    internal static float[][] Probabilities(
        ImageClassifier model, ImageDataset data, double temperature, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var rows = new List<float[]>(data.Count);
        ForEachBatch(
            model, data, indices: null, DefaultBatchSize, images => [model.forward(images)], AddBatch, progress, cancellationToken);
        return [.. rows];

        void AddBatch(int start, Tensor[] outputs) => rows.AddRange(TemperatureScaling.ToProbabilities(outputs[0], temperature)
            .to(ScalarType.Float32).data<float>().ToArray().Chunk(model.Options.Classes));
    }

    /// <summary>Gives images to an evaluated network batch by batch: all, or those of some indices.</summary>
    /// <param name="model">The network.</param>
    /// <param name="data">The images.</param>
    /// <param name="indices">Which of them, in which order; null for all.</param>
    /// <param name="mostImages">Images per batch at most.</param>
    /// <param name="compute">Computes tensors of a batch of images, (N, C, H, W); several threads may at once (see
    /// <see cref="ThreadParts.Run"/>).</param>
    /// <param name="take">Takes the tensors of each batch, in order, with the place of its first image.</param>
    /// <param name="progress">Is given the number of images done.</param>
    /// <param name="cancellationToken">Stops after the batches under way.</param>
    internal static void ForEachBatch(
        ImageClassifier model,
        ImageDataset data,
        long[]? indices,
        int mostImages,
        Func<Tensor, Tensor[]> compute,
        Action<int, Tensor[]> take,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(indices?.Length ?? data.Count, nameof(data));
        const int MostPixels = 16 * 128 * 128; // activations of a batch grow with its pixels
        const int MostLargeBatches = 4; // at once; of more threads each has a smaller one
        var all = indices?.Length ?? data.Count;
        var pixels = (long)data.Height * data.Width;
        var parts = ThreadParts.CountFor(all, pixels) < ThreadParts.Most ? 1 : ThreadParts.Most; // else all threads share the operators
        var mostPixels = (long)MostPixels * Math.Min(parts, MostLargeBatches) / parts;
        var largest = (int)Math.Clamp(mostPixels / pixels, 1, mostImages);
        var rounds = (int)Math.Ceiling((double)all / largest / parts);
        var batchSize = (int)Math.Ceiling((double)all / rounds / parts); // of much the same size, the last ones too
        using var evaluation = new EvaluationMode(model);
        using var withoutGradients = no_grad();
        for (var start = 0; start < all; start += parts * batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var batches = parts == 1 ? [Compute(start)] : ThreadParts.Run(parts, part => Compute(start + (part * batchSize)));
            foreach (var (part, outputs) in batches.Index().Where(batch => batch.Item.Length > 0))
            {
                take(start + (part * batchSize), outputs);
                Array.ForEach(outputs, output => output.Dispose());
            }

            StepObserver.Begin("collection");
            progress?.Report(Math.Min(all, start + (parts * batchSize)));
            NativeLeftovers.ReleaseSometimes(parts);
        }

        Tensor[] Compute(int start)
        {
            var count = Math.Min(batchSize, all - start);
            if (count <= 0)
            {
                return [];
            }

            using var scope = NewDisposeScope();
            StepObserver.Begin("batch");
            var images = PixelBatch.ToNetworkInput(indices is null ? data.Take(start, count) : data.Take(indices.AsSpan(start, count)));
            StepObserver.Begin("forward, between layers");
            return Array.ConvertAll(compute(images), output => output.DetachFromDisposeScope());
        }
    }
}
