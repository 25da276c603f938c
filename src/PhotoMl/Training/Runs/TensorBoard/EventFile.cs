using System.Buffers.Binary;
using Google.Protobuf;
using PhotoMl.IO;
using Tensorboard;

namespace PhotoMl.Training;

/// <summary>A file of events that TensorBoard reads while it grows.</summary>
/// <remarks>
/// A process that is killed may leave its last record cut short; readers stop before it. What a failed write left is cut off by the next one.
/// The messages are those of TensorFlow's <c>event.proto</c> and <c>summary.proto</c>, which TorchSharp brings along.
/// </remarks>
internal sealed class EventFile
{
    // What readers take the file by; from this version on they drop what a START event declares void.
    private const string Version = "brain.Event:2";

    // A TFRecord: the length as 8 bytes, the masked CRC-32C of these, the record, its masked CRC-32C; all with the lowest byte first
    // (TensorFlow, "TFRecord and tf.train.Example", section "TFRecords format details").
    private const int LengthBytes = 8;
    private const int ChecksumBytes = 4;
    private const uint MaskDelta = 0xA282EAD8;

    private long _length;

    private EventFile(string path) => Path = path;

    public string Path { get; }

    public static EventFile Create(string path, long firstStep)
    {
        var file = new EventFile(path);
        file.Write(
            FileMode.CreateNew,
            [
                new Event { WallTime = Now(), FileVersion = Version },
                new Event { WallTime = Now(), Step = firstStep, SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start } },
            ]);
        return file;
    }

    public void Append(long step, Summary summary) => Write(FileMode.Open, [new Event { WallTime = Now(), Step = step, Summary = summary }]);

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

    private static double Now() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    private void Write(FileMode mode, IEnumerable<Event> events)
    {
        var bytes = events.SelectMany(record => Frame(record.ToByteArray())).ToArray();
        try
        {
            // Not held open: a folder can be moved or cleared while it is trained in.
            using var handle = File.OpenHandle(Path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.SetLength(handle, _length);
            RandomAccess.Write(handle, bytes, _length);
            RandomAccess.FlushToDisk(handle);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(Path, AtomicFile.Describe(exception), exception);
        }

        _length += bytes.Length;
    }
}
