using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>A set of options that was tried, and how far its training went.</summary>
public sealed record TuningTrial
{
    /// <summary>Its number, from 1, which is the default recipe.</summary>
    public required int Number { get; init; }

    /// <summary>The network.</summary>
    public required ClassifierArchitecture Network { get; init; }

    /// <summary>How it is trained.</summary>
    public required ClassifierTrainingOptions Training { get; init; }

    /// <summary>What is tuned and its values, by the names of the options of <c>train-cnn</c>, without what has no meaning for the
    /// network.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The rungs that it has reached, in order.</summary>
    public IReadOnlyList<TuningRung> Rungs { get; init; } = [];

    /// <summary>Why it could not be trained further; null where it could.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether it was stopped, because others were better.</summary>
    public bool IsStopped { get; init; }

    internal TuningRung? Last => Rungs.Count > 0 ? Rungs[^1] : null;

    internal string Remark => Failure ?? (Number == 1 ? "default" : IsStopped ? "stopped" : "");

    internal bool IsOver => Failure is not null || IsStopped;
}

/// <summary>What a trial had reached after so many epochs.</summary>
public sealed record TuningRung
{
    /// <summary>The epochs done.</summary>
    public required int Epochs { get; init; }

    /// <summary>The best epoch so far.</summary>
    public required EpochReport Best { get; init; }

    /// <summary>The time spent training and validating since the first epoch.</summary>
    public required double Seconds { get; init; }
}

/// <summary>Whether short trainings tell which of the long ones are good.</summary>
public sealed record RungCorrelation
{
    /// <summary>The epochs of the lower rung.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epochs of the higher rung.</summary>
    public required int LaterEpochs { get; init; }

    /// <summary>The trials that have reached both.</summary>
    public required int Trials { get; init; }

    /// <summary>Spearman's rank correlation of their figures at both, in [-1, 1]; 0 says that the lower rung told nothing.</summary>
    /// <remarks>Of trials that were promoted, which are alike; of all it would be higher.</remarks>
    public required double Value { get; init; }
}
