using System.Runtime.InteropServices;

namespace PhotoMl.IO;

/// <summary>Opens what is read: regular files only, for opening a pipe waits for another process, and a device may never end.</summary>
/// <remarks>What a file is, is asked before it is opened. A pipe that takes a file's place between the two is waited for; no .NET API opens
/// without waiting.</remarks>
internal static partial class RegularFile
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint TypeAndChangeTime = 0x81; // STATX_TYPE, STATX_CTIME
    private const int TypeMask = 0xF000; // S_IFMT

    // More than either system's record takes.
    private const int RecordBytes = 256;

    // Of struct statx, which is the same on all processors, and of struct stat of macOS on arm64.
    private const int LinuxModeAt = 28;
    private const int LinuxChangeTimeAt = 96;
    private const int MacModeAt = 4;
    private const int MacChangeTimeAt = 64;

    public static FileStream Open(string path, FileShare share = FileShare.Read | FileShare.Delete, int bufferSize = 4096) =>
        new(Check(path), FileMode.Open, FileAccess.Read, share, bufferSize);

    public static string ReadAllText(string path) => File.ReadAllText(Check(path));

    public static byte[] ReadAllBytes(string path) => File.ReadAllBytes(Check(path));

    /// <summary>Makes sure that what a path leads to, links followed, may be opened; what is not there or may not be examined is left to
    /// the opening.</summary>
    public static string Check(string path) => FindOtherKind(path) is { } kind ? throw new NotRegularFileException(kind) : path;

    /// <summary>What a path leads to where that is neither a file nor a folder; null for these, and where there is nothing.</summary>
    public static string? FindOtherKind(string path) => (Examine(path).Mode & TypeMask) switch
    {
        0x1000 => "a pipe",
        0x2000 => "a character device",
        0x6000 => "a block device",
        0xC000 => "a socket",
        _ => null,
    };

    /// <summary>Whether a file could not be opened because another process holds it.</summary>
    public static bool IsHeld(Exception exception)
    {
        const int SharingViolation = unchecked((int)0x80070020);
        var held = OperatingSystem.IsWindows() ? SharingViolation : OperatingSystem.IsMacOS() ? 35 : 11; // of Unix the errno EWOULDBLOCK
        return exception is IOException && exception.HResult == held;
    }

    /// <summary>When the content, name or rights of what a path leads to last changed, in nanoseconds since 1970, which no program can set
    /// back; null on Windows, and where there is nothing.</summary>
    public static long? FindChangeTime(string path) => Examine(path) is { Mode: > 0, ChangeTime: var time } ? time : null;

    // Windows needs none of this for its kinds of files: it keeps pipes and devices apart, and .NET refuses to open them as files.
    private static (int Mode, long ChangeTime) Examine(string path)
    {
        Span<byte> record = stackalloc byte[RecordBytes];
        return OperatingSystem.IsLinux() && Statx(CurrentFolder, path, 0, TypeAndChangeTime, ref record[0]) == 0
                ? (BitConverter.ToUInt16(record[LinuxModeAt..]), ReadTime(record[LinuxChangeTimeAt..]))
            : OperatingSystem.IsMacOS() && Stat(path, ref record[0]) == 0
                ? (BitConverter.ToUInt16(record[MacModeAt..]), ReadTime(record[MacChangeTimeAt..]))
            : default;

        static long ReadTime(ReadOnlySpan<byte> time) => (BitConverter.ToInt64(time) * 1_000_000_000) + BitConverter.ToUInt32(time[8..]);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte record);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, ref byte record);
}

/// <summary>Thrown where a file is to be read and something else bears its name; the message is what, such as "a pipe".</summary>
internal sealed class NotRegularFileException(string kind) : IOException(kind);
