namespace PhotoMl.Cli.Commands;

/// <summary>How photos are set aside to choose the best epoch by, where the data does not say.</summary>
internal enum SplitKind
{
    /// <summary>Near duplicates and bursts stay on one side.</summary>
    Grouped,

    /// <summary>Photo by photo.</summary>
    Random,
}
