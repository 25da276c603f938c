using System.Text;
using System.Text.Json;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>How far a tuning has come: <c>trials.json</c> of its folder, and <c>leaderboard.csv</c> for people.</summary>
internal sealed record TuningState
{
    public const string Name = "trials.json";
    public const string LeaderboardName = "leaderboard.csv";

    private const string Expected = "the trials of a tuning";

    /// <summary>The seconds that were used.</summary>
    public double Seconds { get; init => field = Checked.InRange(value, 0, RunState<EpochReport>.MostSeconds, nameof(Seconds)); }

    public IReadOnlyList<TuningTrial> Trials { get; init; } = [];

    /// <summary>Reads the state of a tuning of so many epochs.</summary>
    public static TuningState Read(string folder, int epochs)
    {
        var path = Path.Combine(folder, Name);
        var rungs = SuccessiveHalving.RungsOf(epochs);
        return RunFolder.ReadText(path, Expected, text =>
        {
            var state = JsonSerializer.Deserialize<TuningState>(text, PhotoMlJson.Line)!;
            return state.Trials.Index().All(entry => entry.Item is { } trial && trial.Number == entry.Index + 1
                && trial.Rungs.All(rung => rung is { Seconds: >= 0 } && double.IsFinite(rung.Best.ValidationLoss))
                && trial.Rungs.Select(rung => rung.Epochs).SequenceEqual(rungs.Take(trial.Rungs.Count)))
                ? state
                : throw new InvalidModelException(path, Expected, "trials that do not follow each other");
        });
    }

    public void Write(string folder, IReadOnlyList<TuningTrial> leaderboard, IReadOnlyList<string> tuned)
    {
        AtomicFile.Write(Path.Combine(folder, LeaderboardName), Encoding.UTF8.GetBytes(ToCsv(leaderboard, tuned)));
        AtomicFile.Write(Path.Combine(folder, Name), JsonSerializer.SerializeToUtf8Bytes(this, PhotoMlJson.Line));
    }

    // Columns have underscores, as in metrics.csv.
    private static string ToCsv(IReadOnlyList<TuningTrial> trials, IReadOnlyList<string> tuned) => string.Concat(
        trials.Select((trial, index) =>
        {
            var (last, settings) = (trial.Last, tuned.Select(name => $"{trial.Settings.GetValueOrDefault(name)},"));
            return $"{index + 1},{trial.Number},{last?.Epochs ?? 0},{last?.Best.ValidationAccuracy},"
                + $"{last?.Best.ValidationBalancedAccuracy},{last?.Best.ValidationLoss},{last?.Seconds:F4},{string.Concat(settings)}"
                + ForeignText.Quote(ForeignText.Guard(trial.Remark));
        }).Prepend("rank,trial,epochs,validation_accuracy,validation_balanced_accuracy,validation_loss,seconds,"
            + string.Concat(tuned.Select(name => $"{name.Replace('-', '_')},")) + "remark").Select(line => line + "\n"));
}
