using System.ComponentModel;
using System.Runtime.InteropServices;

namespace PhotoMl.Data;

/// <summary>Hard links, and what would keep files from being made; finding out changes nothing.</summary>
internal static partial class DiskAccess
{
    private const int MayWrite = 2;

    /// <summary>Gives a file a second name, without a second copy of its content.</summary>
    public static void CreateHardLink(string source, string target)
    {
        if (!(OperatingSystem.IsWindows() ? CreateHardLink(target, source, 0) : Link(source, target) == 0))
        {
            throw new IOException($"it cannot be linked: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    /// <summary>Why a hard link to a file cannot be made in a folder; null where it can.</summary>
    public static string? FindLinkObstacle(string source, string folder)
    {
        // A link within one disk that is mounted twice fails too, so the place of the mount is what counts.
        return MountOf(source) == MountOf(folder) ? null : "it cannot be linked: it lies on another disk";

        static string? MountOf(string path) => DriveInfo.GetDrives().Select(drive => drive.Name)
            .Where(mount => RealPath.IsWithin(RealPath.Of(path), mount)).MaxBy(mount => mount.Length);
    }

    /// <summary>Why nothing can be written into a folder, which need not exist yet; null where something can.</summary>
    public static string? FindObstacle(string folder) => AtomicFile.FindFileInstead(folder, out var existing)
        ?? (OperatingSystem.IsWindows() || Access(existing, MayWrite) == 0 ? null : "permission is denied");

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Link(string source, string target);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string target, string source, nint security);
}
