using System.Buffers.Binary;
using System.Text;

namespace PhotoMl.Models;

/// <summary>Writes a zip file as torch.save lays it out: nothing compressed, each entry's data at a multiple of 64 bytes, no times.</summary>
/// <remarks>The format: PKWARE's APPNOTE.TXT, sections 4.3.7 and 4.3.12. Files of 4 GB or more are not written.</remarks>
internal sealed class StoredZip(Stream stream)
{
    private const int Alignment = 64;
    private const int LocalBytes = 30;
    private const int CentralBytes = 46;
    private const ushort Version = 20;
    private const ushort FirstDay = (1 << 5) | 1; // 1 January 1980
    private const ushort PaddingField = 0x4246; // "FB", the extra field torch pads with

    private readonly List<(byte[] Name, uint Crc, uint Length, uint Offset)> _entries = [];
    private long _position;

    /// <summary>Writes an entry.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="length">The size of its data in bytes.</param>
    /// <param name="crc">The CRC-32 of its data.</param>
    /// <param name="write">Writes the data.</param>
    public void Add(string name, long length, uint crc, Action<Stream> write)
    {
        var (bytes, offset) = (Encoding.UTF8.GetBytes(name), Narrow(_position));
        var data = _position + LocalBytes + bytes.Length + 4;
        var padding = (int)((Alignment - (data % Alignment)) % Alignment);
        var header = new byte[LocalBytes + bytes.Length + 4 + padding];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034B50);
        WriteCommon(header.AsSpan(4), crc, Narrow(length), bytes.Length, 4 + padding);
        bytes.CopyTo(header.AsSpan(LocalBytes));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(LocalBytes + bytes.Length), PaddingField);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(LocalBytes + bytes.Length + 2), (ushort)padding);
        Write(header);
        write(stream);
        _position += length;
        _ = Narrow(_position);
        _entries.Add((bytes, crc, Narrow(length), offset));
    }

    /// <summary>Writes the list of entries that a zip file ends with.</summary>
    public void Finish()
    {
        var start = _position;
        foreach (var (name, crc, length, offset) in _entries)
        {
            var header = new byte[CentralBytes + name.Length];
            BinaryPrimitives.WriteUInt32LittleEndian(header, 0x02014B50);
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), Version);
            WriteCommon(header.AsSpan(6), crc, length, name.Length, 0);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(42), offset);
            name.CopyTo(header.AsSpan(CentralBytes));
            Write(header);
        }

        var end = new byte[22];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054B50);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), checked((ushort)_entries.Count));
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), checked((ushort)_entries.Count));
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), Narrow(_position - start));
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), Narrow(start));
        Write(end);
    }

    // Flags and method stay 0: stored.
    private static void WriteCommon(Span<byte> header, uint crc, uint length, int nameBytes, int extraBytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(header, Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], FirstDay);
        BinaryPrimitives.WriteUInt32LittleEndian(header[10..], crc);
        BinaryPrimitives.WriteUInt32LittleEndian(header[14..], length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[18..], length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], (ushort)nameBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[24..], (ushort)extraBytes);
    }

    private static uint Narrow(long number) => number < uint.MaxValue
        ? (uint)number
        : throw new ArgumentException($"Expected a file of less than 4 GB but got {number} bytes.", nameof(number));

    private void Write(byte[] bytes)
    {
        stream.Write(bytes);
        _position += bytes.Length;
    }
}
