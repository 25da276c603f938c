using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>What the checkpoint of a classifier's run stores beside its tensors and its position.</summary>
public sealed record ClassifierCheckpointInfo : CheckpointInfo, ICheckpointInfo<ClassifierState>
{
    /// <summary>The sizes of the network.</summary>
    public required ClassifierOptions Network { get; init => field = value.Validated(); }

    /// <summary>How it is trained.</summary>
    public required ClassifierTrainingOptions Options { get; init; }

    /// <summary>The fingerprint of the images that the best epoch is chosen by; null where they are a share of the training images.</summary>
    public string? ValidationFingerprint { get; init; }

    static string ICheckpointInfo<ClassifierState>.MetadataKey => "photoml_checkpoint";

    static string ICheckpointInfo<ClassifierState>.Kind => ClassifierInfo.ClassifierKind;

    static int ICheckpointInfo<ClassifierState>.CurrentFormat => 1;

    /// <summary>Reads what the checkpoint of a run says, without its tensors.</summary>
    /// <param name="run">The run's folder.</param>
    /// <returns>What is stored beside the tensors.</returns>
    /// <exception cref="InvalidModelException">The checkpoint is damaged or of another format.</exception>
    public static ClassifierCheckpointInfo Read(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var checkpoint = Checkpoint<ClassifierCheckpointInfo, ClassifierState>.Open(run.CheckpointPath);
        return checkpoint.Info;
    }

    string? ICheckpointInfo<ClassifierState>.FindFault(ClassifierState state) =>
        Options.Freeze is { } stage && !ImageClassifier.StagesOf(Network.Architecture).Contains(stage) ? $"a frozen stage {stage}"
        : state.IsConsistent(Options.Epochs) ? null
        : $"epoch {state.Epoch} after {state.History.Count} epochs";
}
