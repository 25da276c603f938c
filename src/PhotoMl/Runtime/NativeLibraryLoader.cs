using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PhotoMl.Runtime;

/// <summary>Checks the native files and loads them, directly or with the unused symbol versions marked as optional.</summary>
internal static unsafe partial class NativeLibraryLoader
{
    public const string LibraryName = "LibTorchSharp";

    /// <summary>The library of libtorch's operators on the CPU, on Linux.</summary>
    public const string TorchLibrary = "libtorch_cpu.so";

    private const string Remedy =
        "install the package TorchSharp-cpu 0.107.0 (or TorchSharp-cuda-* of that version) for this platform and build again";

    // What TorchSharp's packages bring along; everything else that a library needs is the system's.
    private static readonly string[] PackagedNames = ["libtorch", "libc10", "libgomp-", "libLibTorchSharp"];

    public static string FileName => OperatingSystem.IsWindows() ? $"{LibraryName}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{LibraryName}.dylib"
        : $"lib{LibraryName}.so";

    public static NativeLibraryLoad Load(IReadOnlyList<string> folders)
    {
        var path = folders.Select(folder => Path.Combine(folder, FileName)).FirstOrDefault(File.Exists)
            ?? throw new NativeLibraryException(FileName, $"it is in none of the folders {string.Join(", ", folders)}", Remedy);

        var packaged = OperatingSystem.IsLinux() ? Inspect(path, folders) : [];
        var openMp = packaged.FirstOrDefault(file => Path.GetFileName(file).StartsWith("libgomp", StringComparison.Ordinal));
        var load = NativeLibrary.TryLoad(path, out var handle)
            ? new NativeLibraryLoad(path, handle, [], openMp)
            : OperatingSystem.IsLinux() ? LoadPatched(path, packaged, openMp) : throw Refused(path);
        if (packaged.FirstOrDefault(file => Path.GetFileName(file) == TorchLibrary) is { } libtorch)
        {
            TurnOffNnpack(libtorch);
        }

        return load;
    }

    /// <summary>Checks a library and all packaged libraries it needs, before the system's loader maps a broken one.</summary>
    public static IReadOnlyList<string> Inspect(string path, IReadOnlyList<string> folders)
    {
        var home = Path.GetDirectoryName(path)!;
        var ordered = new List<string>();
        var seen = new HashSet<string>();
        InspectOne(path);
        return ordered;

        void InspectOne(string file)
        {
            foreach (var name in ReadNeeded(file).Where(name => PackagedNames.Any(name.StartsWith)))
            {
                var found = folders.Prepend(home).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
                    ?? throw new NativeLibraryException(
                        Path.Combine(home, name), $"it is missing and {Path.GetFileName(file)} needs it", Remedy);
                if (seen.Add(found))
                {
                    InspectOne(found);
                    ordered.Add(found);
                }
            }
        }
    }

    private static IReadOnlyList<string> ReadNeeded(string path) => Inspect(path, () =>
    {
        using var stream = File.OpenRead(path);
        var file = new ElfFile(stream);
        return file.Machine == ElfFile.HostMachine
            ? file.Needed
            : throw new InvalidDataException($"it is for another processor (ELF machine {file.Machine}, here {ElfFile.HostMachine})");
    });

    private static T Inspect<T>(string path, Func<T> inspect)
    {
        try
        {
            return inspect();
        }
        catch (Exception exception) when (exception is InvalidDataException || AtomicFile.IsFailure(exception))
        {
            throw new NativeLibraryException(path, AtomicFile.Describe(exception), Remedy);
        }
    }

    private static NativeLibraryLoad LoadPatched(string path, IReadOnlyList<string> packaged, string? openMp)
    {
        var library = Inspect(path, () => File.ReadAllBytes(path));
        var skipped = Inspect(path, () => ElfFile.MarkUnusedVersions(library));

        // The copy has no folder of its own to find these in.
        if (packaged.FirstOrDefault(file => !NativeLibrary.TryLoad(file, out _)) is { } refused)
        {
            throw Refused(refused);
        }

        var handle = Inspect(path, () => LoadCopy(FileName, library, copy => NativeLibrary.TryLoad(copy, out var loaded) ? loaded : 0));
        return handle != 0 ? new NativeLibraryLoad(path, handle, skipped, openMp) : throw Refused(path);
    }

    /// <summary>Loads a library that is nowhere on disk; 0 where the system refuses it.</summary>
    /// <remarks>A file in memory has a path while it is open, and stays open here: the loader takes another library of the same path for
    /// this one. Where the system allows no such file, a temporary folder holds it.</remarks>
    public static nint LoadCopy(string name, byte[] library, Func<string, nint> load)
    {
        var memory = new SafeFileHandle(CreateMemoryFile(name, flags: 1), ownsHandle: false); // MFD_CLOEXEC
        if (!memory.IsInvalid && $"/proc/self/fd/{memory.DangerousGetHandle()}" is var link && File.Exists(link))
        {
            RandomAccess.Write(memory, library, 0);
            return load(link);
        }

        var folder = Directory.CreateTempSubdirectory("photoml-");
        try
        {
            var file = Path.Combine(folder.FullName, name);
            File.WriteAllBytes(file, library);
            return load(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Where NNPACK, a library of convolutions, does not know the processor, libtorch prints "Could not initialize NNPACK" to standard
    // error each time it considers it, whatever TORCH_CPP_LOG_LEVEL says. oneDNN takes the convolutions of every network here.
    private static void TurnOffNnpack(string libtorch)
    {
        // at::globalContext() and at::Context::setUserEnabledNNPACK(bool).
        if (NativeLibrary.TryLoad(libtorch, out var library)
            && NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out var context)
            && NativeLibrary.TryGetExport(library, "_ZN2at7Context20setUserEnabledNNPACKEb", out var set))
        {
            ((delegate* unmanaged<void*, byte, void>)set)(((delegate* unmanaged<void*>)context)(), 0);
        }
    }

    private static NativeLibraryException Refused(string path)
    {
        try
        {
            // Loading once more is the only way to the loader's own words.
            NativeLibrary.Load(path);
            return new NativeLibraryException(path, "the system's loader refuses it", Remedy);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            var reason = exception.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
            var remedy = reason.Contains("GLIBC", StringComparison.Ordinal)
                ? "install a newer Linux: PhotoMl needs at least the C and C++ libraries of Debian 12 or Ubuntu 22.04"
                : Remedy;
            return new NativeLibraryException(path, $"the system's loader says: {reason}", remedy);
        }
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);
}

/// <summary>What loading the native libraries gave.</summary>
internal sealed record NativeLibraryLoad(string Path, nint Handle, IReadOnlyList<string> SkippedVersions, string? OpenMpPath);
