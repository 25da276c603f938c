using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace PhotoMl.Runtime;

/// <summary>The dynamic-linking part of a 64-bit little-endian ELF shared library, read without loading it.</summary>
/// <remarks>Layouts: System V ABI, chapters 4 and 5, and the symbol-versioning part of the Linux Standard Base.</remarks>
internal sealed class ElfFile
{
    private const int LoadSegment = 1;
    private const int DynamicSegment = 2;
    private const int MostStringBytes = 1 << 12;

    private readonly Stream _stream;
    private readonly List<(int Type, long Offset, long Address, long Size)> _segments = [];
    private readonly Dictionary<long, long> _dynamic = [];

    public ElfFile(Stream stream)
    {
        _stream = stream;
        var header = ReadBytes(0, 64);
        if (!header.AsSpan(0, 4).SequenceEqual("\u007FELF"u8))
        {
            throw new InvalidDataException("it is not an ELF library");
        }

        if (header[4] != 2 || header[5] != 1)
        {
            throw new InvalidDataException("it is not a 64-bit little-endian ELF library");
        }

        Machine = Read<ushort>(18);
        ReadSegments(Read<long>(32), Read<ushort>(56));
        Needed = ReadDynamicTable();
    }

    public static ushort HostMachine => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 62,
        Architecture.Arm64 => 183,
        _ => 0,
    };

    public ushort Machine { get; }
    public IReadOnlyList<string> Needed { get; }

    /// <summary>Marks as weak, in place, every version need of a library that no relocation refers to: it loads without.</summary>
    /// <remarks>
    /// The loader only warns about a weak version that is missing. A version that nothing is bound to cannot be called,
    /// so nothing else changes: TorchSharp 0.107.0 names GLIBCXX_3.4.32 for a link-time marker of &lt;iostream&gt; alone.
    /// </remarks>
    public static IReadOnlyList<string> MarkUnusedVersions(byte[] library)
    {
        const byte WeakFlag = 0x2;
        using var stream = new MemoryStream(library, writable: false);
        var file = new ElfFile(stream);
        var bound = file.ReadBoundVersions();
        ElfVersionNeed[] unused = [.. file.ReadVersionNeeds().Where(need => !bound.Contains(need.Index))];
        Array.ForEach(unused, need => library[need.FlagsOffset] |= WeakFlag);
        return [.. unused.Select(need => need.Name)];
    }

    public IEnumerable<ElfVersionNeed> ReadVersionNeeds()
    {
        const int Needs = 0x6ffffffe, NeedsCount = 0x6fffffff;
        if (!_dynamic.TryGetValue(Needs, out var address))
        {
            yield break;
        }

        var (entry, next) = (ToOffset(address), 1L);
        for (var library = 0L; library < _dynamic.GetValueOrDefault(NeedsCount) && next > 0; library++, entry += next)
        {
            var version = entry + Read<uint>(entry + 8);
            for (var left = Read<ushort>(entry + 2); left > 0; left--, version += Read<uint>(version + 12))
            {
                yield return new ElfVersionNeed(ReadString(Read<uint>(version + 8)), Read<ushort>(version + 6), version + 4);
            }

            next = Read<uint>(entry + 12); // 0 at the last one, whatever the count says
        }
    }

    /// <summary>Finds the versions of which some symbol is really bound to an address.</summary>
    public HashSet<ushort> ReadBoundVersions()
    {
        const int Relocations = 7, RelocationsSize = 8, PltSize = 2, PltRelocations = 23, VersionSymbols = 0x6ffffff0, RelocationSize = 24;
        if (!_dynamic.TryGetValue(VersionSymbols, out var address))
        {
            return [];
        }

        var versions = ToOffset(address);
        (int Table, int Size)[] tables = [(Relocations, RelocationsSize), (PltRelocations, PltSize)];
        return tables
            .Where(tags => _dynamic.ContainsKey(tags.Table))
            .SelectMany(tags => ReadBytes(ToOffset(_dynamic[tags.Table]), _dynamic.GetValueOrDefault(tags.Size)).Chunk(RelocationSize))
            .Where(relocation => relocation.Length == RelocationSize)
            .Select(relocation => (ushort)(Read<ushort>(versions + (2L * BitConverter.ToUInt32(relocation, 12))) & 0x7fff))
            .ToHashSet();
    }

    private void ReadSegments(long first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var at = first + (i * 56L);
            var segment = (Type: Read<int>(at), Offset: Read<long>(at + 8), Address: Read<long>(at + 16), Size: Read<long>(at + 32));

            // A library that ends early would be mapped all the same, and touching the missing part kills the process.
            if (segment.Type == LoadSegment)
            {
                Require(segment.Offset, segment.Size);
            }

            _segments.Add(segment);
        }
    }

    private List<string> ReadDynamicTable()
    {
        const int NeededTag = 1;
        var table = _segments.Find(segment => segment.Type == DynamicSegment);
        var entries = MemoryMarshal.Cast<byte, long>(table.Type == DynamicSegment
            ? ReadBytes(table.Offset, table.Size)
            : throw new InvalidDataException("it has no dynamic section"));
        var needed = new List<long>();
        for (var i = 0; i + 1 < entries.Length; i += 2)
        {
            if (entries[i] == NeededTag)
            {
                needed.Add(entries[i + 1]);
            }
            else
            {
                _dynamic[entries[i]] = entries[i + 1];
            }
        }

        return needed.ConvertAll(ReadString);
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
        var segment = _segments.Find(s => s.Type == LoadSegment && address >= s.Address && address - s.Address < s.Size);
        return segment.Type == LoadSegment
            ? address - segment.Address + segment.Offset
            : throw new InvalidDataException($"the address 0x{address:x} is in none of its segments");
    }

    private T Read<T>(long offset)
        where T : unmanaged => MemoryMarshal.Read<T>(ReadBytes(offset, Unsafe.SizeOf<T>()));

    private byte[] ReadBytes(long offset, long count)
    {
        Require(offset, count);
        var bytes = new byte[count];
        _stream.Position = offset;
        _stream.ReadExactly(bytes);
        return bytes;
    }

    private void Require(long offset, long count)
    {
        if (offset < 0 || count < 0 || offset > _stream.Length - count)
        {
            throw new InvalidDataException($"it ends after {_stream.Length} bytes where at least {offset + count} were expected");
        }
    }
}

/// <summary>A symbol version that a library asks another one for.</summary>
internal sealed record ElfVersionNeed(string Name, ushort Index, long FlagsOffset);
