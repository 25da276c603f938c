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
/// <param name="Epochs">The epochs done.</param>
/// <param name="Best">The best epoch so far.</param>
/// <param name="Seconds">The time spent training and validating since the first epoch.</param>
public sealed record TuningRung(int Epochs, EpochReport Best, double Seconds);

/// <summary>Whether short trainings tell which of the long ones are good.</summary>
/// <param name="Epochs">The epochs of the lower rung.</param>
/// <param name="LaterEpochs">The epochs of the higher rung.</param>
/// <param name="Trials">The trials that have reached both.</param>
/// <param name="Value">Spearman's rank correlation of their figures at both, in [-1, 1]; 0 says that the lower rung told nothing.</param>
/// <remarks>Of trials that were promoted, which are alike; of all it would be higher.</remarks>
public sealed record RungCorrelation(int Epochs, int LaterEpochs, int Trials, double Value);
