namespace PhotoMl.Training;

/// <summary>What one epoch gave, as a row of <c>metrics.csv</c>.</summary>
internal interface IMetricsRow
{
    /// <summary>The names of the columns.</summary>
    static abstract string Header { get; }

    /// <summary>The row, numbers with all their digits.</summary>
    string ToRow();
}
