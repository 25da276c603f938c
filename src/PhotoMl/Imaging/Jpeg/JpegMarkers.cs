using System.Buffers.Binary;

namespace PhotoMl.Imaging;

/// <summary>Walks through the markers of a JPEG file's content and trusts none of their lengths.</summary>
/// <remarks>Fill bytes, and stray ones between segments, are passed over as libjpeg does (ITU-T T.81, section B.1.1).</remarks>
internal ref struct JpegMarkers(ReadOnlySpan<byte> jpeg)
{
    public const byte StartOfImage = 0xD8;
    public const byte EndOfImage = 0xD9;
    public const byte StartOfScan = 0xDA;

    private const int MostStrayBytes = 512;

    private readonly ReadOnlySpan<byte> _jpeg = jpeg;

    public static ReadOnlySpan<byte> Start => [0xFF, StartOfImage];
    public static ReadOnlySpan<byte> End => [0xFF, EndOfImage];

    public byte Code { get; private set; }

    /// <summary>What the marker's segment holds, without its length.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>Where the marker begins, or the content ends.</summary>
    public int At { get; private set; }

    /// <summary>Where the search for the next marker begins.</summary>
    public int Next { get; private set; }

    public bool MoveNext()
    {
        do
        {
            var distance = _jpeg[Next..].IndexOf((byte)0xFF);
            At = distance < 0 ? _jpeg.Length : Next + distance;
            Next = Math.Min(At + 1, _jpeg.Length);
            if (Next == _jpeg.Length)
            {
                return false;
            }
        }
        while (_jpeg[Next] is 0 or 0xFF); // no markers: a byte of a scan's data, a fill byte

        Code = _jpeg[Next++];
        Data = [];
        var rest = _jpeg[Next..];
        if (Code is 0x01 or (>= 0xD0 and <= EndOfImage))
        {
            return true;
        }

        var length = rest.Length < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(rest); // with itself
        if (length < 2 || length > rest.Length)
        {
            return false;
        }

        Data = rest[2..length];
        Next += length;
        return true;
    }

    /// <summary>Makes a file that begins as decoders expect of one with stray bytes around its first marker; null of any
    /// other.</summary>
    /// <remarks>Before the marker may be fill bytes, white space, zeros and a byte order mark, as scripts send them ahead of a file.
    /// Anything else is the header of another format, which may well hold a JPEG file.</remarks>
    public static byte[]? TrimStart(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> allowed = [0, .. "\t\n\r "u8, 0xEF, 0xBB, 0xBF, 0xFF];
        var start = file.IndexOf(Start);
        if (start is < 0 or > MostStrayBytes || file[..start].ContainsAnyExcept(allowed))
        {
            return null;
        }

        var rest = file[(start + Start.Length)..];
        var next = rest.IndexOf((byte)0xFF);
        return next is >= 0 and <= MostStrayBytes ? [.. Start, .. rest[next..]] : null;
    }
}
