using System.Buffers.Binary;
using Google.Protobuf;
using PhotoMl.IO;
using Tensorboard;

namespace PhotoMl.Training;

/// <summary>What the epochs of a run gave, for TensorBoard: figures, and the sample grids of a generative run.</summary>
/// <remarks>
/// Every process that trains in a folder begins a file of its own, at its first epoch. It declares void what an earlier one has of the epochs it runs,
/// since a process that was killed after it wrote an epoch's events and before its checkpoint leaves an epoch to be run again.
/// </remarks>
internal sealed class EventLog(RunFolder run)
{
    private const string NameStart = "events.out.tfevents.";
    private const string SamplesTag = "samples";

    private EventFile? _file;
    private int _written;

    /// <summary>Writes what is new in a run's history; where the folder holds no events of the epochs before, these too.</summary>
    public void Write(IReadOnlyList<IEpochReport> history)
    {
        if (!File.Exists(_file?.Path))
        {
            var newest = NewestTime();
            _written = newest is null ? 0 : history.Count - 1;
            _file = EventFile.Create(NextPath(newest ?? 0), history[_written].Epoch);
        }

        foreach (var epoch in history.Skip(_written))
        {
            _file.Append(epoch.Epoch, Summarize(epoch));
        }

        _written = history.Count;
    }

    // Readers take a folder's files by name, so that a clock that was set back must not put a later file first.
    private string NextPath(long newest)
    {
        var time = Math.Max(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), newest + 1);

        // Where other programs name the machine, this one names itself.
        return Path.Combine(run.Path, $"{NameStart}{time}.photoml.{Environment.ProcessId}.0");
    }

    // The latest time in the names of the folder's files; null where it has none.
    private long? NewestTime() => Directory.EnumerateFiles(run.Path, NameStart + "*")
        .Select(path => long.TryParse(Path.GetFileName(path)[NameStart.Length..].Split('.')[0], out var time) ? time : 0)
        .Select(time => (long?)time)
        .Max();

    private Summary Summarize(IEpochReport epoch)
    {
        var summary = new Summary();
        foreach (var column in epoch.Columns)
        {
            if (column is { Tag: { } tag, Value: { } value })
            {
                summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });
            }
        }

        var grid = run.SampleGridPath(epoch.Epoch);
        if (File.Exists(grid))
        {
            summary.Value.Add(new Summary.Types.Value { Tag = SamplesTag, Image = ToImage(RegularFile.ReadAllBytes(grid)) });
        }

        return summary;
    }

    private static Summary.Types.Image ToImage(byte[] png)
    {
        // The header chunk: after 8 bytes of signature and 8 of length and name, width, height, depth and colour type.
        const int WidthAt = 16;
        const int HeightAt = 20;
        const int ColourTypeAt = 25;
        const int Grey = 0;
        return new Summary.Types.Image
        {
            Width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(WidthAt)),
            Height = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(HeightAt)),
            Colorspace = png[ColourTypeAt] == Grey ? 1 : 3, // as summary.proto counts them
            EncodedImageString = ByteString.CopyFrom(png),
        };
    }
}
