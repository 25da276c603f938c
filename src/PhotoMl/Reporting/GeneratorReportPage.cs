using System.Xml.Linq;
using PhotoMl.Evaluation;

namespace PhotoMl.Reporting;

/// <summary>A page about a generator: one HTML file that opens offline, on a phone, in the dark and on paper.</summary>
internal static class GeneratorReportPage
{
    public static string Write(string folder, GeneratorReportContent content)
    {
        return ReportFolder.Write(folder, Render(content));
    }

    internal static string Render(GeneratorReportContent content) => HtmlPage.Render(
        content.Model,
        content.Data,
        [
            Figures(content),
            Picture("Samples", content.Samples, "The first pictures of the seed, none chosen."),
            content.Progress is { } progress ? Picture("Progress", progress, "The same latents after more and more epochs.") : null,
            Html.Section(
                "All figures",
                Html.Paragraph(
                    $"In the features of {content.Evaluator}. Real: the same for real training images, which a perfect generator would reach."),
                Card(content.Report)),
            Html.Section(
                "Classes",
                Html.Paragraph("The share of the generated pictures that is predicted as each class, in percent."),
                BarChart.Draw("Share of each class in percent", [.. content.Report.ClassShares.Select(Percentage)])),
            content.Training.Count > 0 ? Html.Section("Training", Html.Definitions(content.Training)) : null,
            Html.Section("Model and machine", Html.Definitions([("Weights", $"SHA-256 {content.ModelHash}"), .. content.Environment])),
        ]);

    private static (string Name, double Value) Percentage(KeyValuePair<string, double> share) => (share.Key, Math.Round(100 * share.Value, 2));

    private static XElement Picture(string heading, byte[] png, string caption) =>
        Html.Section(heading, Html.Figure(Html.Picture(png, caption), caption));

    private static XElement Figures(GeneratorReportContent content)
    {
        var report = content.Report;
        return new XElement("section", Html.Cards(
        [
            (
                ReportText.Number(report.FrechetDistance.Value),
                "Frechet distance",
                $"real images {ReportText.Number(report.FrechetDistance.Floor)}; less is better"),
            (ReportText.Number(report.Precision.Value), "Precision", "the share that looks real"),
            (ReportText.Number(report.Recall.Value), "Recall", "the share of the real ones that is covered"),
            .. content.AccuracyScore is { } score
                ? [(ReportText.Percent(score.Accuracy), "Accuracy score", "of real test images, by a classifier trained on generated ones")]
                : Array.Empty<(string, string, string)>(),
        ]));
    }

    private static XElement Card(GeneratorEvaluation report)
    {
        return Html.Table(["Figure", "Value", "95 % interval", "Real"],
        [
            Row("Frechet distance", report.FrechetDistance),
            Row("Precision", report.Precision),
            Row("Recall", report.Recall),
            Row("Density", report.Density),
            Row("Coverage", report.Coverage),
            Row($"Class entropy, of at most {ReportText.Number(Math.Log(report.ClassShares.Count))}", report.ClassEntropy),
            Row("Distance to the nearest training image, against held-out images", report.NearestNeighbourRatio),
        ]);

        static string[] Row(string name, ScoredFigure figure)
        {
            var interval = $"{ReportText.Number(figure.Low)} to {ReportText.Number(figure.High)}";
            return [name, ReportText.Number(figure.Value), interval, ReportText.Number(figure.Floor)];
        }
    }
}
