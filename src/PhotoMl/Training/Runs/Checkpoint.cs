using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>A run on disk, from which it goes on as if it had never stopped: a file like a model file, with all tensors of the run.</summary>
/// <typeparam name="TInfo">What the run is.</typeparam>
/// <typeparam name="TState">Where it stands.</typeparam>
internal sealed class Checkpoint<TInfo, TState> : IDisposable
    where TInfo : CheckpointInfo
    where TState : RunState
{
    private Checkpoint(SafetensorsReader reader, Stored stored) => (Reader, Info, State) = (reader, stored.Info, stored.State);

    /// <summary>The tensors.</summary>
    public SafetensorsReader Reader { get; }

    /// <summary>What the run is.</summary>
    public TInfo Info { get; }

    /// <summary>Where it stands.</summary>
    public TState State { get; }

    /// <summary>Writes a checkpoint; the one before stays until the new one is whole.</summary>
    public static void Write(string path, TInfo info, TState state, IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        ModelFile.Write(path, new Stored(info, state), tensors);

    /// <summary>Opens a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">The kind of checkpoint it must be.</param>
    /// <exception cref="InvalidModelException">The file is missing, damaged or of another kind or format.</exception>
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

    /// <inheritdoc/>
    public void Dispose() => Reader.Dispose();

    private sealed record Stored(TInfo Info, TState State);
}
