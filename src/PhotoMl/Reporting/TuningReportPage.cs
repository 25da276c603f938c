using System.Xml.Linq;
using PhotoMl.Training;

namespace PhotoMl.Reporting;

/// <summary>A page about a tuning: the answer, what each setting did, and all trials.</summary>
internal static class TuningReportPage
{
    public static string Render(
        string title, string answer, IReadOnlyList<string> tuned, IReadOnlyList<TuningTrial> leaderboard,
        IReadOnlyList<RungCorrelation> correlations)
    {
        var trained = leaderboard.Where(trial => trial.Rungs.Count > 0).ToList();
        var plotted = tuned.Select(name => (Name: name, Trials: trained.Where(trial => trial.Settings.ContainsKey(name)).ToList()))
            .Where(setting => setting.Trials.Count > 0);
        return HtmlPage.Render(
            title,
            answer,
            [
                Html.Section(
                    "Settings",
                    Html.Paragraph(
                        "Validation accuracy of every trial, in percent, after the last of its epochs. More epochs lead higher by "
                            + "themselves: compare points of one color."),
                    Legend(trained),
                    Html.Row(plotted.Select(setting => new XElement("figure", ScatterChart.Draw(
                        setting.Name, [.. setting.Trials.Select(trial => Point(trial, setting.Name))]))))),
                correlations.Count == 0 ? null : Html.Section(
                    "Do short trainings tell?",
                    Html.Table(
                        ["Epochs", "Later", "Trials", "Rank correlation"],
                        correlations.Select(
                            pair => (string[])[$"{pair.Epochs}", $"{pair.LaterEpochs}", $"{pair.Trials}", $"{pair.Value:F2}"]))),
                Html.Section("Trials", Html.Table(
                    ["Rank", "Trial", "Epochs", "Validation accuracy", "Loss", .. tuned, "Remark"],
                    leaderboard.Select((trial, index) => Row(index + 1, trial, tuned)))),
            ]);
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

    private static string Epochs(int count) => PhotoMlException.Count(count, "epoch");

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
