using System.Text.Json.Serialization;

namespace PhotoMl.Training;

/// <summary>Where a run stands, apart from its tensors; stored in every checkpoint.</summary>
internal sealed class RunState<TReport>
    where TReport : class, IEpochReport
{
    /// <summary>After so many restores a run does not go on.</summary>
    public const int MostRestores = 5;

    /// <summary>The longest that a run can have taken: three hundred years, which a <see cref="TimeSpan"/> can hold.</summary>
    public const double MostSeconds = 1e10;

    /// <summary>The epoch under way, from 1; past the last one when the run is over.</summary>
    public int Epoch { get; set; } = 1;

    public int Step { get; set; }
    public long Seen { get; set; }
    public double EpochSeconds { get; set; }
    public double Seconds { get; set; }
    public bool Finished { get; set; }

    /// <summary>The epoch of the weights that are kept, the best or the last healthy one; 0 before the first.</summary>
    public int KeptEpoch { get; set; }

    /// <summary>How often the run went back to healthy weights; each time halves the learning rates.</summary>
    public int Restores { get; set; }

    /// <summary>What the steps of the epoch gave, by name.</summary>
    public Dictionary<string, RunningMean> Means { get; init; } = [];

    /// <summary>What pseudo-labels depend on; null where there are no unlabeled images.</summary>
    public PseudoLabels? PseudoLabels { get; set; }

    public List<TReport> History { get; init; } = [];

    /// <summary>The report of the epoch whose weights are kept; null before the first.</summary>
    [JsonIgnore]
    public TReport? Kept => KeptEpoch == 0 ? null : History[KeptEpoch - 1];

    [JsonIgnore]
    public double RateFactor => Math.Pow(0.5, Restores);

    [JsonIgnore]
    public double ImagesPerSecond => Seen / Math.Max(EpochSeconds, 1e-9);

    /// <summary>Says where a run stands that was read from a file, if one of so many epochs cannot stand there; else null.</summary>
    public string? FindFault(int epochs, Func<RunState<TReport>, int, bool> isConsistent)
    {
        var isPossible = Epoch == History.Count + 1 && Step >= 0 && Seen >= 0
            && History.Index().All(row => row.Item is { } epoch && epoch.Epoch == row.Index + 1 && epoch.Seconds is >= 0 and <= MostSeconds)
            && (Finished || Epoch <= epochs) && History.Count <= epochs
            && KeptEpoch >= (Finished ? 1 : 0) && KeptEpoch <= History.Count && Restores is >= 0 and <= MostRestores
            && Means.Values.All(mean => double.IsFinite(mean.Sum) && mean.Count >= 0 && mean.Count <= Seen)
            && PseudoLabels is not { IsConsistent: false }
            && EpochSeconds is >= 0 and <= MostSeconds && Seconds is >= 0 and <= MostSeconds && isConsistent(this, epochs);
        return isPossible ? null : $"epoch {Epoch}, step {Step} after {PhotoMlException.Count(History.Count, "epoch")}";
    }

    public void AddStep(double seconds)
    {
        Step++;
        EpochSeconds += seconds;
        Seconds += seconds;
    }

    /// <summary>Counts a figure of a step: its sum over so many images or steps.</summary>
    public void Add(string figure, double sum, long count)
    {
        var before = Means.GetValueOrDefault(figure);
        Means[figure] = new RunningMean(before.Sum + sum, before.Count + count);
    }

    /// <summary>The mean of a figure over the epoch so far; NaN where no step gave it.</summary>
    public double Mean(string figure) => Means.GetValueOrDefault(figure).Value;

    /// <summary>The same; null where no step gave it.</summary>
    public double? MeanOrNull(string figure) => Mean(figure) is var mean && double.IsFinite(mean) ? mean : null;

    /// <summary>An estimate of the time that is left after a step.</summary>
    public TimeSpan Remaining(int epochs, int stepsPerEpoch)
    {
        var stepsLeft = Finished ? 0 : ((epochs - Epoch + 1L) * stepsPerEpoch) - Step;
        return TimeSpan.FromSeconds(Math.Min(EpochSeconds / Step * stepsLeft, MostSeconds));
    }

    public void NextEpoch(TReport report)
    {
        History.Add(report);
        (Epoch, Step, Seen, EpochSeconds) = (Epoch + 1, 0, 0, 0);
        Means.Clear();
    }
}

internal readonly record struct RunningMean(double Sum, long Count)
{
    [JsonIgnore]
    public double Value => Sum / Count;
}
