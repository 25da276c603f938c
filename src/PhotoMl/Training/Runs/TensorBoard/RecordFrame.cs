using System.Buffers.Binary;
using PhotoMl.IO;

namespace PhotoMl.Training;

/// <summary>The frame of a record in a TFRecord file, from which a reader knows where it ends and whether it is whole.</summary>
/// <remarks>
/// The length as 8 bytes, the masked CRC-32C of these, the record, its masked CRC-32C; all numbers with the lowest byte first.
/// TensorFlow, "TFRecord and tf.train.Example", section "TFRecords format details".
/// </remarks>
internal static class RecordFrame
{
    private const int LengthBytes = 8;
    private const int ChecksumBytes = 4;
    private const uint MaskDelta = 0xA282EAD8;

    /// <summary>Puts a record into its frame.</summary>
    public static byte[] Of(ReadOnlySpan<byte> record)
    {
        var frame = new byte[LengthBytes + ChecksumBytes + record.Length + ChecksumBytes];
        BinaryPrimitives.WriteInt64LittleEndian(frame, record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(LengthBytes), Mask(Crc32C.Of(frame.AsSpan(0, LengthBytes))));
        record.CopyTo(frame.AsSpan(LengthBytes + ChecksumBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(frame.Length - ChecksumBytes), Mask(Crc32C.Of(record)));
        return frame;
    }

    /// <summary>Masks a checksum, so that one of bytes that hold checksums themselves stays a good one.</summary>
    public static uint Mask(uint checksum) => uint.RotateRight(checksum, 15) + MaskDelta;
}
