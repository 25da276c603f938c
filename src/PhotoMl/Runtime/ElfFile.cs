using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace PhotoMl.Runtime;

/// <summary>The dynamic-linking part of a 64-bit little-endian ELF shared library, read without loading it.</summary>
/// <remarks>Layouts: System V ABI, chapters 4 and 5, and the symbol-versioning part of the Linux Standard Base.</remarks>
internal sealed class ElfFile
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int RelocationSize = 24;
    private const int LoadSegment = 1;
    private const int DynamicSegment = 2;
    private const int MostStringBytes = 1 << 12;

    private readonly Stream _stream;
    private readonly List<Segment> _segments = [];
    private readonly Dictionary<long, long> _dynamic = [];

    private ElfFile(Stream stream) => _stream = stream;

    public ushort Machine { get; private set; }
    public IReadOnlyList<string> Needed { get; private set; } = [];

    public static ushort HostMachine => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 62,
        Architecture.Arm64 => 183,
        _ => 0,
    };

    public static ElfFile Read(Stream stream)
    {
        var file = new ElfFile(stream);
        var header = file.ReadBytes(0, HeaderSize);
        if (!header.AsSpan(0, 4).SequenceEqual("\u007FELF"u8))
        {
            throw new InvalidDataException("it is not an ELF library");
        }

        if (header[4] != 2 || header[5] != 1)
        {
            throw new InvalidDataException("it is not a 64-bit little-endian ELF library");
        }

        file.Machine = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(18));
        file.ReadSegments(
            BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32)),
            BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(56)));
        file.ReadDynamicTable();
        return file;
    }

    public IEnumerable<ElfVersionNeed> ReadVersionNeeds()
    {
        const int Needs = 0x6ffffffe, NeedsCount = 0x6fffffff;
        if (!_dynamic.TryGetValue(Needs, out var address))
        {
            yield break;
        }

        var offset = ToOffset(address);
        for (var library = 0L; library < _dynamic.GetValueOrDefault(NeedsCount); library++)
        {
            var entry = ReadBytes(offset, 16);
            var auxiliary = offset + BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(8));
            for (var i = 0; i < BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(2)); i++)
            {
                var version = ReadBytes(auxiliary, 16);
                yield return new ElfVersionNeed(
                    ReadString(BinaryPrimitives.ReadUInt32LittleEndian(version.AsSpan(8))),
                    BinaryPrimitives.ReadUInt16LittleEndian(version.AsSpan(6)),
                    auxiliary + 4);
                auxiliary += BinaryPrimitives.ReadUInt32LittleEndian(version.AsSpan(12));
            }

            var next = BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(12));
            if (next == 0)
            {
                yield break; // the last one, whatever the count says
            }

            offset += next;
        }
    }

    /// <summary>Finds the versions of which some symbol is really bound to an address.</summary>
    public HashSet<ushort> ReadBoundVersions()
    {
        const int Relocations = 7, RelocationsSize = 8, PltSize = 2, PltRelocations = 23, VersionSymbols = 0x6ffffff0;
        var bound = new HashSet<ushort>();
        if (!_dynamic.TryGetValue(VersionSymbols, out var versionsAddress))
        {
            return bound;
        }

        var versions = ToOffset(versionsAddress);
        foreach (var (table, size) in new[] { (Relocations, RelocationsSize), (PltRelocations, PltSize) })
        {
            if (!_dynamic.TryGetValue(table, out var address))
            {
                continue;
            }

            var count = _dynamic.GetValueOrDefault(size) / RelocationSize;
            var relocations = ReadBytes(ToOffset(address), count * RelocationSize);
            for (var i = 0; i < count; i++)
            {
                var symbol = BinaryPrimitives.ReadUInt32LittleEndian(relocations.AsSpan((i * RelocationSize) + 12));
                var version = ReadBytes(versions + (2L * symbol), 2);
                bound.Add((ushort)(BinaryPrimitives.ReadUInt16LittleEndian(version) & 0x7fff));
            }
        }

        return bound;
    }

    /// <summary>Marks as weak every version need of a library, in place, that no relocation refers to, so that it loads where that version is missing.</summary>
    /// <remarks>
    /// The loader only warns about a weak version that is missing. A version that nothing is bound to cannot be called,
    /// so nothing else changes: TorchSharp 0.107.0 names GLIBCXX_3.4.32 for a link-time marker of &lt;iostream&gt; alone.
    /// </remarks>
    public static IReadOnlyList<string> MarkUnusedVersions(byte[] library)
    {
        const byte WeakFlag = 0x2;
        using var stream = new MemoryStream(library, writable: false);
        var file = Read(stream);
        var bound = file.ReadBoundVersions();
        ElfVersionNeed[] unused = [.. file.ReadVersionNeeds().Where(need => !bound.Contains(need.Index))];
        Array.ForEach(unused, need => library[need.FlagsOffset] |= WeakFlag);
        return [.. unused.Select(need => need.Name)];
    }

    private void ReadSegments(long offset, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var header = ReadBytes(offset + (i * ProgramHeaderSize), ProgramHeaderSize);
            var segment = new Segment(
                BinaryPrimitives.ReadInt32LittleEndian(header),
                BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(8)),
                BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(16)),
                BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32)));

            // A library that ends early would be mapped all the same, and touching the missing part kills the process.
            if (segment.Type == LoadSegment && (segment.Offset < 0 || segment.Size < 0 || segment.Offset > _stream.Length - segment.Size))
            {
                throw Truncated(segment.Offset + segment.Size);
            }

            _segments.Add(segment);
        }
    }

    private void ReadDynamicTable()
    {
        const int NeededTag = 1;
        var table = _segments.Find(segment => segment.Type == DynamicSegment)
            ?? throw new InvalidDataException("it has no dynamic section");
        var entries = ReadBytes(table.Offset, table.Size);
        var needed = new List<long>();
        for (var i = 0; i + 16 <= entries.Length; i += 16)
        {
            var tag = BinaryPrimitives.ReadInt64LittleEndian(entries.AsSpan(i));
            var value = BinaryPrimitives.ReadInt64LittleEndian(entries.AsSpan(i + 8));
            if (tag == NeededTag)
            {
                needed.Add(value);
            }
            else
            {
                _dynamic[tag] = value;
            }
        }

        Needed = [.. needed.Select(ReadString)];
    }

    private string ReadString(long index)
    {
        const int StringTable = 5;
        var start = ToOffset(_dynamic.GetValueOrDefault(StringTable)) + index;
        var bytes = ReadBytes(start, Math.Min(MostStringBytes, Math.Max(0, _stream.Length - start)));
        var end = Array.IndexOf(bytes, (byte)0);
        return end >= 0 ? Encoding.UTF8.GetString(bytes, 0, end) : throw new InvalidDataException("a name in it has no end");
    }

    private long ToOffset(long address)
    {
        var segment = _segments.Find(s => s.Type == LoadSegment && address >= s.Address && address - s.Address < s.Size)
            ?? throw new InvalidDataException($"the address 0x{address:x} is in none of its segments");
        return address - segment.Address + segment.Offset;
    }

    private byte[] ReadBytes(long offset, long count)
    {
        if (offset < 0 || count < 0 || offset > _stream.Length - count)
        {
            throw Truncated(offset + count);
        }

        var bytes = new byte[count];
        _stream.Position = offset;
        _stream.ReadExactly(bytes);
        return bytes;
    }

    private InvalidDataException Truncated(long expected) =>
        new($"it ends after {_stream.Length} bytes where at least {expected} were expected");

    private sealed record Segment(int Type, long Offset, long Address, long Size);
}

/// <summary>A symbol version that a library asks another one for.</summary>
internal sealed record ElfVersionNeed(string Name, ushort Index, long FlagsOffset);
