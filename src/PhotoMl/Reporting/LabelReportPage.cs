using System.Xml.Linq;
using PhotoMl.Imaging;
using PhotoMl.Quality;

namespace PhotoMl.Reporting;

/// <summary>A page about doubtful labels: how many are estimated to be wrong, between which classes, and the flagged images.</summary>
internal static class LabelReportPage
{
    private const int MostConfusions = 20;

    /// <summary>Writes the page where a folder is named, and gives the report back.</summary>
    public static LabelCheckReport Write(string? folder, string title, LabelCheckReport report)
    {
        if (folder is not null)
        {
            ReportFolder.Write(folder, Render(title, report));
        }

        return report;
    }

    private static string Render(string title, LabelCheckReport report)
    {
        var shown = report.Shown.ToList();
        var estimate = ReportText.Number(Math.Round(report.EstimatedWrong));
        var interval = $"{ReportText.Number(Math.Round(report.EstimatedLow))} to {ReportText.Number(Math.Round(report.EstimatedHigh))}";
        return HtmlPage.Render(
            $"Labels of {title}",
            $"{ReportText.Number(report.Images)} images",
            [
                new XElement("section", Html.Cards(
                [
                    report.IsBetterThanGuessing
                        ? (estimate, "Labels estimated to be wrong", $"95 % interval {interval}")
                        : ("-", "Labels estimated to be wrong", "no estimate: not clearly better than guessing"),
                    (ReportText.Percent(report.Accuracy), "Predicted as labeled", "the networks' own errors count as wrong labels"),
                ])),
                report.Confusions.Count == 0 || !report.IsBetterThanGuessing ? null : Html.Section("Between which classes", Html.Table(
                    ["Label", "Suggested", "Images, estimated"],
                    report.Confusions.Take(MostConfusions).Select(pair =>
                        (string[])[pair.Label, pair.Suggested, ReportText.Number(Math.Round(pair.Images))]))),
                shown.Count == 0 ? null : Html.Section(
                    "The most doubtful",
                    Html.Paragraph($"The first {ReportText.Number(shown.Count)} of {ReportText.Number(report.Flagged)} flagged images."),
                    new XElement("div", new XAttribute("class", "photos"), shown.Select(label => Photo(report, label)))),
            ]);
    }

    private static XElement Photo(LabelCheckReport report, DoubtfulLabel label)
    {
        var name = label.Path is { } path ? Path.GetFileName(path) : $"image {label.Image}";
        var picture = report.Draw(label) is { } drawn ? Html.Picture(PngCanvas.EncodePng(drawn), $"{name}, {label.Label}") : null;
        var said = new XElement("strong", $"{label.Label}; rather {label.Suggested} ({ReportText.Percent(label.SuggestedProbability)})");
        return new XElement("figure", picture, new XElement("figcaption", said, new XElement("br"), name));
    }
}
