using System.Text.Json;
using PhotoMl.IO;
using PhotoMl.Models;
using PhotoMl.Runtime;

namespace PhotoMl.Training;

/// <summary>What the checkpoint of any run stores beside its tensors and its position.</summary>
internal abstract record CheckpointInfo
{
    /// <summary>The version of the checkpoint this library writes, and the only one it reads.</summary>
    internal const int CurrentFormat = 2;

    // torch ends the process where it is given no thread at all, or more than the system has.
    private const int MostThreads = 4096;

    public int FormatVersion { get; init; } = CurrentFormat;
    public abstract string Kind { get; }

    /// <summary>What is trained on, such as <c>mnist train</c>.</summary>
    public required string Data { get; init; }

    /// <summary>What there was to know about the data when the run began; null where there was nothing.</summary>
    public string? Notice { get; init; }

    /// <summary>The fingerprint of the training images; a run goes on with the same images only.</summary>
    public required string DataFingerprint { get; init; }

    public required Precision Precision { get; init; }

    /// <summary>The threads of the run; with another number sums are added in another order and the weights differ in their last bits.</summary>
    public required int Threads { get; init => field = Checked.InRange(value, 1, MostThreads, nameof(Threads)); }

    /// <summary>Finds what cannot be true of a position in this run.</summary>
    internal abstract string? FindFault(RunState state);

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
