using System.Text.Json;
using PhotoMl.IO;
using PhotoMl.Models;
using PhotoMl.Runtime;

namespace PhotoMl.Training;

/// <summary>What the checkpoint of any run stores beside its tensors and its position.</summary>
public abstract record CheckpointInfo
{
    /// <summary>The longest that a run can have taken: three hundred years, which a <see cref="TimeSpan"/> can hold.</summary>
    internal const double MostSeconds = 1e10;

    // torch ends the process where it is given no thread at all, or more than the system has.
    private const int MostThreads = 4096;

    /// <summary>The version of the checkpoint.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>What is trained on, such as <c>mnist train</c>.</summary>
    public required string Data { get; init; }

    /// <summary>What was said of the data when the run began; null where nothing was.</summary>
    public string? Notice { get; init; }

    /// <summary>The fingerprint of the training images; a run goes on with the same images only.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>The number format that was chosen.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The threads of the run; with another number sums are added in another order and the weights differ in their last bits.</summary>
    public required int Threads { get; init => field = Checked.InRange(value, 1, MostThreads, nameof(Threads)); }

    /// <summary>Says how a model of this run was trained.</summary>
    internal TrainingSummary Summarize<TOptions>(int trainImages, int epoch, long seed, TOptions options) => new()
    {
        Data = Data,
        Notice = Notice,
        TrainImages = trainImages,
        Epoch = epoch,
        Seed = seed,
        Precision = Precision,
        Threads = Threads,
        Version = typeof(CheckpointInfo).Assembly.GetName().Version!.ToString(3),
        Options = JsonSerializer.SerializeToElement(options, PhotoMlJson.Line),
    };
}
