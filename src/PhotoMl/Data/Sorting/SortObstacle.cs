using System.Runtime.InteropServices;
using PhotoMl.IO;

namespace PhotoMl.Data;

/// <summary>Finds what would keep a photo from its place, without changing anything.</summary>
internal static partial class SortObstacle
{
    private const int MayWrite = 2;

    /// <summary>Why nothing can be written into a folder, which need not exist yet; null where something can.</summary>
    public static string? OfFolder(string folder)
    {
        var existing = folder;
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        return !Directory.Exists(existing) ? $"{existing} is a file"
            : OperatingSystem.IsWindows() || Access(existing, MayWrite) == 0 ? null : "permission is denied";
    }

    /// <summary>Why a photo cannot be put into a folder; null where it can.</summary>
    public static string? OfPhoto(string source, string folder, bool useHardLinks)
    {
        try
        {
            using var file = RegularFile.Open(source, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        }

        return OfFolder(folder) ?? (useHardLinks && MountOf(source) != MountOf(folder) ? "it cannot be linked: it lies on another disk" : null);
    }

    // A link within one disk that is mounted twice fails too, so the place of the mount is what counts.
    private static string MountOf(string path) =>
        DriveInfo.GetDrives().Select(drive => drive.Name).Where(mount => RealPath.IsWithin(RealPath.Of(path), mount)).MaxBy(mount => mount.Length) ?? "";

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
