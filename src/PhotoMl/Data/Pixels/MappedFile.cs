using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using PhotoMl.IO;

namespace PhotoMl.Data;

/// <summary>A file seen as memory, shared by all who read from it; the last one closes it.</summary>
/// <remarks>
/// Pages that were looked at count as memory of the process, though the system can take them back, so they are let go of after every 16 MiB.
/// The file is held with a shared lock, which keeps every program that asks for locks from writing to it; on Windows that is all of them. Elsewhere another
/// program may still shorten it. That is found out before every read, and a file that is replaced or deleted stays readable; but where it is shortened
/// in the very moment of a read, the system ends the process.
/// </remarks>
internal sealed unsafe partial class MappedFile
{
    private const long MostTouched = 16 << 20;

    // The system maps up to so much around each page that is looked at.
    private const int FaultAround = 128 << 10;

    private const int Random = 1;
    private const int DontNeed = 4;

    private readonly FileStream _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private int _users = 1;
    private long _touched;

    private MappedFile(FileStream file, MemoryMappedFile map, MemoryMappedViewAccessor view)
    {
        (_file, _map, _view) = (file, map, view);
        Path = file.Name;
        Length = file.Length;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        Advise(Random);
    }

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>The length of the file when it was opened.</summary>
    public long Length { get; }

    /// <summary>Maps a file for reading; the caller is its first user.</summary>
    /// <param name="path">The file, which may not be empty.</param>
    /// <exception cref="IOException">It cannot be opened, or is locked.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static MappedFile Open(string path)
    {
        var file = RegularFile.Open(path, FileShare.Read | FileShare.Delete, bufferSize: 0);
        MemoryMappedFile? map = null;
        try
        {
            map = MemoryMappedFile.CreateFromFile(file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return new MappedFile(file, map, map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read));
        }
        catch
        {
            map?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds a user.</summary>
    public MappedFile Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>Takes a user away.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _map.Dispose();
            _file.Dispose();
        }
    }

    /// <summary>Makes sure that the file is as long as it was; to be called before a batch is read.</summary>
    /// <exception cref="InvalidDatasetException">It is shorter.</exception>
    public void CheckLength()
    {
        if (RandomAccess.GetLength(_file.SafeFileHandle) is var length && length < Length)
        {
            throw new InvalidDatasetException(Path, $"{Length} bytes, as there were when it was opened", $"{length}; another program has shortened it");
        }
    }

    /// <summary>Copies a part of the file.</summary>
    public void Read(long offset, Span<byte> target)
    {
        if (offset < 0 || offset > Length - target.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"Expected a place within {Length} bytes but got {target.Length} from {offset} on.");
        }

        new ReadOnlySpan<byte>(_start + offset, target.Length).CopyTo(target);
        if (Interlocked.Add(ref _touched, target.Length + FaultAround) >= MostTouched)
        {
            Interlocked.Exchange(ref _touched, 0);
            Advise(DontNeed);
        }
    }

    // Advice that is not taken costs memory or speed only.
    private void Advise(int advice)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            _ = Advise((nint)_start, (nuint)Length, advice);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
