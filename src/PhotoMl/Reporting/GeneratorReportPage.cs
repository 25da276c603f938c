using System.Xml.Linq;
using PhotoMl.Evaluation;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Sampling;

namespace PhotoMl.Reporting;

/// <summary>A page about a generator: one HTML file that opens offline, on a phone, in the dark and on paper.</summary>
internal static class GeneratorReportPage
{
    private const int SampleColumns = 12;

    public static string Write(string folder, string path, LoadedGenerator generator, string data, GeneratorEvaluation figures, long seed)
    {
        var progress = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "samples", "progress.png");
        var training = ReportFacts.DescribeTraining(generator.Info.Training);
        var machine = ReportFacts.DescribeMachine(generator.Model.Precision);
        var first = new SampleOptions { Seed = seed, Count = SampleColumns * SampleColumns / 2 };
        using var pixels = GeneratorSampler.Sample(generator.Model, first);
        var samples = ImageGrid.EncodePng(pixels, SampleColumns, scale: 2);
        return ReportFolder.Write(folder, HtmlPage.Render(
            ReportFacts.NameOf(path),
            $"{data}, {figures.GeneratedImages:N0} generated against {figures.ReferenceImages:N0} test images",
            [
                Cards(figures),
                Picture("Samples", samples, "The first pictures of the seed, none chosen."),
                File.Exists(progress)
                    ? Picture("Progress", RegularFile.ReadAllBytes(progress), "The same latents after more and more epochs.")
                    : null,
                Html.Section(
                    "All figures",
                    Html.Paragraph(
                        $"In the features of a classifier (SHA-256 {figures.ClassifierHash[..12]}) with a test accuracy of "
                        + $"{100 * figures.ClassifierAccuracy:F2} %. "
                        + "Real: the same for real training images, which a perfect generator would reach."),
                    Table(figures)),
                Html.Section(
                    "Classes",
                    Html.Paragraph("The share of the generated pictures that is predicted as each class, in percent."),
                    BarChart.Draw(
                        "Share of each class in percent",
                        [.. figures.ClassShares.Select(share => (share.Key, Math.Round(100 * share.Value, 2)))])),
                training.Count > 0 ? Html.Section("Training", Html.Definitions(training)) : null,
                Html.Section("Model and machine", Html.Definitions([("Weights", $"SHA-256 {generator.Hash}"), .. machine])),
            ]));
    }

    private static XElement Picture(string heading, byte[] png, string caption) =>
        Html.Section(heading, Html.Figure(Html.Picture(png, caption), caption));

    private static XElement Cards(GeneratorEvaluation figures)
    {
        var frechet = figures.FrechetDistance;
        return new XElement("section", Html.Cards(
        [
            (ReportText.Number(frechet.Value), "Frechet distance", $"real images {ReportText.Number(frechet.Floor)}; lower is better"),
            (ReportText.Number(figures.Precision.Value), "Precision", "the share that looks real"),
            (ReportText.Number(figures.Recall.Value), "Recall", "the share of the real ones that is covered"),
            .. figures.AccuracyScore is { } score
                ? [(ReportText.Percent(score.Accuracy), "Accuracy score", "of real test images, by a classifier trained on generated ones")]
                : Array.Empty<(string, string, string)>(),
        ]));
    }

    private static XElement Table(GeneratorEvaluation figures)
    {
        return Html.Table(["Figure", "Value", "95 % interval", "Real"],
        [
            Row("Frechet distance", figures.FrechetDistance),
            Row("Precision", figures.Precision),
            Row("Recall", figures.Recall),
            Row("Density", figures.Density),
            Row("Coverage", figures.Coverage),
            Row($"Class entropy, of at most {ReportText.Number(Math.Log(figures.ClassShares.Count))}", figures.ClassEntropy),
            Row("Distance to the nearest training image, against held-out images", figures.NearestNeighbourRatio),
        ]);

        static string[] Row(string name, ScoredFigure figure)
        {
            var interval = $"{ReportText.Number(figure.Low)} to {ReportText.Number(figure.High)}";
            return [name, ReportText.Number(figure.Value), interval, ReportText.Number(figure.Floor)];
        }
    }
}
