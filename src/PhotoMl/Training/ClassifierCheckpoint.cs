using System.Text.Json;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>A classifier's run on disk, from which it goes on as if it had never stopped.</summary>
internal sealed class ClassifierCheckpoint : IDisposable
{
    private const string MetadataKey = "photoml_checkpoint";

    private ClassifierCheckpoint(SafetensorsReader reader, Stored stored)
    {
        Reader = reader;
        Info = stored.Info;
        State = stored.State;
    }

    /// <summary>The tensors.</summary>
    public SafetensorsReader Reader { get; }

    /// <summary>What the run is.</summary>
    public CheckpointInfo Info { get; }

    /// <summary>Where it stands.</summary>
    public TrainingState State { get; }

    /// <summary>Writes a checkpoint; the one before stays until the new one is whole.</summary>
    public static void Write(string path, CheckpointInfo info, TrainingState state, TrainingWeights weights) =>
        SafetensorsWriter.Write(
            path, weights.Named(), new Dictionary<string, string> { [MetadataKey] = JsonSerializer.Serialize(new Stored(info, state), PhotoMlJson.Line) });

    /// <summary>Opens a checkpoint.</summary>
    /// <exception cref="InvalidModelException">The file is missing, damaged or of another format.</exception>
    public static ClassifierCheckpoint Open(string path)
    {
        var reader = SafetensorsReader.Open(path);
        try
        {
            return new ClassifierCheckpoint(reader, Parse(reader));
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
        if (!reader.Metadata.TryGetValue(MetadataKey, out var json))
        {
            throw new InvalidModelException(reader.Path, "a checkpoint of PhotoMl", "a safetensors file without its metadata");
        }

        try
        {
            var stored = JsonSerializer.Deserialize<Stored>(json, PhotoMlJson.Line) ?? throw new JsonException("It is null.");
            if (stored.Info.FormatVersion != CheckpointInfo.CurrentFormat)
            {
                throw new InvalidModelException(reader.Path, $"a checkpoint of format {CheckpointInfo.CurrentFormat}", $"format {stored.Info.FormatVersion}");
            }

            return stored.State.IsConsistent(stored.Info.Options.Epochs)
                ? stored
                : throw new InvalidModelException(reader.Path, "the position of a run", $"epoch {stored.State.Epoch} after {stored.State.History.Count} epochs");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new InvalidModelException(reader.Path, "the metadata of a checkpoint", exception.Message.ReplaceLineEndings(" "));
        }
    }

    private sealed record Stored(CheckpointInfo Info, TrainingState State);
}
