using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>What the checkpoint of a generative run stores beside its tensors and its position.</summary>
internal sealed record GanCheckpointInfo : CheckpointInfo
{
    private const string CheckpointKind = "checkpoint of a generator";

    public override string Kind => CheckpointKind;

    public required DcganOptions Network { get; init; }
    public required GanTrainingOptions Options { get; init; }

    /// <summary>The hash of the classifier that evaluates each epoch's pictures; null where there is none.</summary>
    public string? ClassifierHash { get; init; }

    /// <summary>Reads what a run is from its checkpoint, without its tensors.</summary>
    public static GanCheckpointInfo Read(RunFolder run)
    {
        using var checkpoint = Open(run.CheckpointPath);
        return checkpoint.Info;
    }

    internal static Checkpoint<GanCheckpointInfo, GanState> Open(string path) =>
        Checkpoint<GanCheckpointInfo, GanState>.Open(path, CheckpointKind);

    internal override string? FindFault(RunState state) => Options.FindConflict() ?? state.FindFault(Options.Epochs);
}
