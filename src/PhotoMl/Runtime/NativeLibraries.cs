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

    /// <summary>The file of TorchSharp's native library; null before it is loaded.</summary>
    public static string? LibraryPath => _load?.Path;

    /// <summary>The symbol versions done without; empty where the library was loaded as it is.</summary>
    public static IReadOnlyList<string> SkippedVersions => _load?.SkippedVersions ?? [];

    internal static string? OpenMpPath => _load?.OpenMpPath;

    /// <summary>Loads the native libraries unless they are loaded already.</summary>
    /// <remarks>Safe from any thread; costs nothing after the first time.</remarks>
    /// <exception cref="NativeLibraryException">A file is missing, truncated, for another platform, or refused by the system's
    /// loader.</exception>
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

    /// <summary>Loads the native libraries and gives the name back: for a module's base constructor, which touches torch.</summary>
    internal static string Load(string name)
    {
        EnsureLoaded();
        return name;
    }

    /// <summary>Whether MKL was made to take its fast kernels on a processor that is not Intel's, as <see cref="TuneProcess"/> has it, and
    /// has computed something since.</summary>
    public static bool HasIntelKernels => MklKernels.WereAsked;

    /// <summary>Sets the C library's allocator, libtorch's threads and MKL's kernels for training. Call it once, before torch is
    /// used.</summary>
    /// <remarks>
    /// <para>
    /// glibc keeps freed blocks of up to 32 MiB, which it otherwise maps, page-faults and unmaps in each step; and OpenMP threads soon give
    /// up the processor when they wait for each other: by default a waiting one keeps the very thread it waits for from its core where
    /// another program runs too. Both hold for the whole process, so the library never does it by itself; the command line does. A choice
    /// by <c>GOMP_SPINCOUNT</c> or <c>OMP_WAIT_POLICY</c> is left alone, and systems other than Linux are left as they are.
    /// </para>
    /// <para>
    /// On AMD's processors MKL, libtorch's library for float32 products, takes the kernels that it has for Intel's: up to twice as fast.
    /// The environment variable <c>PHOTOML_MKL=default</c> leaves it as it is.
    /// </para>
    /// </remarks>
    public static void TuneProcess()
    {
        NativeSettings.RaiseMallocThresholds();
        NativeSettings.LimitSpinning();
        MklKernels.Force();
    }

    private static string[] SearchFolders()
    {
        string[] folders =
        [
            .. (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator),
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"),
            Path.GetDirectoryName(typeof(torch).Assembly.Location) ?? "",
        ];
        return
        [
            .. folders.Where(folder => folder.Length > 0)
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
