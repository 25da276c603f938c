using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace PhotoMl.Tests;

internal static class NativeStartUp
{
    // A test may touch torch before any type of PhotoMl, and a failed start of torch lasts as long as the process.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test assembly has no entry point of its own.")]
    internal static void LoadTorch()
    {
        // Test projects run side by side.
        NativeSettings.LimitSpinning();
        NativeLibraries.EnsureLoaded();
    }
}
