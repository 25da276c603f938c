namespace PhotoMl.Tests.Imaging;

/// <summary>Encodes random coefficients of three components, the first of twice the resolution, in one scan or many, so that each way
/// decodes to the same picture.</summary>
internal sealed class JpegEncoder
{
    public const int Width = 40; // no multiple of the 16 pixels of a unit
    public const int Height = 24;

    private const int Units = 3 * 2;

    private static readonly (int Wide, int High, int Across)[] Components = [(5, 3, 2), (3, 2, 1), (3, 2, 1)];
    private readonly int[][][] _blocks; // by component, of the units' blocks, (y, x), and coefficient
    private readonly bool _isProgressive;
    private readonly int _restart;
    private readonly List<byte[]> _scans = [];

    private JpegEncoder(bool isProgressive, int restart)
    {
        (_isProgressive, _restart) = (isProgressive, restart);
        var random = new Random(1);
        _blocks = [.. Components.Select(component => Enumerable.Range(0, Units * component.Across * component.Across)
            .Select(_ => Enumerable.Range(0, 64).Select(Draw).ToArray()).ToArray())];
        int Draw(int k) => random.Next(4) > 0 && k > 0 ? 0 : random.Next(-40, 40) / (1 + (k / 8));
    }

    /// <summary>The scans of a file, each with what precedes it; the last with the end marker.</summary>
    /// <param name="kind">"one scan", "a scan each" or "progressive".</param>
    /// <param name="restart">After how many units there is a restart marker; 0 for never.</param>
    public static byte[][] Encode(string kind, int restart = 0)
    {
        var encoder = new JpegEncoder(kind == "progressive", restart);
        if (kind == "one scan")
        {
            encoder.Add([0, 1, 2], 0, 63);
        }
        else if (kind == "a scan each")
        {
            Array.ForEach([1, 0, 2], component => encoder.Add([component], 0, 63));
        }
        else
        {
            encoder.Add([0, 1, 2], 0, 0, 0, 1);
            encoder.Add([0], 1, 5, 0, 2);
            encoder.Add([2], 1, 63, 0, 1);
            encoder.Add([1], 1, 63, 0, 0);
            encoder.Add([0], 6, 63, 0, 2);
            encoder.Add([0], 1, 63, 2, 1);
            encoder.Add([0, 1, 2], 0, 0, 1, 0);
            encoder.Add([2], 1, 63, 1, 0);
            encoder.Add([0], 1, 63, 1, 0);
        }

        byte[] quantisation = [0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)4, 64)];
        var code = (byte)(encoder._isProgressive ? 0xC2 : 0xC1);
        byte[] frame = [0xFF, code, 0, 17, 8, 0, Height, 0, Width, 3, 0, 0x22, 0, 1, 0x11, 0, 2, 0x11, 0];
        byte[] interval = [0xFF, 0xDD, 0, 4, 0, (byte)restart];
        byte[] tables = [.. quantisation, .. frame, .. Codes(0, 16), .. Codes(0x10, 255), .. interval];
        encoder._scans[0] = [0xFF, 0xD8, .. tables, .. encoder._scans[0]];
        encoder._scans[^1] = [.. encoder._scans[^1], 0xFF, 0xD9];
        return [.. encoder._scans];
    }

    // Each symbol is its own code of eight bits. No code may be all ones.
    private static byte[] Codes(byte number, int count)
    {
        byte[] symbols = [.. Enumerable.Range(0, count).Select(i => (byte)i)];
        byte[] lengths = [0, 0, 0, 0, 0, 0, 0, (byte)count, 0, 0, 0, 0, 0, 0, 0, 0];
        return [0xFF, 0xC4, (byte)((19 + count) >> 8), (byte)(19 + count), number, .. lengths, .. symbols];
    }

    private void Add(int[] components, int first, int last, int high = 0, int low = 0)
    {
        var (data, bits, empty) = (new List<byte>(), "", 0);
        var previous = new int[3];
        var (wide, tall, _) = components.Length > 1 ? (3, 2, 0) : Components[components[0]];
        for (var unit = 0; unit < wide * tall; unit++)
        {
            if (_restart > 0 && unit > 0 && unit % _restart == 0)
            {
                Flush();
                data.AddRange([.. JpegBytes.Pack(bits), 0xFF, (byte)(0xD0 + (((unit / _restart) - 1) % 8))]);
                (bits, previous) = ("", new int[3]);
            }

            foreach (var component in components)
            {
                var across = components.Length > 1 ? Components[component].Across : 1;
                for (var i = 0; i < across * across; i++)
                {
                    var (x, y) = ((unit % wide * across) + (i % across), (unit / wide * across) + (i / across));
                    var block = _blocks[component][(y * 3 * Components[component].Across) + x];
                    AddMean(block, component);
                    AddOthers(block);
                }
            }
        }

        Flush();
        data.AddRange(JpegBytes.Pack(bits));
        byte[] tables = [.. components.SelectMany(component => new[] { (byte)component, (byte)0 })];
        byte[] band = [(byte)first, (byte)last, (byte)((high << 4) | low)];
        _scans.Add([0xFF, 0xDA, 0, (byte)(6 + tables.Length), (byte)components.Length, .. tables, .. band, .. data]);

        void AddMean(int[] block, int component)
        {
            if (first > 0 || high > 0)
            {
                bits += first > 0 ? "" : Bits(block[0] >> low & 1, 1);
                return;
            }

            var difference = (block[0] >> low) - previous[component];
            previous[component] = block[0] >> low;
            bits += Bits(SizeOf(difference), 8) + Signed(difference);
        }

        void AddOthers(int[] block)
        {
            var (run, refined) = (0, "");
            var start = Math.Max(1, first);
            int Shifted(int k) => Math.Sign(block[k]) * (Math.Abs(block[k]) >> low);
            var lastNew = Enumerable.Range(start, Math.Max(0, last + 1 - start))
                .LastOrDefault(k => high == 0 ? Shifted(k) != 0 : Math.Abs(Shifted(k)) == 1);
            for (var k = start; k <= last; k++)
            {
                var value = Shifted(k);
                if (value == 0)
                {
                    run++;
                    continue;
                }

                for (; run > 15 && k <= lastNew; run -= 16, refined = "")
                {
                    Flush();
                    bits += Bits(0xF0, 8) + refined;
                }

                if (high > 0 && Math.Abs(value) > 1)
                {
                    refined += Bits(Math.Abs(value) & 1, 1);
                    continue;
                }

                Flush();
                bits += Bits((run << 4) | SizeOf(value), 8) + Signed(value) + refined;
                (run, refined) = (0, "");
            }

            empty += run > 0 || refined != "" ? 1 : 0;
            if (high > 0 || !_isProgressive)
            {
                Flush();
                bits += refined;
            }
        }

        // Says how many blocks have no further coefficients: a power of two and the rest.
        void Flush()
        {
            var size = SizeOf(empty) - 1;
            bits += empty == 0 ? "" : Bits(size << 4, 8) + Bits(empty - (1 << size), size);
            empty = 0;
        }
    }

    private static int SizeOf(int value) => value == 0 ? 0 : (int)Math.Log2(Math.Abs(value)) + 1;

    private static string Signed(int value) => Bits(value > 0 ? value : value + (1 << SizeOf(value)) - 1, SizeOf(value));

    private static string Bits(int value, int count) => count == 0 ? "" : Convert.ToString(value, 2).PadLeft(count, '0');
}
