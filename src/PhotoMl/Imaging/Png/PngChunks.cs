using System.Buffers.Binary;

namespace PhotoMl.Imaging;

/// <summary>Walks through the chunks of a PNG file's content and trusts none of their lengths.</summary>
/// <remarks>A chunk is its data's length, its type, the data, and a CRC-32 of type and data (PNG specification, third edition, section
/// 5.3).</remarks>
internal ref struct PngChunks(ReadOnlySpan<byte> png)
{
    private const int FrameBytes = 12; // length, type and checksum

    private readonly ReadOnlySpan<byte> _png = png;
    private int _next = png.StartsWith(Signature) ? Signature.Length : png.Length;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];
    public int Start { get; private set; }
    public ReadOnlySpan<byte> Type { get; private set; }
    public ReadOnlySpan<byte> Data { get; private set; }

    public readonly bool IsIntact =>
        Crc32.Of(_png.Slice(Start + 4, 4 + Data.Length)) == BinaryPrimitives.ReadUInt32BigEndian(_png[(_next - 4)..]);

    public static byte[] Encode(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4), Crc32.Of(chunk.AsSpan(4..^4)));
        return chunk;
    }

    public bool MoveNext()
    {
        var rest = _png[_next..];
        if (rest.Length < FrameBytes || BinaryPrimitives.ReadUInt32BigEndian(rest) is var length && length > rest.Length - FrameBytes)
        {
            return false;
        }

        Start = _next;
        Type = rest.Slice(4, 4);
        Data = rest.Slice(8, (int)length);
        _next += FrameBytes + (int)length;
        return true;
    }

    /// <summary>Moves on to the next chunk of a type; false where there is none.</summary>
    public bool MoveTo(ReadOnlySpan<byte> type)
    {
        var isThere = MoveNext();
        while (isThere && !Type.SequenceEqual(type))
        {
            isThere = MoveNext();
        }

        return isThere;
    }
}
