using System.Runtime.InteropServices;

namespace PhotoMl.Runtime;

/// <summary>Settings of the C library's allocator and of libtorch's threads, which hold for the whole process.</summary>
internal static partial class NativeSettings
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;
    private const int LargestMmapThreshold = 32 << 20;
    private const int KeptBytes = 512 << 20;
    private const int GrowthBytes = 64 << 20;

    /// <summary>Lets glibc keep freed blocks of up to 32 MiB for the next step instead of mapping and unmapping each.</summary>
    public static void RaiseMallocThresholds() => IfGlibc(() =>
    {
        _ = SetOption(MmapThreshold, LargestMmapThreshold);
        _ = SetOption(TrimThreshold, KeptBytes);
        _ = SetOption(TopPad, GrowthBytes);
    });

    /// <summary>Returns what was freed to the system, where glibc kept it.</summary>
    public static void ReturnFreed() => IfGlibc(() => _ = Trim(0));

    /// <summary>Lets a waiting OpenMP thread spin 1,000 times before it sleeps in place of 300,000; 2,000 times on processors that
    /// are not Intel's, whose PAUSE is half as long.</summary>
    public static void LimitSpinning()
    {
        const string SpinCount = "GOMP_SPINCOUNT";
        if (OperatingSystem.IsLinux()
            && NativeLibraries.LibraryPath is null
            && Environment.GetEnvironmentVariable(SpinCount) is null
            && Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
        {
            // Some 65 cycles on AMD's processors since Zen 2, some 140 on Intel's since Skylake (Agner Fog's tables).
            // .NET's own call changes a copy of the variable that native code never sees.
            _ = SetVariable(SpinCount, ProcessorFeatures.IsForeignX64 ? "2000" : "1000", overwrite: 0);
        }
    }

    // Another C library keeps less, and has none of these.
    private static void IfGlibc(Action act)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                act();
            }
        }
        catch (EntryPointNotFoundException)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
