namespace PhotoMl.Training;

/// <summary>Which figure of the validation images makes an epoch the best.</summary>
public enum MonitoredMetric
{
    /// <summary>The share of images predicted right.</summary>
    Accuracy,

    /// <summary>The mean over the classes of the share of their images predicted right, in which a rare class counts as much as a frequent one.</summary>
    BalancedAccuracy,
}
