using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PhotoMl.IO;

/// <summary>Writes files that are either whole or not there, whenever the program or the machine stops.</summary>
internal static partial class AtomicFile
{
    private const string TemporaryPrefix = ".photoml-";
    private const string TemporaryExtension = ".tmp";
    private static int _writing;

    /// <summary>Whether this process is writing such a file: one that is about to end waits for it, or leaves the temporary one
    /// behind.</summary>
    public static bool IsWriting => Volatile.Read(ref _writing) > 0;

    /// <summary>Whether files are flushed to the disk; off in tests, which kill processes but no machine.</summary>
    internal static bool Flushes { get; set; } = true;

    /// <inheritdoc cref="Write(string, Action{Stream}, bool)"/>
    public static void Write(string path, byte[] content, bool flush = true) => Write(path, stream => stream.Write(content), flush);

    /// <summary>Writes a file beside its final place, flushes it to the disk, and then renames it over the old one.</summary>
    /// <remarks>The temporary file has a name that no other file has. After any failure the old file is as it was and the temporary one is
    /// gone.</remarks>
    public static void Write(string path, Action<Stream> write, bool flush = true) => Try(path, () =>
    {
        flush &= Flushes;
        var temporary = NewTemporary(path);

        // Outside the try: a file of that name that is there already is not this one, and stays.
        var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        Interlocked.Increment(ref _writing);
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: flush);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Delete(temporary);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _writing);
        }

        if (flush && OperatingSystem.IsLinux())
        {
            FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
    });

    internal static void CreateFolder(string folder) => Guard(folder, () => Directory.CreateDirectory(folder), folder);

    internal static bool IsTemporary(string name) =>
        name.StartsWith(TemporaryPrefix, StringComparison.Ordinal) && name.EndsWith(TemporaryExtension, StringComparison.Ordinal);

    /// <summary>Deletes the temporary files that killed processes left in a folder; those that a process is writing stay.</summary>
    internal static void DeleteLeftovers(string folder)
    {
        var all = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
        foreach (var temporary in Directory.EnumerateFiles(folder, $"{TemporaryPrefix}*{TemporaryExtension}", all))
        {
            IgnoreFailure(() =>
                new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.DeleteOnClose).Dispose());
        }
    }

    internal static void Try(string path, Action write)
    {
        if ((Directory.Exists(path) ? "a folder" : RegularFile.FindOtherKind(path)) is { } kind)
        {
            throw new OutputException(path, $"it is {kind}");
        }

        Guard(path, write);
    }

    /// <summary>Writes a file by other means, or into a folder, which need not be there yet; a failure is said of the path.</summary>
    internal static void Guard(string path, Action write, string? folder = null)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            throw new OutputException(path, Describe(exception, folder ?? Path.GetDirectoryName(Path.GetFullPath(path))!), exception);
        }
    }

    // Short, for the name of the file itself may be as long as a name can be.
    internal static string NewTemporary(string path) =>
        Path.Join(Path.GetDirectoryName(Path.GetFullPath(path)), $"{TemporaryPrefix}{Guid.NewGuid():N}{TemporaryExtension}");

    /// <summary>Deletes a temporary file after a failure, which is what the caller must hear of: a second one is passed over.</summary>
    internal static void Delete(string temporary) => IgnoreFailure(() => File.Delete(temporary));

    // Without this a power cut may undo the rename. Not every file system can do it, and the file is whole either way.
    private static void FlushFolder(string folder)
    {
        using var handle = new SafeFileHandle(Open(folder, 0), ownsHandle: true);
        if (!handle.IsInvalid)
        {
            IgnoreFailure(() => RandomAccess.FlushToDisk(handle));
        }
    }

    internal static void IgnoreFailure(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Why nothing can be written into a folder.</summary>
    internal static string Describe(Exception exception, string folder) => FindFileInstead(folder, out _)
        ?? (exception is FileNotFoundException ? "nothing can be made in its folder" : Describe(exception));

    /// <summary>Says what lies in the place of a folder, or of the nearest above it that exists; null where a folder does.</summary>
    internal static string? FindFileInstead(string folder, out string existing)
    {
        existing = Path.GetFullPath(folder);
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        return Directory.Exists(existing) ? null : $"{existing} is {RegularFile.FindOtherKind(existing) ?? "a file"}";
    }

    internal static string Describe(Exception exception) => exception switch
    {
        DirectoryNotFoundException => "its folder does not exist",
        UnauthorizedAccessException => "permission is denied",
        PathTooLongException => "its name is longer than the system allows",
        ArgumentOutOfRangeException => "the file would be larger than the system allows",

        // The system's own words, without the name of the temporary file after them.
        _ => exception.Message.ReplaceLineEndings(" ").Split(" : '")[0].TrimEnd('.', ' '),
    };

    /// <summary>Whether a file could not be read or written; .NET makes an argument exception of the error EFBIG: beyond 4 GiB on FAT32, or
    /// beyond the process's limit.</summary>
    internal static bool IsFailure(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" };

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
