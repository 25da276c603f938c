using System.Text.Json;
using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>A run on disk, from which it goes on as if it had never stopped: a file like a model file, with all tensors of the
/// run.</summary>
internal sealed record Checkpoint<TNetwork, TOptions, TReport>(
    SafetensorsReader Reader, RunInfo<TNetwork, TOptions> Info, RunState<TReport> State) : IDisposable
    where TOptions : IRunOptions
    where TReport : class, IEpochReport
{
    /// <summary>Writes a checkpoint; the one before stays until the new one is whole.</summary>
    public static void Write(
        string path, RunInfo<TNetwork, TOptions> info, RunState<TReport> state, IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        ModelFile.Write(path, new Stored(info, state), tensors);

    public static Checkpoint<TNetwork, TOptions, TReport> Open(
        string path, string kind, Func<TNetwork, TOptions, string?> findConflict, Func<RunState<TReport>, int, bool> isConsistent)
    {
        return Owned.Open(owned =>
        {
            var reader = owned.Add(SafetensorsReader.Open(path));
            var stored = ModelFile.ReadStored<Stored>(reader, kind, RunInfo.CurrentFormat, Check, oldestFormat: RunInfo.CurrentFormat);
            ModelFile.CheckContent(reader, isRequired: true);
            return new Checkpoint<TNetwork, TOptions, TReport>(reader, stored.Info, stored.State);
        });

        void Check(Stored stored)
        {
            // The serializer allows null of a type parameter.
            var (network, options) = (stored.Info.Network, stored.Info.Options);
            var fault = network is null || options is null ? "null"
                : findConflict(network, options) ?? stored.State.FindFault(options.Epochs, isConsistent);
            if (fault is not null)
            {
                throw new InvalidModelException(path, "the position of a run", fault);
            }
        }
    }

    public void Dispose() => Reader.Dispose();

    private sealed record Stored(RunInfo<TNetwork, TOptions> Info, RunState<TReport> State);
}

/// <summary>What the options of every run have.</summary>
internal interface IRunOptions
{
    int Epochs { get; }
    long Seed { get; }
}

/// <summary>What a run is: what its checkpoint stores beside its tensors and its position.</summary>
internal sealed record RunInfo<TNetwork, TOptions>
    where TOptions : IRunOptions
{
    public int FormatVersion { get; init; } = RunInfo.CurrentFormat;
    public required string Kind { get; init; }
    public required string Data { get; init; }

    /// <summary>What there was to know about the data when the run began; null where there was nothing.</summary>
    public string? Notice { get; init; }

    public bool Transpose { get; init; }

    /// <summary>The fingerprint of the training images; a run goes on with the same images only.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>The fingerprint of what evaluates an epoch, such as the validation images; null where the run was given nothing.</summary>
    public string? EvaluatorFingerprint { get; init; }

    /// <summary>The fingerprint of the unlabeled images; null where there are none.</summary>
    public string? UnlabeledFingerprint { get; init; }

    public required TNetwork Network { get; init; }
    public required TOptions Options { get; init; }
    public required Precision Precision { get; init; }

    /// <summary>The threads of the run; with another number sums are added in another order and the weights differ in their last
    /// bits.</summary>
    public required int Threads { get; init => field = Checked.InRange(value, 1, RunInfo.MostThreads, nameof(Threads)); }

    public TrainingSummary Summarize(int trainImages, int epoch) => new()
    {
        Data = Data,
        Notice = Notice,
        Transpose = Transpose,
        TrainImages = trainImages,
        Epoch = epoch,
        Seed = Options.Seed,
        Precision = Precision,
        Threads = Threads,
        Version = typeof(RunInfo).Assembly.GetName().Version!.ToString(3),
        Options = JsonSerializer.SerializeToElement(Options, PhotoMlJson.Line),
    };
}

internal static class RunInfo
{
    /// <summary>The version of the checkpoint this library writes, and the only one it reads.</summary>
    public const int CurrentFormat = 5;

    // torch ends the process where it is given no thread at all, or more than the system has.
    public const int MostThreads = 4096;

    public static RunInfo<TNetwork, TOptions> Of<TNetwork, TOptions>(
        string kind, ImageDataset data, string? evaluatorFingerprint, TNetwork network, TOptions options, Precision precision)
        where TOptions : IRunOptions => new()
        {
            Kind = kind,
            Data = data.Name,
            Notice = data.Notice,
            Transpose = data.IsTransposed,
            DataFingerprint = data.Fingerprint(),
            EvaluatorFingerprint = evaluatorFingerprint,
            Network = network,
            Options = options,
            Precision = precision,
            Threads = get_num_threads(),
        };
}
