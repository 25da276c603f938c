using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>What the checkpoint of a generative run stores beside its tensors and its position.</summary>
internal sealed record GanCheckpointInfo : CheckpointInfo
{
    private const string CheckpointKind = "checkpoint of a generator";

    /// <inheritdoc/>
    public override string Kind => CheckpointKind;

    /// <summary>The sizes of the networks.</summary>
    public required DcganOptions Network { get; init; }

    /// <summary>How they are trained.</summary>
    public required GanTrainingOptions Options { get; init; }

    /// <summary>The hash of the classifier that evaluates each epoch's pictures; null where there is none.</summary>
    public string? ClassifierHash { get; init; }

    /// <summary>Reads what a run is from its checkpoint, without its tensors.</summary>
    /// <param name="run">The run's folder.</param>
    /// <returns>What is stored beside the tensors.</returns>
    /// <exception cref="InvalidModelException">The checkpoint is damaged or of another format.</exception>
    public static GanCheckpointInfo Read(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var checkpoint = Open(run.CheckpointPath);
        return checkpoint.Info;
    }

    /// <summary>Opens the checkpoint of a generative run.</summary>
    internal static Checkpoint<GanCheckpointInfo, GanState> Open(string path) =>
        Checkpoint<GanCheckpointInfo, GanState>.Open(path, CheckpointKind);

    internal override string? FindFault(RunState state) => Options.FindConflict() ?? state.FindFault(Options.Epochs);
}
