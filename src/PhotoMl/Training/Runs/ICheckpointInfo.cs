namespace PhotoMl.Training;

/// <summary>What tells the checkpoints of one kind of run from those of another.</summary>
/// <typeparam name="TState">Where such a run stands.</typeparam>
internal interface ICheckpointInfo<in TState>
{
    /// <summary>The entry of the file's metadata.</summary>
    static abstract string MetadataKey { get; }

    /// <summary>What is trained, for messages.</summary>
    static abstract string Kind { get; }

    /// <summary>The version of the checkpoint this library writes, and the only one it reads.</summary>
    static abstract int CurrentFormat { get; }

    /// <summary>The version of this checkpoint.</summary>
    int FormatVersion { get; }

    /// <summary>Finds what cannot be true of a position in this run.</summary>
    /// <returns>What was found; null where the position can be one of the run.</returns>
    string? FindFault(TState state);
}
