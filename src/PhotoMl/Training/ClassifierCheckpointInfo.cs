using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>What the checkpoint of a classifier's run stores beside its tensors and its position.</summary>
internal sealed record ClassifierCheckpointInfo : CheckpointInfo
{
    private const string CheckpointKind = "checkpoint of a classifier";

    public override string Kind => CheckpointKind;

    public required ClassifierOptions Network { get; init => field = value.Validated(); }

    public required ClassifierTrainingOptions Options { get; init; }

    /// <summary>The fingerprint of the validation images; null where they are a share of the training images.</summary>
    public string? ValidationFingerprint { get; init; }

    /// <summary>Reads what a run is from its checkpoint, without its tensors.</summary>
    public static ClassifierCheckpointInfo Read(RunFolder run)
    {
        using var checkpoint = Open(run.CheckpointPath);
        return checkpoint.Info;
    }

    internal static Checkpoint<ClassifierCheckpointInfo, ClassifierState> Open(string path) =>
        Checkpoint<ClassifierCheckpointInfo, ClassifierState>.Open(path, CheckpointKind);

    internal override string? FindFault(RunState state) =>
        Options.Freeze is { } stage && !ImageClassifier.StagesOf(Network.Architecture).Contains(stage)
            ? $"a frozen stage {stage}"
            : state.FindFault(Options.Epochs);
}
