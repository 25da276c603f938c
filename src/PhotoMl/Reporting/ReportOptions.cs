namespace PhotoMl.Reporting;

/// <summary>What a report of a classifier shows.</summary>
public sealed record ReportOptions
{
    /// <summary>How many of the most confident errors, and of the least confident images, are shown. Default 24.</summary>
    public int Images { get; init => field = Checked.InRange(value, 0, 1000, nameof(Images)); } = 24;

    /// <summary>How often the true class is to be in the set of an image, between 0 and 1; null tells of no sets. Default null.</summary>
    public double? Coverage { get; init; }

    /// <summary>How many images are evaluated at once. Default that of <see cref="Evaluation.ClassifierEvaluator"/>.</summary>
    public int BatchSize { get; init => field = Checked.InRange(value, 1, 65_536, nameof(BatchSize)); } =
        Evaluation.ClassifierEvaluator.DefaultBatchSize;
}
