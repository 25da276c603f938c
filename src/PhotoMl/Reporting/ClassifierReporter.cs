using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Explanation;
using PhotoMl.Imaging;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Reporting;

/// <summary>Evaluates a classifier for a report: the figures, and the most confident errors and least confident predictions with what they rest on.</summary>
internal static class ClassifierReporter
{
    // Grad-CAM is one pass through the network; how faithful the maps are is a question of its own.
    private static readonly ExplanationOptions Explanation = new() { Method = ExplanationMethod.GradCam, MeasureFaithfulness = false };

    /// <summary>Evaluates a classifier on labelled images.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="data">The images and labels, with the classifier's classes.</param>
    /// <param name="options">What the report shows; null for the defaults.</param>
    /// <param name="progress">Given the number of images evaluated after each batch.</param>
    /// <param name="cancellationToken">Stops between two batches or explanations.</param>
    /// <returns>What the report tells so far; the caller adds what it knows of the training and the machine.</returns>
    /// <exception cref="ArgumentException">The images or classes do not fit the classifier, there are no images, or the classifier cannot
    /// tell sets of that coverage.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ClassifierReportContent Evaluate(
        LoadedClassifier classifier,
        ImageDataset data,
        ReportOptions? options = null,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new ReportOptions();
        var predictions = new (int Class, double Probability)[data.Count];
        var report = ClassifierEvaluator.Evaluate(classifier, data, options.Coverage, options.BatchSize, progress, Keep, cancellationToken);
        var labels = data.Labels.data<long>().ToArray();
        var all = Enumerable.Range(0, data.Count);
        var wrong = all.Where(i => predictions[i].Class != labels[i]);
        var mistakes = wrong.OrderByDescending(i => predictions[i].Probability).Take(options.Images);
        var uncertain = all.OrderBy(i => predictions[i].Probability).Take(options.Images);
        return new ClassifierReportContent
        {
            Model = data.Name,
            ModelHash = ModelHash.Of(classifier.Model),
            Data = $"{data.Name}, {data.Count:N0} images",
            Report = report,
            Epoch = classifier.Info.Training?.Epoch,
            TrainCounts = classifier.Info.Training?.ClassCounts ?? [],
            Mistakes = [.. mistakes.Select(Show)],
            LeastCertain = [.. uncertain.Select(Show)],
        };

        void Keep(int start, Tensor probabilities)
        {
            var (values, indices) = probabilities.max(1);
            var (largest, classes) = (values.data<double>().ToArray(), indices.data<long>().ToArray());
            for (var i = 0; i < classes.Length; i++)
            {
                predictions[start + i] = ((int)classes[i], largest[i]);
            }
        }

        ReportedImage Show(int index)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (predicted, probability) = predictions[index];
            var (picture, explanation) = Draw(classifier.Model, data, index, predicted);
            var name = data.Paths?[index] is { } path ? Path.GetFileName(path) : $"image {index}";
            return new ReportedImage
            {
                Name = name,
                Label = data.ClassNames[(int)labels[index]],
                Predicted = data.ClassNames[predicted],
                Probability = probability,
                Picture = picture,
                Explanation = explanation,
            };
        }
    }

    /// <summary>Draws an image as the network sees it, and what its class rests on.</summary>
    private static (byte[] Picture, byte[] Explanation) Draw(ImageClassifier model, ImageDataset data, int index, int label)
    {
        using var scope = NewDisposeScope();
        var pixels = data.Take([index]); // (1, C, H, W)
        var picture = DecodedImage.FromPlanes(pixels.contiguous().bytes, data.Channels, data.Height, data.Width)[0];
        var explanation = Explainer.Explain(model, PixelBatch.ToNetworkInput(pixels)[0], label, Explanation);
        var whole = new ExplainedPhoto(data.Name, explanation, new PicturePlacement(0, 0, data.Width, data.Height), data.ClassNames);
        return (PngCanvas.EncodePng(picture), new HeatPainter(whole).EncodeOverlayPng(picture));
    }
}
