using System.Runtime.InteropServices;

namespace PhotoMl.Runtime;

/// <summary>Checks the native files and loads them, directly or with the unused symbol versions marked as optional.</summary>
internal static class NativeLibraryLoader
{
    public const string LibraryName = "LibTorchSharp";

    private const string Remedy = "install the package TorchSharp-cpu 0.107.0 (or TorchSharp-cuda-* of that version) for this platform and build again";

    // What TorchSharp's packages bring along; everything else that a library needs is the system's.
    private static readonly string[] PackagedNames = ["libtorch", "libc10", "libgomp-", "libLibTorchSharp"];

    public static string FileName =>
        OperatingSystem.IsWindows() ? $"{LibraryName}.dll" : OperatingSystem.IsMacOS() ? $"lib{LibraryName}.dylib" : $"lib{LibraryName}.so";

    public static NativeLibraryLoad Load(IReadOnlyList<string> folders)
    {
        var path = folders.Select(folder => Path.Combine(folder, FileName)).FirstOrDefault(File.Exists)
            ?? throw new NativeLibraryException(FileName, $"it is in none of the folders {string.Join(", ", folders)}", Remedy);

        var packaged = OperatingSystem.IsLinux() ? Inspect(path, folders) : [];
        var openMp = packaged.FirstOrDefault(file => Path.GetFileName(file).StartsWith("libgomp", StringComparison.Ordinal));
        var load = NativeLibrary.TryLoad(path, out var handle)
            ? new NativeLibraryLoad(path, handle, [], openMp)
            : OperatingSystem.IsLinux() ? LoadPatched(path, packaged, openMp) : throw Refused(path);
        if (packaged.FirstOrDefault(file => Path.GetFileName(file) == Nnpack.HostLibrary) is { } libtorch)
        {
            Nnpack.TurnOff(libtorch);
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
                    ?? throw new NativeLibraryException(Path.Combine(home, name), $"it is missing and {Path.GetFileName(file)} needs it", Remedy);
                if (seen.Add(found))
                {
                    InspectOne(found);
                    ordered.Add(found);
                }
            }
        }
    }

    private static IReadOnlyList<string> ReadNeeded(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var file = ElfFile.Read(stream);
            return file.Machine == ElfFile.HostMachine
                ? file.Needed
                : throw new NativeLibraryException(path, $"it is for another processor (ELF machine {file.Machine}, here {ElfFile.HostMachine})", Remedy);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new NativeLibraryException(path, exception.Message, Remedy);
        }
    }

    private static NativeLibraryLoad LoadPatched(string path, IReadOnlyList<string> packaged, string? openMp)
    {
        var library = File.ReadAllBytes(path);
        var skipped = Patch(path, library);

        // The copy has no folder of its own to find these in.
        foreach (var file in packaged)
        {
            if (!NativeLibrary.TryLoad(file, out _))
            {
                throw Refused(file);
            }
        }

        using var copy = AnonymousFile.Create(FileName, library);
        return NativeLibrary.TryLoad(copy.Path, out var handle)
            ? new NativeLibraryLoad(path, handle, skipped, openMp)
            : throw Refused(path);
    }

    private static IReadOnlyList<string> Patch(string path, byte[] library)
    {
        try
        {
            return ElfFile.MarkUnusedVersions(library);
        }
        catch (InvalidDataException exception)
        {
            throw new NativeLibraryException(path, exception.Message, Remedy);
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
}

/// <summary>What loading the native libraries gave.</summary>
internal sealed record NativeLibraryLoad(string Path, nint Handle, IReadOnlyList<string> SkippedVersions, string? OpenMpPath);
