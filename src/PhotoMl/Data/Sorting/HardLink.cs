using System.ComponentModel;
using System.Runtime.InteropServices;

namespace PhotoMl.Data;

/// <summary>A second name of a file, without a second copy of its content.</summary>
internal static partial class HardLink
{
    public static void Create(string source, string target)
    {
        var isDone = OperatingSystem.IsWindows() ? CreateHardLink(target, source, 0) : Link(source, target) == 0;
        if (!isDone)
        {
            throw new IOException($"it cannot be linked: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Link(string source, string target);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string target, string source, nint security);
}
