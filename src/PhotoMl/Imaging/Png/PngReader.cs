using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace PhotoMl.Imaging;

/// <summary>Walks through the chunks of a PNG file and trusts none of their lengths; what nobody asks for is skipped, not read.</summary>
/// <remarks>A chunk is its data's length, its type, the data, and a CRC-32 of type and data (PNG specification, section 5.3).</remarks>
internal sealed class PngReader
{
    public const int TypeBytes = 4;

    /// <summary>What a chunk takes besides its data: length, type and checksum.</summary>
    public const int FrameBytes = 12;

    private const int HeaderBytes = 13;

    // Image data of the largest file that is read, in the smallest pieces that encoders are known to write.
    private const int MaximumChunks = ImageFile.MaximumFileBytes / 4096;

    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly Stream _png;
    private readonly string _path;
    private readonly long _length;
    private long _next;
    private int _chunks;
    private bool _hasPixels;

    /// <summary>Checks that a file begins as a PNG does.</summary>
    /// <param name="png">The file; it must be able to seek.</param>
    /// <param name="path">What the file is called in messages.</param>
    public PngReader(Stream png, string path)
    {
        (_png, _path) = (png, path);
        _length = png.CanSeek ? png.Length : throw Refuse("expected a PNG file but found a pipe or a device");
        if (_length > ImageFile.MaximumFileBytes)
        {
            throw Refuse($"expected a PNG file of at most {ImageFile.MaximumFileBytes >> 20} MiB but it is larger");
        }

        Span<byte> signature = stackalloc byte[Signature.Length];
        if (png.ReadAtLeast(signature, signature.Length, throwOnEndOfStream: false) < signature.Length || !signature.SequenceEqual(Signature))
        {
            throw Refuse(_length == 0 ? "the file is empty" : "expected a PNG file but found something else");
        }

        _next = signature.Length;
    }

    /// <summary>The bytes that every PNG file begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>The type of the present chunk, four letters.</summary>
    public string Type { get; private set; } = "";

    /// <summary>How many bytes of data the present chunk has.</summary>
    public int DataBytes { get; private set; }

    /// <summary>Goes to the next chunk.</summary>
    /// <returns>False at the chunk that ends the picture.</returns>
    public bool MoveNext()
    {
        _png.Position = _next;
        var header = Read(8);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header);
        var type = header.AsSpan(4);
        if (type.ContainsAnyExcept(Letters))
        {
            throw Refuse($"the PNG file is damaged: at byte {_next} there is no chunk");
        }

        if (length > _length - _next - FrameBytes)
        {
            throw CutOff();
        }

        (Type, DataBytes) = (Encoding.ASCII.GetString(type), (int)length);
        _next += FrameBytes + length;
        CheckPlace();
        return Type != "IEND";
    }

    /// <summary>Reads the present chunk's data and checks their checksum.</summary>
    public byte[] ReadData()
    {
        _png.Position = _next - DataBytes - 8; // the checksum is of the type too
        var chunk = Read(TypeBytes + DataBytes + 4);
        var checkedBytes = chunk.AsSpan(0, TypeBytes + DataBytes);
        if (Crc32.Of(checkedBytes) != BinaryPrimitives.ReadUInt32BigEndian(chunk.AsSpan(checkedBytes.Length)))
        {
            throw Refuse($"the PNG file is damaged: its {Type} chunk does not match its checksum");
        }

        return chunk[TypeBytes..^4];
    }

    /// <summary>Reads what the present chunk's data begin with, unchecked.</summary>
    public byte[] Peek(int count)
    {
        _png.Position = _next - DataBytes - 4; // before the checksum
        return Read(Math.Min(count, DataBytes));
    }

    private void CheckPlace()
    {
        if (++_chunks > MaximumChunks)
        {
            throw Refuse($"expected a PNG file of at most {MaximumChunks} chunks but it has more");
        }

        if (_chunks == 1 && (Type != "IHDR" || DataBytes != HeaderBytes))
        {
            throw Refuse("the PNG file is damaged: it does not begin with its header");
        }

        _hasPixels |= Type == "IDAT";
        if (Type == "IEND")
        {
            CheckEnd();
        }
    }

    private void CheckEnd()
    {
        if (!_hasPixels)
        {
            throw Refuse("the PNG file is damaged: it ends without pixels");
        }

        if (DataBytes != 0)
        {
            throw Refuse("the PNG file is damaged: there are data in its end");
        }

        ReadData();
    }

    private byte[] Read(int count)
    {
        var bytes = new byte[count];
        return _png.ReadAtLeast(bytes, count, throwOnEndOfStream: false) == count ? bytes : throw CutOff();
    }

    private UnreadableImageException CutOff() => Refuse("the PNG file is cut off: it ends before its chunks do");

    private UnreadableImageException Refuse(string reason) => new(_path, reason);
}
