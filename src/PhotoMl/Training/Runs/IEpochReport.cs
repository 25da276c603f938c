namespace PhotoMl.Training;

/// <summary>What one epoch gave, for <c>metrics.csv</c> and TensorBoard.</summary>
internal interface IEpochReport
{
    /// <summary>The epoch, from 1.</summary>
    int Epoch { get; }

    /// <summary>How long the epoch's training took.</summary>
    double Seconds { get; }

    /// <summary>The figures in the order of the columns.</summary>
    IReadOnlyList<ReportColumn> Columns { get; }
}

/// <summary>One figure of an epoch.</summary>
/// <param name="Name">The name of its column.</param>
/// <param name="Tag">Its name in TensorBoard, in which a group precedes a slash; null where it is not shown there.</param>
/// <param name="Value">The figure; null where it is not known.</param>
/// <param name="Format">How it is written; by default with all its digits.</param>
internal readonly record struct ReportColumn(string Name, string? Tag, double? Value, string Format = "R");
