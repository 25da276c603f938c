using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Explanation;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Reporting;

/// <summary>Describes an evaluated classifier for a report: the figures, the most confident errors and least confident predictions with
/// what they rest on, the model, its training and the machine.</summary>
internal static class ClassifierReporter
{
    // How many of the most confident errors, and of the least confident images, are shown.
    private const int MostShown = 24;

    // Grad-CAM is one pass through the network; how faithful the maps are is a question of its own.
    private static readonly ExplanationOptions Explanation = new() { Method = ExplanationMethod.GradCam, MeasureFaithfulness = false };

    public static ClassifierReportContent Describe(
        string path,
        LoadedClassifier classifier,
        EvaluationImages images,
        CalibratedReport report,
        IReadOnlyList<string> problems,
        CancellationToken cancellationToken = default)
    {
        var (source, data, network, figures) = (images.Source, images.Images, classifier.Model.Options, report.Report);
        var labels = data.Labels.data<long>().ToArray();
        var predictions = report.Predictions.Index().ToArray();
        var wrong = predictions.Where(image => image.Item.Class != labels[image.Index]);
        var described = $"{ClassifierOptions.NameOf(network.Architecture)}, {network.Channels} x {network.Height} x {network.Width} "
            + "(channels, height, width)";
        return new ClassifierReportContent
        {
            Model = ReportFacts.NameOf(path),
            ModelHash = ModelHash.Of(classifier.Model),
            Data = $"{source.Title}, {figures.Images:N0} {images.What}",
            Report = report,
            Remarks = [.. new[] { images.Remark, source.Notice, figures.DescribeAbsentClasses(images.What) }.OfType<string>()],
            History = MetricsFile.Read(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "metrics.csv")),
            Epoch = classifier.Info.Training?.Epoch,
            TrainCounts = classifier.Info.Training?.ClassCounts ?? [],
            Mistakes = [.. wrong.OrderByDescending(image => image.Item.Probability).Take(MostShown).Select(image => Show(image.Index))],
            LeastCertain = [.. predictions.OrderBy(image => image.Item.Probability).Take(MostShown).Select(image => Show(image.Index))],
            DataProblems = [.. problems, .. source.Skipped.Select(photo => $"{photo.Path}: {photo.Problem}")],
            Training = ReportFacts.DescribeTraining(classifier.Info.Training),
            Environment =
            [
                ("Network", described),
                .. new[] { ("Views", "each image and its mirror image, logits averaged") }.Where(_ => report.TestTimeAugmentation),
                .. ReportFacts.DescribeMachine(classifier.Model.Precision),
            ],
        };

        ReportedImage Show(int index)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (predicted, probability) = report.Predictions[index];
            var pixels = data.Take([index]); // (1, C, H, W), as the network sees them
            var picture = DecodedImage.FromTensor(pixels)[0];
            var explanation = Explainer.Explain(
                classifier.Model, PixelBatch.ToNetworkInput(pixels)[0], predicted, Explanation, cancellationToken: cancellationToken);
            var whole = explanation with { Placement = new PicturePlacement(0, 0, data.Width, data.Height) };
            return new ReportedImage(
                data.Paths?[index] is { } file ? Path.GetFileName(file) : $"image {images.Indices?[index] ?? index}",
                data.ClassNames[(int)labels[index]],
                data.ClassNames[predicted],
                probability,
                PngCanvas.EncodePng(picture),
                PngCanvas.EncodePng(new HeatPainter(whole).DrawOverlay(picture)));
        }
    }
}
