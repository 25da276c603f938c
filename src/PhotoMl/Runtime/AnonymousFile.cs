using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PhotoMl.Runtime;

/// <summary>A file in memory that has a path while it is open, so that a library can be loaded from it with nothing left on disk.</summary>
/// <remarks>Where the kernel has no such files, a file in a private temporary folder, deleted when this is disposed.</remarks>
internal sealed partial class AnonymousFile : IDisposable
{
    private const uint CloseOnExec = 1;

    private readonly SafeFileHandle? _handle;
    private readonly string? _folder;

    private AnonymousFile(string path, SafeFileHandle? handle, string? folder)
    {
        Path = path;
        _handle = handle;
        _folder = folder;
    }

    public string Path { get; }

    public static AnonymousFile Create(string name, byte[] content)
    {
        var descriptor = CreateMemoryFile(name, CloseOnExec);
        var path = $"/proc/self/fd/{descriptor}";
        if (descriptor >= 0 && File.Exists(path))
        {
            var handle = new SafeFileHandle(descriptor, ownsHandle: true);
            RandomAccess.Write(handle, content, 0);
            return new AnonymousFile(path, handle, folder: null);
        }

        var folder = Directory.CreateTempSubdirectory("photoml-").FullName;
        path = System.IO.Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        return new AnonymousFile(path, handle: null, folder);
    }

    public void Dispose()
    {
        _handle?.Dispose();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int CreateMemoryFile(string name, uint flags);
}
