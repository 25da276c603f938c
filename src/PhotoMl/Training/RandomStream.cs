namespace PhotoMl.Training;

/// <summary>What a random stream of a run is for; part of the path its numbers are derived from.</summary>
internal enum RandomStream
{
    /// <summary>The order of an epoch.</summary>
    Order = 2,

    /// <summary>The variations of a step's images.</summary>
    Augmentation = 3,
}
