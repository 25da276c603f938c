using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Explanation;
using PhotoMl.Imaging;
using PhotoMl.Models;

namespace PhotoMl.Reporting;

/// <summary>Describes an evaluated classifier for a report: the figures, and the most confident errors and least confident predictions with
/// what they rest on.</summary>
internal static class ClassifierReporter
{
    // How many of the most confident errors, and of the least confident images, are shown.
    private const int DefaultShown = 24;

    // Grad-CAM is one pass through the network; how faithful the maps are is a question of its own.
    private static readonly ExplanationOptions Explanation = new() { Method = ExplanationMethod.GradCam, MeasureFaithfulness = false };

    public static ClassifierReportContent Describe(
        LoadedClassifier classifier,
        ImageDataset data,
        CalibratedReport report,
        long[]? indices = null, // of the images within their set, where they are some of it
        int shown = DefaultShown,
        CancellationToken cancellationToken = default)
    {
        var labels = data.Labels.data<long>().ToArray();
        var images = report.Predictions.Index().ToArray();
        var wrong = images.Where(image => image.Item.Class != labels[image.Index]);
        return new ClassifierReportContent
        {
            ModelHash = ModelHash.Of(classifier.Model),
            Report = report,
            Epoch = classifier.Info.Training?.Epoch,
            TrainCounts = classifier.Info.Training?.ClassCounts ?? [],
            Mistakes = [.. wrong.OrderByDescending(image => image.Item.Probability).Take(shown).Select(image => Show(image.Index))],
            LeastCertain = [.. images.OrderBy(image => image.Item.Probability).Take(shown).Select(image => Show(image.Index))],
        };

        ReportedImage Show(int index)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (predicted, probability) = report.Predictions[index];
            var (picture, explanation) = Draw(classifier.Model, data, index, predicted);
            var name = data.Paths?[index] is { } path ? Path.GetFileName(path) : $"image {indices?[index] ?? index}";
            var (label, prediction) = (data.ClassNames[(int)labels[index]], data.ClassNames[predicted]);
            return new ReportedImage(name, label, prediction, probability, picture, explanation);
        }
    }

    /// <summary>Draws an image as the network sees it, and what its class rests on.</summary>
    private static (byte[] Picture, byte[] Explanation) Draw(ImageClassifier model, ImageDataset data, int index, int label)
    {
        using var scope = NewDisposeScope();
        var pixels = data.Take([index]); // (1, C, H, W)
        var picture = DecodedImage.FromPlanes(pixels.contiguous().bytes, data.Channels, data.Height, data.Width)[0];
        var explanation = Explainer.Explain(model, PixelBatch.ToNetworkInput(pixels)[0], label, Explanation);
        var whole = explanation with { Placement = new PicturePlacement(0, 0, data.Width, data.Height) };
        return (PngCanvas.EncodePng(picture), PngCanvas.EncodePng(new HeatPainter(whole).DrawOverlay(picture)));
    }
}
