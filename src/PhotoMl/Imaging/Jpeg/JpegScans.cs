using System.Buffers.Binary;

namespace PhotoMl.Imaging;

/// <summary>What the headers of a JPEG file's scans say, without its pixels.</summary>
internal sealed class JpegScans
{
    private const int BlockCoefficients = 64;

    private Component[] _components = [];
    private bool _isProgressive;
    private int _units; // of a scan of several components
    private int _restartInterval;

    private bool IsComplete => _components.Length > 0 && _components.All(component => component.LowestBits.All(bit => bit == 0));

    /// <summary>Says whether all scans and an end marker are there, and how many bytes a decoder takes for coefficients, which it keeps
    /// where they come in several scans.</summary>
    public static (bool HasEnd, long CoefficientBytes) ReadHeader(ReadOnlySpan<byte> jpeg)
    {
        var scans = new JpegScans();
        var markers = new JpegMarkers(jpeg);
        while (markers.MoveNext())
        {
            scans.Read(markers.Code, markers.Data);
            if (markers.Code == JpegMarkers.StartOfScan)
            {
                var isKept = scans._isProgressive || (markers.Data is [var count, ..] && count < scans._components.Length);
                var blocks = isKept ? scans._components.Sum(component => (long)component.Blocks) : 0;
                var hasEnd = jpeg[markers.Next..].LastIndexOf(JpegMarkers.End) >= 0 && (!isKept || FindEnd(jpeg) > 0);
                return (hasEnd, blocks * BlockCoefficients * sizeof(short));
            }
        }

        return (true, 0); // no scans, no need of an end
    }

    /// <summary>Finds where the data of the last scan end, if there is a scan for each bit of each coefficient, with all its restart
    /// markers; 0 where one is missing.</summary>
    /// <remarks>Whether the last scan has all its data is not known from that.</remarks>
    public static int FindEnd(ReadOnlySpan<byte> jpeg)
    {
        var scans = new JpegScans();
        var markers = new JpegMarkers(jpeg);
        markers.MoveNext();
        var (restarts, isMarker) = (0, true);
        while (isMarker && restarts <= 0 && !scans.IsComplete)
        {
            restarts = scans.Read(markers.Code, markers.Data);
            while ((isMarker = markers.MoveNext()) && markers.Code is >= 0xD0 and <= 0xD7)
            {
                restarts--;
            }

            isMarker &= markers.Code is not (JpegMarkers.StartOfImage or JpegMarkers.EndOfImage);
        }

        return restarts <= 0 && scans.IsComplete ? jpeg[..markers.At].TrimEnd((byte)0xFF).Length : 0;
    }

    private static int DivideUp(int value, int by) => (value + by - 1) / by;

    // Notes what a segment says, and gives the number of restart markers that follow it.
    private int Read(byte code, ReadOnlySpan<byte> data)
    {
        switch (code)
        {
            case >= 0xC0 and <= 0xC2 when data.Length >= 9 && data.Length == 6 + (3 * data[5]):
                _isProgressive = code == 0xC2;
                ReadFrame(data);
                return 0;
            case 0xDD when data is [var high, var low, ..]:
                _restartInterval = (high << 8) + low;
                return 0;
            case JpegMarkers.StartOfScan when data.Length >= 4 && data.Length == 4 + (2 * data[0]):
                var units = ReadScan(data);
                return _restartInterval > 0 ? (units - 1) / _restartInterval : 0;
            default:
                return 0;
        }
    }

    private void ReadFrame(ReadOnlySpan<byte> data)
    {
        var (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(data[1..]), BinaryPrimitives.ReadUInt16BigEndian(data[3..]));
        var parts = data[6..].ToArray().Chunk(3)
            .Select(part => (Id: part[0], Across: Math.Max(1, part[1] >> 4), Down: Math.Max(1, part[1] & 15))).ToList();
        var (across, down) = (8 * parts.Max(part => part.Across), 8 * parts.Max(part => part.Down));
        _units = DivideUp(width, across) * DivideUp(height, down);
        _components = [.. parts
            .Select(part => new Component(part.Id, DivideUp(width * part.Across, across) * DivideUp(height * part.Down, down)))];
    }

    // Notes which bits a scan holds (ITU-T T.81, annex G), and says how many units it has.
    private int ReadScan(ReadOnlySpan<byte> header)
    {
        var units = _units;
        var (first, last, lowest) = _isProgressive ? (header[^3], header[^2], header[^1] & 15) : (0, BlockCoefficients - 1, 0);
        for (var at = 1; at < header.Length - 3 && first <= last && last < BlockCoefficients; at += 2)
        {
            var id = header[at];
            foreach (var component in _components.Where(component => component.Id == id))
            {
                component.LowestBits.AsSpan(first..(last + 1)).Fill((byte)lowest);
                units = header[0] == 1 ? component.Blocks : units; // a scan of one has none beyond the picture's edge
            }
        }

        return units;
    }

    private sealed record Component(byte Id, int Blocks)
    {
        /// <summary>Down to which bit each coefficient was sent.</summary>
        public byte[] LowestBits { get; } = [.. Enumerable.Repeat(byte.MaxValue, BlockCoefficients)];
    }
}
