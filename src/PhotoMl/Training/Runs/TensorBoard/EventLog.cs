using System.Buffers.Binary;
using Google.Protobuf;
using SkiaSharp;
using Tensorboard;

namespace PhotoMl.Training;

/// <summary>What the epochs of a run gave, for TensorBoard, which reads it as it grows: figures, and the sample grids of a generative
/// run.</summary>
/// <remarks>Every process that trains in a folder begins a file of its own, at its first epoch. It declares void what an earlier one has of
/// the epochs it runs, since a process that was killed after it wrote an epoch's events and before its checkpoint leaves an epoch to be run
/// again. A process that is killed may leave its last record cut short; readers stop before it. What a failed write left is cut off by the
/// next one. The messages are those of TensorFlow's <c>event.proto</c> and <c>summary.proto</c>, which TorchSharp brings along.</remarks>
internal sealed class EventLog(RunFolder run)
{
    private const string NameStart = "events.out.tfevents.";

    // What readers take the file by; from this version on they drop what a START event declares void.
    private const string Version = "brain.Event:2";

    // A TFRecord: the length as 8 bytes, the masked CRC-32C of these, the record, its masked CRC-32C; all with the lowest byte first
    // (TensorFlow, "TFRecord and tf.train.Example", section "TFRecords format details").
    private const int LengthBytes = 8;
    private const int ChecksumBytes = 4;
    private const uint MaskDelta = 0xA282EAD8;

    private string? _path;
    private long _length;
    private int _written;

    /// <summary>Writes what is new in a run's history; where the folder holds no events of the epochs before, these too.</summary>
    public void Write(IReadOnlyList<IEpochReport> history)
    {
        IEnumerable<Event> head = [];
        var (path, length, written) = (_path, _length, _written);
        if (!File.Exists(path))
        {
            // Readers take a folder's files by name, so that a clock that was set back must not put a later file first. Where other
            // programs name the machine, this one names itself.
            var newest = NewestTime();
            var time = Math.Max(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), (newest ?? 0) + 1);
            (length, written) = (0, newest is null ? 0 : history.Count - 1);
            path = Path.Combine(run.Path, $"{NameStart}{time}.photoml.{Environment.ProcessId}.0");
            var start = new SessionLog { Status = SessionLog.Types.SessionStatus.Start };
            head = [new Event { FileVersion = Version }, new Event { Step = history[written].Epoch, SessionLog = start }];
        }

        var events = head.Concat(history.Skip(written).Select(epoch => new Event { Step = epoch.Epoch, Summary = Summarize(epoch) }));
        (_path, _length, _written) = (path, Append(path, length, events), history.Count);
    }

    internal static byte[] Frame(ReadOnlySpan<byte> record)
    {
        var frame = new byte[LengthBytes + ChecksumBytes + record.Length + ChecksumBytes];
        BinaryPrimitives.WriteInt64LittleEndian(frame, record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(LengthBytes), Mask(Crc32C.Of(frame.AsSpan(0, LengthBytes))));
        record.CopyTo(frame.AsSpan(LengthBytes + ChecksumBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(frame.Length - ChecksumBytes), Mask(Crc32C.Of(record)));
        return frame;
    }

    /// <summary>Masks a checksum, so that one of bytes that hold checksums themselves stays a good one.</summary>
    internal static uint Mask(uint checksum) => uint.RotateRight(checksum, 15) + MaskDelta;

    // Gives the length of the file.
    private static long Append(string path, long length, IEnumerable<Event> events)
    {
        AtomicFile.Guard(path, () =>
        {
            // Not held open: a folder can be moved or cleared while it is trained in.
            var mode = length == 0 ? FileMode.CreateNew : FileMode.Open;
            using var handle = File.OpenHandle(path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.SetLength(handle, length);
            foreach (var record in events)
            {
                record.WallTime = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
                var frame = Frame(record.ToByteArray());
                RandomAccess.Write(handle, frame, length);
                length += frame.Length;
            }

            RandomAccess.FlushToDisk(handle);
        });
        return length;
    }

    // The latest time in the names of the folder's files; null where it has none.
    private long? NewestTime() => Directory.EnumerateFiles(run.Path, NameStart + "*")
        .Select(path => long.TryParse(Path.GetFileName(path)[NameStart.Length..].Split('.')[0], out var time) ? time : 0)
        .Max(time => (long?)time);

    private Summary Summarize(IEpochReport epoch)
    {
        var summary = new Summary();
        foreach (var (_, tag, value, _) in epoch.Columns.Where(column => column is { Tag: not null, Value: not null }))
        {
            summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)value!.Value });
        }

        var grid = run.SampleGridPath(epoch.Epoch);
        if (File.Exists(grid))
        {
            var png = RegularFile.ReadAllBytes(grid);
            var info = SKBitmap.DecodeBounds(png);
            var image = new Summary.Types.Image
            {
                Width = info.Width,
                Height = info.Height,
                Colorspace = info.ColorType == SKColorType.Gray8 ? 1 : 3, // as summary.proto counts them
                EncodedImageString = ByteString.CopyFrom(png),
            };
            summary.Value.Add(new Summary.Types.Value { Tag = "samples", Image = image });
        }

        return summary;
    }
}
