using PhotoMl.Models;
using PhotoMl.Runtime;

namespace PhotoMl.Training;

/// <summary>What a checkpoint stores beside its tensors.</summary>
public sealed record CheckpointInfo
{
    /// <summary>The version of the checkpoint this library writes, and the only one it reads.</summary>
    public const int CurrentFormat = 1;

    // torch ends the process where it is given no thread at all, or more than the system has.
    private const int MostThreads = 4096;

    /// <summary>The version of the checkpoint.</summary>
    public int FormatVersion { get; init; } = CurrentFormat;

    /// <summary>What is trained on, such as <c>mnist train</c>.</summary>
    public required string Data { get; init; }

    /// <summary>What was said of the data when the run began; null where nothing was.</summary>
    public string? Notice { get; init; }

    /// <summary>The fingerprint of the training images; a run goes on with the same images only.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>The sizes of the network.</summary>
    public required ConvClassifierOptions Network { get; init; }

    /// <summary>How it is trained.</summary>
    public required ClassifierTrainingOptions Options { get; init; }

    /// <summary>The number format that was chosen.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The threads of the run; with another number sums are added in another order and the weights differ in their last bits.</summary>
    public required int Threads { get; init => field = Checked.InRange(value, 1, MostThreads, nameof(Threads)); }

    /// <summary>Reads what the checkpoint of a run says, without its tensors.</summary>
    /// <param name="run">The run's folder.</param>
    /// <returns>What is stored beside the tensors.</returns>
    /// <exception cref="InvalidModelException">The checkpoint is damaged or of another format.</exception>
    public static CheckpointInfo Read(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var checkpoint = ClassifierCheckpoint.Open(run.CheckpointPath);
        return checkpoint.Info;
    }
}
