using System.Text.Json.Serialization;

namespace PhotoMl.Training;

/// <summary>Where a run stands, apart from its tensors; stored in every checkpoint.</summary>
internal abstract class RunState
{
    /// <summary>The longest that a run can have taken: three hundred years, which a <see cref="TimeSpan"/> can hold.</summary>
    public const double MostSeconds = 1e10;

    /// <summary>The epoch under way, from 1; past the last one when the run is over.</summary>
    public int Epoch { get; set; } = 1;

    public int Step { get; set; }
    public long Seen { get; set; }
    public double EpochSeconds { get; set; }
    public double Seconds { get; set; }
    public bool Finished { get; set; }

    [JsonIgnore]
    public abstract IReadOnlyList<IEpochReport> Reports { get; }

    [JsonIgnore]
    public double ImagesPerSecond => Seen / Math.Max(EpochSeconds, 1e-9);

    public string? FindFault(int epochs)
    {
        var isConsistent = Epoch == Reports.Count + 1 && Step >= 0 && Seen >= 0
            && Reports.Index().All(row => row.Item is { } epoch && epoch.Epoch == row.Index + 1 && epoch.Seconds is >= 0 and <= MostSeconds)
            && (Finished ? Reports.Count is > 0 : Epoch <= epochs) && Reports.Count <= epochs
            && EpochSeconds is >= 0 and <= MostSeconds && Seconds is >= 0 and <= MostSeconds
            && IsConsistent(epochs);
        return isConsistent ? null : $"epoch {Epoch}, step {Step} after {Reports.Count} epochs";
    }

    public void AddStep(double seconds)
    {
        Step++;
        EpochSeconds += seconds;
        Seconds += seconds;
    }

    protected abstract bool IsConsistent(int epochs);

    protected void NextEpoch() => (Epoch, Step, Seen, EpochSeconds) = (Epoch + 1, 0, 0, 0);

    protected TimeSpan Remaining(int epochs, int stepsPerEpoch, IEpochReport? completed)
    {
        var secondsPerStep = completed is null ? EpochSeconds / Step : completed.Seconds / stepsPerEpoch;
        var stepsLeft = Finished ? 0 : ((epochs - Epoch + 1L) * stepsPerEpoch) - Step;
        return TimeSpan.FromSeconds(Math.Min(secondsPerStep * stepsLeft, MostSeconds));
    }
}
