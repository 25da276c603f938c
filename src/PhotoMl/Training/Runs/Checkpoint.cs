using PhotoMl.Models;
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
