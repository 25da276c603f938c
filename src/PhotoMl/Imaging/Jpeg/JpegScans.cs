using System.Buffers.Binary;

namespace PhotoMl.Imaging;

/// <summary>Follows the scans of a Huffman-coded JPEG file without computing a pixel.</summary>
/// <remarks>Given an end marker, a decoder takes a file for whole wherever it was cut. Whether all data are there only the data themselves
/// say: each block of a scan has to be there to its last bit, and the scans together have to hold each coefficient of each component
/// down to its lowest bit (ITU-T T.81, annexes F and G).</remarks>
internal sealed class JpegScans
{
    private const int BlockCoefficients = 64;
    private const int CodeBits = 16;
    private const int LongestRun = 15;

    private static readonly ushort[] NoCodes = new ushort[1 << CodeBits];

    // By class and number, as DHT numbers them: for each 16 bits the code they begin with, its length times 256 and its symbol.
    private readonly Dictionary<int, ushort[]> _codes = [];
    private Component[] _components = [];
    private bool _isProgressive;
    private int _units; // in a scan of several components
    private int _restartInterval;

    private byte[] _data = []; // of a scan, or between its restart markers
    private long _bits; // in the data
    private long _at;

    /// <summary>Says whether an end marker follows the header, and how many bytes a decoder takes for coefficients, which it keeps where
    /// they come in several scans.</summary>
    public static (bool HasEnd, long CoefficientBytes) ReadHeader(ReadOnlySpan<byte> jpeg)
    {
        var scans = new JpegScans();
        var markers = new JpegMarkers(jpeg);
        while (markers.MoveNext())
        {
            scans.ReadFrame(markers.Code, markers.Data);
            if (markers.Code == JpegMarkers.StartOfScan)
            {
                var isKept = scans._isProgressive || (markers.Data is [var count, ..] && count < scans._components.Length);
                var blocks = isKept ? scans._components.Sum(component => (long)component.Blocks) : 0;
                return (jpeg[markers.Next..].LastIndexOf(JpegMarkers.End) >= 0, blocks * BlockCoefficients * sizeof(short));
            }
        }

        return (true, 0); // no scans, no need of an end
    }

    /// <summary>Finds where the data end of a picture that has all of them; 0 where it has not, or is coded in another way.</summary>
    public static int FindEnd(ReadOnlySpan<byte> jpeg)
    {
        jpeg = jpeg[..Math.Min(jpeg.Length, jpeg.TrimEnd((byte)0).Length + 1)]; // a file that was cut may have been filled up with zeros
        var scans = new JpegScans { _data = new byte[jpeg.Length + sizeof(uint)] };
        var markers = new JpegMarkers(jpeg);
        try
        {
            markers.MoveNext();
            while (markers.MoveNext() && markers.Code is not (JpegMarkers.StartOfImage or JpegMarkers.EndOfImage))
            {
                scans.ReadFrame(markers.Code, markers.Data);
                scans.ReadTables(markers.Code, markers.Data);
                if (markers.Code == JpegMarkers.StartOfScan && !scans.ReadScan(jpeg, ref markers))
                {
                    return 0;
                }

                if (scans._components.Length > 0 && scans._components.All(component => component.LowestBits.All(bit => bit == 0)))
                {
                    return markers.Next;
                }
            }
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or InvalidOperationException)
        {
            // What makes no sense leads out of a span, or to a component that is not there.
        }

        return 0;
    }

    private static int DivideUp(int value, int by) => (value + by - 1) / by;

    private void ReadFrame(byte code, ReadOnlySpan<byte> data)
    {
        if (code is < 0xC0 or > 0xC2 || data.Length < 9 || data.Length != 6 + (3 * data[5]))
        {
            return;
        }

        var (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(data[1..]), BinaryPrimitives.ReadUInt16BigEndian(data[3..]));
        _isProgressive = code == 0xC2;
        _components = [.. data[6..].ToArray().Chunk(3)
            .Select(part => new Component(part[0], Math.Max(1, part[1] >> 4), Math.Max(1, part[1] & 15)))];
        var (across, down) = (_components.Max(component => component.Across), _components.Max(component => component.Down));
        _units = DivideUp(width, 8 * across) * DivideUp(height, 8 * down);
        foreach (var component in _components)
        {
            component.Blocks = DivideUp(width * component.Across, 8 * across) * DivideUp(height * component.Down, 8 * down);
        }
    }

    private void ReadTables(byte code, ReadOnlySpan<byte> data)
    {
        _restartInterval = code == 0xDD ? BinaryPrimitives.ReadUInt16BigEndian(data) : _restartInterval;
        while (code == 0xC4 && data.Length > 0)
        {
            var codes = _codes[data[0]] = new ushort[1 << CodeBits];
            var symbols = data[(1 + CodeBits)..];
            var first = 0;
            for (var length = 1; length <= CodeBits; length++)
            {
                for (var left = data[length]; left > 0; left--, symbols = symbols[1..], first += 1 << (CodeBits - length))
                {
                    codes.AsSpan(first, 1 << (CodeBits - length)).Fill((ushort)((length << 8) | symbols[0]));
                }
            }

            data = symbols;
        }
    }

