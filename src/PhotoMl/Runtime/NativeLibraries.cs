using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace PhotoMl.Runtime;

/// <summary>Loads libtorch and TorchSharp's native library, also where the system's C++ library is too old for TorchSharp alone.</summary>
/// <remarks>
/// <para>
/// TorchSharp 0.107.0 was linked on a system whose libstdc++ has the symbol version GLIBCXX_3.4.32 (GCC 13). On Debian 12
/// and Ubuntu 22.04 the loader refuses it, although it uses nothing of that version. There PhotoMl loads a copy, held in memory,
/// that marks the version as optional; no file is changed or left behind.
/// </para>
/// <para>
/// Nobody needs to call anything: as soon as any type of PhotoMl has been used, TorchSharp's own start-up finds the library, and
/// the package compiles such a use into every C# program. A program in another language, or one that references the project, calls
/// <see cref="EnsureLoaded"/> if it touches torch before PhotoMl.
/// </para>
/// </remarks>
public static class NativeLibraries
{
    private static readonly Lock Gate = new();
    private static volatile NativeLibraryLoad? _load;

    /// <summary>How the libraries were loaded; <see cref="NativeLoadMethod.None"/> before they are.</summary>
    public static NativeLoadMethod Method => _load?.Method ?? NativeLoadMethod.None;

    /// <summary>The file of TorchSharp's native library; null before it is loaded.</summary>
    public static string? LibraryPath => _load?.Path;

    /// <summary>The symbol versions done without; empty unless <see cref="Method"/> is <see cref="NativeLoadMethod.Patched"/>.</summary>
    public static IReadOnlyList<string> SkippedVersions => _load?.SkippedVersions ?? [];

    /// <summary>The file of the OpenMP library that libtorch uses; null where it uses none.</summary>
    internal static string? OpenMpPath => _load?.OpenMpPath;

    /// <summary>Loads the native libraries unless they are loaded already.</summary>
    /// <remarks>Safe from any thread; costs nothing after the first time.</remarks>
    /// <exception cref="NativeLibraryException">A file is missing, truncated, for another platform, or refused by the system's loader.</exception>
    public static void EnsureLoaded()
    {
        if (_load is not null)
        {
            return;
        }

        lock (Gate)
        {
            _load ??= NativeLibraryLoader.Load(SearchFolders());
        }
    }

    /// <summary>The folders in which the native libraries are looked for, in order.</summary>
    /// <returns>The application's native search folders, its base folder, and the folder of TorchSharp.dll.</returns>
    internal static IReadOnlyList<string> SearchFolders()
    {
        var listed = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator);
        return
        [
            .. listed
                .Append(AppContext.BaseDirectory)
                .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"))
                .Append(Path.GetDirectoryName(typeof(torch).Assembly.Location) ?? "")
                .Where(folder => folder.Length > 0)
                .Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))
                .Distinct(),
        ];
    }

    // Only an event is subscribed here, so a program that never touches torch never loads it.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp must find its library whichever type of PhotoMl is used first.")]
    internal static void Register() => AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;

    private static nint Resolve(Assembly assembly, string name)
    {
        if (name != NativeLibraryLoader.LibraryName || assembly.GetName().Name != nameof(TorchSharp))
        {
            return 0;
        }

        EnsureLoaded();
        return _load!.Handle;
    }
}
