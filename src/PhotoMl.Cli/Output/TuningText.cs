using PhotoMl.Evaluation;
using PhotoMl.Training;

namespace PhotoMl.Cli.Output;

/// <summary>Shows a tuning: a line for each rung, and below it the best trials and the one under way.</summary>
internal sealed class TuningText(StatusLine line, CliHost host) : IProgress<TuningProgress>
{
    private const int ShownTrials = 5;

    /// <inheritdoc/>
    public void Report(TuningProgress value)
    {
        var (trial, training) = (value.Trial, value.Training);
        var name = value.IsFinal ? trial.Number == 1 ? "default, final" : "winner, final" : $"trial {trial.Number,3}";
        if (training is null)
        {
            line.Write($"{name}  {(trial.Failure is { } failure ? failure : Reached(trial))}");
        }
        else if (value.IsFinal && training.Completed is { } epoch && epoch.Epoch == training.Epochs)
        {
            line.Write($"{name}  {Text.Count(epoch.Epoch, "epoch")} done");
        }
        else
        {
            line.Show(() => Draw(value, name));
        }
    }

    /// <summary>Writes the answer, the trials and what to do with it.</summary>
    public static void Write(TextWriter output, int width, ClassifierTuning tuning, ClassifierTuningResult result, string command)
    {
        foreach (var line in Table(result.Leaderboard, 10).Lines())
        {
            output.WriteLine(Text.Shorten(line, width)); // all is in the leaderboard
        }

        foreach (var pair in result.Correlations)
        {
            output.WriteLine(
                $"Rank correlation of {pair.Epochs} and {Text.Count(pair.LaterEpochs, "epoch")}  {pair.Value:F2} ({pair.Trials} trials)");
        }

        output.WriteLine();
        var failed = result.Leaderboard.Count(trial => trial.Failure is not null);
        output.WriteLine(
            $"Search      {Text.Count(result.Leaderboard.Count, "trial")} in {Text.Duration(TimeSpan.FromSeconds(result.Seconds))}"
            + (failed == 0 ? "" : $", {failed:N0} failed or too slow"));
        output.WriteLine($"Winner      trial {result.Winner.Number}, trained again with seed {result.Seed}");
        (string, ClassificationReport?)[] tests = [("Test", result.Run.Test?.Report), ("Default", result.Comparison?.First)];
        foreach (var (name, test) in tests)
        {
            Text.WriteWrapped(output, test is null ? null : $"{Text.Percent(test.Accuracy)} of {Text.Count(test.Images, "image")} right "
                + $"({Text.Interval(test.AccuracyInterval)})", width, first: $"{name,-12}");
        }

        output.WriteLine($"Model       {Text.Printable(result.ModelPath)}");
        output.WriteLine($"Leaderboard {Text.Printable(result.LeaderboardPath)}");
        output.WriteLine($"Page        {Text.Printable(result.ReportPath)}");
        output.WriteLine();
        Text.WriteWrapped(output, result.Answer, width);
        output.WriteLine();
        output.WriteLine("To train the winner again:");
        output.WriteLine($"  {command}");
    }

    private string Draw(TuningProgress value, string name)
    {
        var training = value.Training!;
        var now = $"{name}  epoch {training.Epoch}/{training.Epochs}  step {training.Step}/{training.StepsPerEpoch}  "
            + $"loss {training.Loss:F4}  {Text.Duration(value.Elapsed)} of {Text.Duration(value.Budget)}";
        return host.ErrorIsTerminal && value.Leaderboard.Count > 0
            ? $"{string.Join('\n', Table(value.Leaderboard, ShownTrials).Lines())}\n{now}" : now;
    }

    private static TextTable Table(IReadOnlyList<TuningTrial> trials, int most)
    {
        var table = new TextTable(">Rank", ">Trial", ">Epochs", ">Validation", ">Balanced", ">Loss", "Changed from the default");
        var usual = trials.First(trial => trial.Number == 1);
        foreach (var (index, trial) in trials.Index().Where(entry => entry.Index < most || entry.Item == usual))
        {
            var changed = trial.Settings.Where(entry => usual.Settings.GetValueOrDefault(entry.Key) != entry.Value)
                .Select(entry => $"{entry.Key} {entry.Value}");
            var differs = trial.Failure ?? (trial.Number == 1 ? "the default" : string.Join(' ', changed));
            string[] figures = trial.Rungs is [.., { Best: var best } last]
                ? [
                    $"{last.Epochs}", Text.Percent(best.ValidationAccuracy), Text.Percent(best.ValidationBalancedAccuracy ?? double.NaN),
                    best.ValidationLoss < 1e4 ? $"{best.ValidationLoss:F4}" : $"{best.ValidationLoss:E2}",
                ]
                : ["0", "", "", ""];
            table.Add([$"{index + 1}", $"{trial.Number}", .. figures, differs]);
        }

        return table;
    }

    private static string Reached(TuningTrial trial) => trial.Rungs is [.., var last]
        ? $"{Text.Count(last.Epochs, "epoch"),9}  validation {Text.Percent(last.Best.ValidationAccuracy)}  "
            + $"loss {last.Best.ValidationLoss:F4}"
        : "";
}