    /// <summary>Reads a scan and moves behind its data; false where they end before it does.</summary>
    private bool ReadScan(ReadOnlySpan<byte> jpeg, ref JpegMarkers markers)
    {
        var header = markers.Data;
        var scanned = new Component[header[0]];
        var isAlone = scanned.Length == 1;
        var (first, last, approximation) = (0, BlockCoefficients - 1, 0);
        if (_isProgressive)
        {
            (first, last, approximation) = (header[^3], header[^2], header[^1]);
        }

        for (var i = 0; i < scanned.Length; i++)
        {
            var (id, codes) = (header[1 + (2 * i)], header[2 + (2 * i)]);
            scanned[i] = _components.First(component => component.Id == id);
            scanned[i].MeanCodes = _codes.GetValueOrDefault(codes >> 4, NoCodes);
            scanned[i].OtherCodes = _codes.GetValueOrDefault(0x10 | (codes & 15), NoCodes);
            scanned[i].LowestBits.AsSpan(first..(last + 1)).Fill((byte)(approximation & 15));
        }

        var units = isAlone ? scanned[0].Blocks : _units; // those of several components reach beyond the picture's edge
        var emptyBlocks = 0;
        markers.Next = Load(jpeg, markers.Next);
        for (var unit = 0; unit < units && _at <= _bits; unit++)
        {
            if (_restartInterval > 0 && unit > 0 && unit % _restartInterval == 0)
            {
                if (!markers.MoveNext() || markers.Code is < 0xD0 or > 0xD7)
                {
                    return false;
                }

                emptyBlocks = 0;
                markers.Next = Load(jpeg, markers.Next);
            }

            foreach (var component in scanned)
            {
                for (var left = isAlone ? 1 : component.Across * component.Down; left > 0; left--)
                {
                    if (first == 0)
                    {
                        Read(approximation > 15 ? 1 : ReadSymbol(component.MeanCodes) & 15);
                    }

                    if (last > 0)
                    {
                        var none = 0UL;
                        ref var nonzero = ref _isProgressive ? ref component.Nonzero[unit] : ref none;
                        ReadBand(component.OtherCodes, Math.Max(1, first), last, ref nonzero, ref emptyBlocks);
                    }
                }
            }
        }

        return _at <= _bits;
    }

    // Reads coefficients of a block in zigzag order. Those that are not 0 so far, a bit each, are refined. This block and so many behind
    // it may be empty: they have no coefficients that become other than 0.
    private void ReadBand(ushort[] codes, int at, int last, ref ulong nonzero, ref int emptyBlocks)
    {
        var found = 0UL;
        for (; emptyBlocks == 0 && at <= last; at++)
        {
            var symbol = ReadSymbol(codes);
            var (run, size) = (symbol >> 4, symbol & 15);
            if (size == 0 && run < LongestRun)
            {
                emptyBlocks = (1 << run) + Read(run);
                break;
            }

            // Behind the bits of the new coefficient comes one for each on the way to it that is refined.
            Read(size);
            for (; at <= last && ((nonzero >> at & 1) != 0 || run-- > 0); at++)
            {
                Read((int)(nonzero >> at & 1));
            }

            found |= size > 0 && at <= last ? 1UL << at : 0;
        }

        for (; emptyBlocks > 0 && at <= last; at++)
        {
            Read((int)(nonzero >> at & 1));
        }

        emptyBlocks = Math.Max(0, emptyBlocks - 1);
        nonzero |= found;
    }

    /// <summary>Takes over the data up to the next marker, without stuffed zeros, and says where they end.</summary>
    private int Load(ReadOnlySpan<byte> jpeg, int start)
    {
        var length = 0;
        for (; start < jpeg.Length && (jpeg[start] != 0xFF || (start + 1 < jpeg.Length && jpeg[start + 1] == 0)); start++)
        {
            _data[length++] = jpeg[start];
            start += jpeg[start] == 0xFF ? 1 : 0;
        }

        _data.AsSpan(length, sizeof(uint)).Clear();
        (_at, _bits) = (0, 8L * length);
        return start;
    }

    private int ReadSymbol(ushort[] codes)
    {
        var code = codes[Peek()];
        _at += code == 0 ? _bits + 1 : code >> 8; // bits that are no code end the data as well
        return code & 0xFF;
    }

    private int Read(int count)
    {
        var value = Peek() >> (CodeBits - count);
        _at += count;
        return value;
    }

    private int Peek() =>
        (ushort)(BinaryPrimitives.ReadUInt32BigEndian(_data.AsSpan((int)(Math.Min(_at, _bits) / 8))) >> (CodeBits - ((int)_at & 7)));

    private sealed class Component(byte id, int across, int down)
    {
        private ulong[]? _nonzero;

        public byte Id => id;
        public int Across => across; // blocks in a unit
        public int Down => down;
        public int Blocks { get; set; }
        public ushort[] MeanCodes { get; set; } = NoCodes;
        public ushort[] OtherCodes { get; set; } = NoCodes;

        /// <summary>Down to which bit each coefficient was sent.</summary>
        public byte[] LowestBits { get; } = [.. Enumerable.Repeat(byte.MaxValue, BlockCoefficients)];

        /// <summary>Which coefficients of each block, a bit each, are not 0 so far.</summary>
        public ulong[] Nonzero => _nonzero ??= new ulong[Blocks];
    }
}
