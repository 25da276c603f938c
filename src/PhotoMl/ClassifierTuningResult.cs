using PhotoMl.Evaluation;
using PhotoMl.Reporting;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>Where a tuning stands, reported after every step and every rung.</summary>
public sealed record TuningProgress
{
    /// <summary>The trial under way, or that has just ended a rung.</summary>
    public required TuningTrial Trial { get; init; }

    /// <summary>Where its training stands; null when it has ended a rung or failed.</summary>
    public required ClassifierProgress? Training { get; init; }

    /// <summary>All trials, from the best on.</summary>
    public required IReadOnlyList<TuningTrial> Leaderboard { get; init; }

    /// <summary>Whether it is the final training of the winner or the default.</summary>
    public bool IsFinal { get; init; }

    /// <summary>The time used so far.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The time that it may take.</summary>
    public required TimeSpan Budget { get; init; }
}

/// <summary>What a tuning found.</summary>
public sealed record ClassifierTuningResult
{
    /// <summary>The folder of the tuning.</summary>
    public required string Folder { get; init; }

    /// <summary>All trials, from the best on.</summary>
    public required IReadOnlyList<TuningTrial> Leaderboard { get; init; }

    /// <summary>The trial that the validation images chose; number 1 where it is the default.</summary>
    public required TuningTrial Winner { get; init; }

    /// <summary>What trains the winner again, on <see cref="ClassifierTuning.Data"/>.</summary>
    public required ClassifierRunOptions Options { get; init; }

    /// <summary>How the winner's network is trained where nothing is said; what depends on other options is null.</summary>
    public required ClassifierTrainingOptions Defaults { get; init; }

    /// <summary>The seed of the final trainings, which no trial had.</summary>
    public long Seed => Options.Training(Defaults).Seed;

    /// <summary>The winner's final training, evaluated on the test images.</summary>
    public required ClassifierRunResult Run { get; init; }

    /// <summary>The default, first, and the winner, second, on the test images; null where the default won, or could not be
    /// trained.</summary>
    public required ClassifierComparison? Comparison { get; init; }

    /// <summary>How well short trainings told which of the long ones are good.</summary>
    public required IReadOnlyList<RungCorrelation> Correlations { get; init; }

    /// <summary>The seconds that the search took, without the final trainings.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether the winner is better than the default: more test images right, with p below 0.05 by McNemar's test.</summary>
    public bool IsBetter => Comparison is { Difference: > 0, P: < 0.05 };

    /// <summary>Whether the winner is better than the default, in a sentence with the figures.</summary>
    public string Answer
    {
        get
        {
            if (Comparison is not { } comparison)
            {
                var reason = Winner.Number > 1
                    ? $"Nothing to compare with: the default failed, {Leaderboard.First(trial => trial.Number == 1).Failure}."
                    : Leaderboard.Count(trial => trial.Rungs.Count > 0) > 1
                        ? "No better than the default: the default recipe was the best of all trials on the validation images."
                        : "No answer: no trial but the default could be trained.";
                return Run.Test?.Report is not { } test ? reason
                    : $"{reason} {100 * test.Accuracy:F2} % of {PhotoMlException.Count(test.Images, "test image")} right.";
            }

            var interval = comparison.DifferenceInterval;
            var images = PhotoMlException.Count(comparison.Images, "test image");
            var (first, second) = (100 * comparison.First.Accuracy, 100 * comparison.Second.Accuracy);
            var figures = $"{Points(comparison.Difference)} points on {images}, {second:F2} % right against {first:F2} % (95 % interval "
                + $"{Points(interval.Low)} to {Points(interval.High)}; McNemar p = {comparison.P:G3})";
            return IsBetter ? $"Better than the default by {figures}."
                : comparison.Difference > 0 ? $"No better than the default: {figures}, which is not significant."
                : $"No better than the default: {figures}.";

            static string Points(double difference) => $"{100 * difference:+0.00;-0.00;0.00}";
        }
    }

    /// <summary>The winner's model.</summary>
    public string ModelPath => RunFolder.ModelPathIn(Path.Combine(Folder, "winner"));

    /// <summary>The page.</summary>
    public string ReportPath => Path.Combine(Folder, ReportFolder.PageName);

    /// <summary>The list of all trials.</summary>
    public string LeaderboardPath => Path.Combine(Folder, TuningState.LeaderboardName);
}
