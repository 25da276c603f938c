namespace PhotoMl.Training;

/// <summary>What one epoch gave, as a row of <c>metrics.csv</c> and as the figures of an event file.</summary>
internal interface IMetricsRow
{
    /// <summary>The names of the columns.</summary>
    static abstract string Header { get; }

    /// <summary>The epoch, from 1.</summary>
    int Epoch { get; }

    /// <summary>The row's figures that are known, each under the name that TensorBoard shows; what stands before a slash is a group.</summary>
    IEnumerable<(string Tag, double Value)> Figures { get; }

    /// <summary>The row, numbers with all their digits.</summary>
    string ToRow();
}
