using System.Text.Json;
using PhotoMl.IO;
using PhotoMl.Models;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>A run on disk, from which it goes on as if it had never stopped: a file like a model file, with all tensors of the run.</summary>
internal sealed class Checkpoint<TInfo, TState> : IDisposable
    where TInfo : CheckpointInfo
    where TState : RunState
{
    private Checkpoint(SafetensorsReader reader, Stored stored) => (Reader, Info, State) = (reader, stored.Info, stored.State);

    public SafetensorsReader Reader { get; }
    public TInfo Info { get; }
    public TState State { get; }

    /// <summary>Writes a checkpoint; the one before stays until the new one is whole.</summary>
    public static void Write(string path, TInfo info, TState state, IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        ModelFile.Write(path, new Stored(info, state), tensors);

    public static Checkpoint<TInfo, TState> Open(string path, string kind)
    {
        var reader = SafetensorsReader.Open(path);
        try
        {
            var stored = ModelFile.ReadStored<Stored>(reader, kind, CheckpointInfo.CurrentFormat, Check, oldestFormat: CheckpointInfo.CurrentFormat);
            ModelFile.CheckContent(reader, isRequired: true);
            return new Checkpoint<TInfo, TState>(reader, stored);
        }
        catch
        {
            reader.Dispose();
            throw;
        }

        void Check(Stored stored)
        {
            // The serializer allows null of a type parameter.
            if ((stored is { Info: { } info, State: { } state } ? info.FindFault(state) : "null") is { } fault)
            {
                throw new InvalidModelException(path, "the position of a run", fault);
            }
        }
    }

    public void Dispose() => Reader.Dispose();

    private sealed record Stored(TInfo Info, TState State);
}

/// <summary>What the checkpoint of any run stores beside its tensors and its position.</summary>
internal abstract record CheckpointInfo
{
    /// <summary>The version of the checkpoint this library writes, and the only one it reads.</summary>
    internal const int CurrentFormat = 3;

    // torch ends the process where it is given no thread at all, or more than the system has.
    private const int MostThreads = 4096;

    public int FormatVersion { get; init; } = CurrentFormat;
    public abstract string Kind { get; }
    public required string Data { get; init; }

    /// <summary>What there was to know about the data when the run began; null where there was nothing.</summary>
    public string? Notice { get; init; }

    /// <summary>The fingerprint of the training images; a run goes on with the same images only.</summary>
    public required string DataFingerprint { get; init; }

    public required Precision Precision { get; init; }

    /// <summary>The threads of the run; with another number sums are added in another order and the weights differ in their last bits.</summary>
    public required int Threads { get; init => field = Checked.InRange(value, 1, MostThreads, nameof(Threads)); }

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
