using System.Xml.Linq;
using PhotoMl.Evaluation;
using PhotoMl.Training;

namespace PhotoMl.Reporting;

/// <summary>A page about a classifier: one HTML file that opens offline, on a phone, in the dark and on paper.</summary>
internal static class ClassifierReportPage
{
    public static string Write(string folder, ClassifierReportContent content) => ReportFolder.Write(folder, Render(content));

    internal static string Render(ClassifierReportContent content) => HtmlPage.Render(
        content.Model,
        content.Data,
        [
            Figures(content),
            content.History.Count > 0 ? LearningCurves(content) : null,
            Confusion(content.Report.Report.Confusion),
            Classes(content),
            Reliability(content.Report),
            Images(
                "Most confident errors",
                "Wrong predictions of the highest probability; mislabeled images tend to come first.",
                content.Mistakes),
            Images("Least confident", "The images whose predicted class has the lowest probability, right or wrong.", content.LeastCertain),
            content.DataProblems is not { } problems ? null
                : problems.Count == 0 ? Html.Section("The data", Html.Paragraph("Nothing suspicious was found."))
                : Html.Section("The data", new XElement("ul", problems.Select(problem => new XElement("li", problem)))),
            content.Training.Count > 0 ? Html.Section("Training", Html.Definitions(content.Training)) : null,
            Html.Section("Model and machine", Html.Definitions([("Weights", $"SHA-256 {content.ModelHash}"), .. content.Environment])),
        ]);

    private static XElement Figures(ClassifierReportContent content)
    {
        var report = content.Report.Report;
        return new XElement(
            "section",
            Html.Cards(
            [
                (ReportText.Percent(report.Accuracy), "Accuracy", ReportText.Interval(report.AccuracyInterval)),
                (ReportText.Percent(report.BalancedAccuracy), "Balanced accuracy", "every class counts the same"),
                (ReportText.Number(report.Loss), "Loss", "mean cross-entropy, nats"),
                (ReportText.Number(report.Images), "Images", $"{report.Images - report.Confusion.Correct:N0} predicted as another class"),
            ]),
            content.Remarks.Select(Html.Paragraph));
    }

    private static XElement LearningCurves(ClassifierReportContent content)
    {
        var kept = content.Epoch is { } epoch ? $" The weights are those of epoch {epoch}." : "";
        var loss = LineChart.Draw(
            "Loss over the epochs", "epoch", Line("training", row => row.TrainLoss), Line("validation", row => row.ValidationLoss));
        var accuracy = LineChart.Draw(
            "Accuracy over the epochs",
            "epoch",
            Line("training", row => 100 * row.TrainAccuracy),
            Line("validation", row => 100 * row.ValidationAccuracy),
            Line("balanced", row => 100 * row.ValidationBalancedAccuracy ?? double.NaN));
        const string Caption = "Accuracy, in percent; that of training is measured on augmented images while the weights still change.";
        return Html.Section("Learning curves", Html.Row(Html.Figure(loss, $"Loss, in nats.{kept}"), Html.Figure(accuracy, Caption)));

        (string, (double, double)[]) Line(string name, Func<EpochReport, double> figure) =>
            (name, [.. content.History.Select(row => ((double)row.Epoch, figure(row)))]);
    }

    private static XElement Confusion(ConfusionMatrix matrix)
    {
        var (drawing, missing) = ConfusionChart.Draw(matrix);
        return Html.Section(
            "Confusion matrix",
            Html.Paragraph("Rows are the true classes, columns the predicted ones; the darker the color, the larger the share of its row."),
            missing > 0 ? Html.Paragraph($"The {missing:N0} smallest of its cells are not drawn.") : null,
            Html.Scrolling(drawing));
    }

    private static XElement Classes(ClassifierReportContent content)
    {
        var (classes, hasTrain) = (content.Report.Report.PerClass, content.TrainCounts.Count > 0);
        string[] headers = ["Class", "Precision", "Recall", "F1", "Test images", .. hasTrain ? ["Training set"] : Array.Empty<string>()];
        var rows = classes.Select((metrics, i) => (string[])
        [
            metrics.Name,
            .. new[] { metrics.Precision, metrics.Recall, metrics.F1 }
                .Select(figure => metrics.Support > 0 ? ReportText.Percent(figure) : "–"),
            ReportText.Number(metrics.Support),
            .. hasTrain ? [ReportText.Number(content.TrainCounts[i])] : Array.Empty<string>(),
        ]);
        var images = classes.Select((metrics, i) => (metrics.Name, hasTrain ? content.TrainCounts[i] : (double)metrics.Support));
        var caption = hasTrain ? "Images of each class that it was trained on." : "Test images of each class.";
        var chart = Html.Figure(BarChart.Draw("Images of each class", [.. images]), caption);
        return Html.Section("Classes", Html.Row(Html.Table(headers, rows), chart));
    }

    private static XElement Reliability(CalibratedReport report)
    {
        var isScaled = report.Temperature != 1;
        var temperature = isScaled ? $", at temperature {ReportText.Number(report.Temperature)}" : "";
        return Html.Section(
            "Calibration",
            Html.Row(
                isScaled ? Diagram("Reliability before calibration", "As the network gives them", report.Uncalibrated) : null,
                Diagram("Reliability", "As they are shown" + temperature, report.Calibration)),
            Html.Paragraph("A bar is the share of predictions that are right, a dot their mean probability; on the line they agree."),
            report.Sets is { } sets ? Sets(sets) : null);
    }

    private static XElement Diagram(string title, string caption, CalibrationReport report) => Html.Figure(
        ReliabilityChart.Draw(title, report.Bins),
        $"{caption}: expected calibration error {ReportText.Number(report.Error)}.");

    private static XElement Sets(ConformalReport sets)
    {
        var right = sets.SingleAccuracy is { } accuracy ? $", {ReportText.Percent(accuracy)} of them right" : "";
        return Html.Definitions(
        [
            ("Sets", $"target coverage {ReportText.Percent(sets.Target)}"),
            ("Coverage", $"{ReportText.Percent(sets.Coverage)} ({ReportText.Interval(sets.CoverageInterval)})"),
            ("One label", ReportText.Percent(sets.SingleShare) + right),
            ("A short list", ReportText.Percent(sets.ListShare)),
            ("Unsure", ReportText.Percent(sets.UnsureShare)),
        ]);
    }

    private static XElement? Images(string heading, string remark, IReadOnlyList<ReportedImage> images)
    {
        var isExplained = images.Any(image => image.Explanation is not null);
        return images.Count == 0 ? null : Html.Section(
            heading,
            Html.Paragraph(remark + (isExplained ? " On the right what the prediction rests on: the brighter, the more." : "")),
            new XElement("div", new XAttribute("class", "photos"), images.Select(Photo)));
    }

    private static XElement Photo(ReportedImage image)
    {
        var isRight = image.Label == image.Predicted;
        var picture = Html.Picture(image.Picture, $"{image.Name}, {image.Label}");
        var said = $"{image.Predicted} ({ReportText.Percent(image.Probability)})";
        var verdict = new XElement("strong", isRight ? $"{said}, right" : $"{said}, is {image.Label}");
        var explanation = image.Explanation is { } map ? Html.Picture(map, $"what {image.Predicted} rests on") : null;
        return new XElement("figure", picture, explanation, new XElement("figcaption", verdict, new XElement("br"), image.Name));
    }
}
