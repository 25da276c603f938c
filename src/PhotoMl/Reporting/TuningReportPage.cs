using System.Xml.Linq;
using PhotoMl.Evaluation;
using PhotoMl.Training;

namespace PhotoMl.Reporting;

/// <summary>What a page about a tuning shows.</summary>
internal sealed record TuningReportContent
{
    public required string Title { get; init; }
    public required string Data { get; init; }
    public required IReadOnlyList<string> Tuned { get; init; }
    public required IReadOnlyList<TuningTrial> Leaderboard { get; init; }
    public required TuningTrial Winner { get; init; }
    public required ClassificationReport? Test { get; init; }
    public required ClassifierComparison? Comparison { get; init; }
    public required bool IsBetter { get; init; }
    public required IReadOnlyList<RungCorrelation> Correlations { get; init; }
    public required double Seconds { get; init; }
}

/// <summary>A page about a tuning: the answer, what each setting did, and all trials.</summary>
internal static class TuningReportPage
{
    public static string Render(TuningReportContent result)
    {
        var trained = result.Leaderboard.Where(trial => trial.Rungs.Count > 0).ToList();
        var plotted = result.Tuned.Select(name => (Name: name, Trials: trained.Where(trial => trial.Settings.ContainsKey(name)).ToList()))
            .Where(setting => setting.Trials.Count > 0);
        return HtmlPage.Render(
            $"Tuning {result.Title}",
            $"{result.Data}: {ReportText.Number(result.Leaderboard.Count)} trials in {result.Seconds / 60:F1} minutes",
            [
                new XElement("section", Html.Cards(Cards(result))),
                Html.Section(
                    "Settings",
                    Html.Paragraph(
                        "Validation accuracy of every trial, in percent, after the last of its epochs. More epochs lead higher by "
                            + "themselves: compare points of one color."),
                    Legend(trained),
                    new XElement("div", new XAttribute("class", "row"), plotted.Select(setting => new XElement("figure", ScatterChart.Draw(
                        setting.Name, [.. setting.Trials.Select(trial => Point(trial, setting.Name))]))))),
                result.Correlations.Count == 0 ? null : Html.Section(
                    "Do short trainings tell?",
                    Html.Table(
                        ["Epochs", "Later", "Trials", "Rank correlation"],
                        result.Correlations.Select(pair => (string[])
                        [
                            ReportText.Number(pair.Epochs), ReportText.Number(pair.LaterEpochs), ReportText.Number(pair.Trials),
                            $"{pair.Value:F2}",
                        ]))),
                Html.Section("Trials", Html.Table(
                    ["Rank", "Trial", "Epochs", "Validation accuracy", "Loss", .. result.Tuned, "Remark"],
                    result.Leaderboard.Select((trial, index) => Row(index + 1, trial, result.Tuned)))),
            ]);
    }

    private static IEnumerable<(string Figure, string Name, string Remark)> Cards(TuningReportContent result)
    {
        if (result.Test is { } test)
        {
            yield return (ReportText.Percent(test.Accuracy), $"Test accuracy of trial {result.Winner.Number}", "the winner, trained anew");
        }

        if (result.Comparison is not { } comparison)
        {
            yield return result.Winner.Number > 1
                ? ("Nothing", "to compare with", "the default recipe failed")
                : result.Leaderboard.Count(trial => trial.Rungs.Count > 0) == 1
                ? ("No answer", "for now", "no trial but the default could be trained")
                : ("No better", "than the default", "the default recipe is the best of all trials");
            yield break;
        }

        var interval = comparison.DifferenceInterval;
        yield return (ReportText.Percent(comparison.First.Accuracy), "Test accuracy of the default", "trained with the same seed");
        yield return (
            result.IsBetter ? $"{100 * comparison.Difference:+0.00} points" : "No better",
            result.IsBetter ? "better than the default" : "than the default",
            $"{100 * comparison.Difference:+0.00;-0.00;0.00} points, 95 % interval {100 * interval.Low:+0.00;-0.00;0.00} to "
                + $"{100 * interval.High:+0.00;-0.00;0.00}, McNemar p = {comparison.P:G3}");
    }

    private static XElement Legend(List<TuningTrial> trials)
    {
        const int EntryWidth = 120;
        var rungs = trials.Select(trial => (trial.Rungs.Count, trial.Last!.Epochs)).Distinct().Order().ToList();
        return Svg.Drawing(EntryWidth * rungs.Count, 20, "Colors", rungs.Select((rung, index) => new[]
        {
            Svg.Circle((EntryWidth * index) + 8, 10, 4, $"mark-{rung.Count}"),
            Svg.Text((EntryWidth * index) + 18, 14, $"after {Epochs(rung.Epochs)}"),
        }));
    }

    private static string Epochs(int count) => $"{count} epoch{(count == 1 ? "" : "s")}";

    private static (string X, double Y, int Series, string Tip) Point(TuningTrial trial, string name)
    {
        var last = trial.Last!;
        var accuracy = last.Best.ValidationAccuracy;
        return (trial.Settings[name], 100 * accuracy, trial.Rungs.Count,
            $"trial {trial.Number}: {name} {trial.Settings[name]}, {ReportText.Percent(accuracy)} after {Epochs(last.Epochs)}");
    }

    private static string[] Row(int rank, TuningTrial trial, IReadOnlyList<string> tuned)
    {
        var last = trial.Last;
        return
        [
            $"{rank}", $"{trial.Number}", $"{last?.Epochs ?? 0}", last is null ? "" : ReportText.Percent(last.Best.ValidationAccuracy),
            last is null ? "" : ReportText.Number(Math.Round(last.Best.ValidationLoss, 4)),
            .. tuned.Select(name => trial.Settings.GetValueOrDefault(name, "")),
            trial.Remark,
        ];
    }
}
