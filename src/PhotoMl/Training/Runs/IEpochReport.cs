namespace PhotoMl.Training;

/// <summary>What one epoch gave, for <c>metrics.csv</c> and TensorBoard.</summary>
internal interface IEpochReport
{
    /// <summary>The epoch, from 1.</summary>
    int Epoch { get; }

    double Seconds { get; }

    IReadOnlyList<ReportColumn> Columns { get; }
}

/// <summary>One figure of an epoch.</summary>
internal readonly record struct ReportColumn(string Name, string? Tag, double? Value, string Format = "R");
