namespace PhotoMl.Training;

/// <summary>What becomes of a run whose generator has collapsed or whose loss is no longer a finite number.</summary>
public enum CollapseAction
{
    /// <summary>It goes on from the last healthy weights at half the learning rate.</summary>
    Restore,

    /// <summary>It stops; the last healthy model stays on disk.</summary>
    Stop,
}
