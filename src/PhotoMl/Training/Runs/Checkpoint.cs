using System.Text.Json;
using PhotoMl.IO;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>A run on disk, from which it goes on as if it had never stopped.</summary>
/// <typeparam name="TInfo">What the run is.</typeparam>
/// <typeparam name="TState">Where it stands.</typeparam>
internal sealed class Checkpoint<TInfo, TState> : IDisposable
    where TInfo : ICheckpointInfo<TState>
{
    private Checkpoint(SafetensorsReader reader, Stored stored)
    {
        Reader = reader;
        Info = stored.Info;
        State = stored.State;
    }

    /// <summary>The tensors.</summary>
    public SafetensorsReader Reader { get; }

    /// <summary>What the run is.</summary>
    public TInfo Info { get; }

    /// <summary>Where it stands.</summary>
    public TState State { get; }

    /// <summary>Writes a checkpoint; the one before stays until the new one is whole.</summary>
    public static void Write(string path, TInfo info, TState state, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        KeyValuePair<string, Tensor>[] listed = [.. tensors];
        var json = JsonSerializer.Serialize(new Stored(info, state), PhotoMlJson.Line);
        SafetensorsWriter.Write(path, listed, new Dictionary<string, string> { [TInfo.MetadataKey] = json, [ContentHash.Key] = ContentHash.Of(json, listed) });
    }

    /// <summary>Opens a checkpoint.</summary>
    /// <exception cref="InvalidModelException">The file is missing, damaged or of another format.</exception>
    public static Checkpoint<TInfo, TState> Open(string path)
    {
        var reader = SafetensorsReader.Open(path);
        try
        {
            var stored = Parse(reader);

            // Those of version 0.1 have no hash.
            if (reader.Metadata.ContainsKey(ContentHash.Key))
            {
                ContentHash.Check(reader, reader.Metadata[TInfo.MetadataKey]);
            }

            return new Checkpoint<TInfo, TState>(reader, stored);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Reader.Dispose();

    private static Stored Parse(SafetensorsReader reader)
    {
        if (!reader.Metadata.TryGetValue(TInfo.MetadataKey, out var json))
        {
            throw new InvalidModelException(reader.Path, $"a checkpoint of a {TInfo.Kind}", "a safetensors file without its metadata");
        }

        try
        {
            var stored = JsonSerializer.Deserialize<Stored>(json, PhotoMlJson.Line);
            if (stored is not { Info: not null, State: not null })
            {
                throw new JsonException("It is null."); // which the serializer allows of a type parameter
            }

            if (stored.Info.FormatVersion != TInfo.CurrentFormat)
            {
                throw new InvalidModelException(reader.Path, $"a checkpoint of format {TInfo.CurrentFormat}", $"format {stored.Info.FormatVersion}");
            }

            return stored.Info.FindFault(stored.State) is { } fault ? throw new InvalidModelException(reader.Path, "the position of a run", fault) : stored;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new InvalidModelException(reader.Path, "the metadata of a checkpoint", exception.Message.ReplaceLineEndings(" "));
        }
    }

    private sealed record Stored(TInfo Info, TState State);
}
