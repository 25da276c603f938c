using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>What the checkpoint of a generative run stores beside its tensors and its position.</summary>
public sealed record GanCheckpointInfo : CheckpointInfo, ICheckpointInfo<GanState>
{
    /// <summary>The sizes of the networks.</summary>
    public required DcganOptions Network { get; init; }

    /// <summary>How they are trained.</summary>
    public required GanTrainingOptions Options { get; init; }

    /// <summary>The hash of the classifier that looks at each epoch's pictures; null where there is none.</summary>
    public string? ClassifierHash { get; init; }

    static string ICheckpointInfo<GanState>.MetadataKey => "photoml_gan_checkpoint";

    static string ICheckpointInfo<GanState>.Kind => GeneratorInfo.GeneratorKind;

    static int ICheckpointInfo<GanState>.CurrentFormat => 1;

    /// <summary>Reads what the checkpoint of a run says, without its tensors.</summary>
    /// <param name="run">The run's folder.</param>
    /// <returns>What is stored beside the tensors.</returns>
    /// <exception cref="InvalidModelException">The checkpoint is damaged or of another format.</exception>
    public static GanCheckpointInfo Read(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var checkpoint = Checkpoint<GanCheckpointInfo, GanState>.Open(run.CheckpointPath);
        return checkpoint.Info;
    }

    string? ICheckpointInfo<GanState>.FindFault(GanState state) => Options.FindConflict() ?? state.FindFault(Options.Epochs);
}
