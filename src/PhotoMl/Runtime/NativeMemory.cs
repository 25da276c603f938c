using System.Runtime.InteropServices;

namespace PhotoMl.Runtime;

/// <summary>Settings of the C library's memory allocator, which hold for the whole process.</summary>
public static partial class NativeMemory
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;
    private const int LargestMmapThreshold = 32 << 20;
    private const int KeptBytes = 512 << 20;
    private const int GrowthBytes = 64 << 20;

    /// <summary>Lets glibc keep freed blocks of up to 32 MiB for the next step instead of returning them to the system.</summary>
    /// <remarks>
    /// By default every large activation is mapped, page-faulted and unmapped again in each step. The setting is process-wide,
    /// so the library never makes it by itself; the command line does. Call it before training, once.
    /// </remarks>
    /// <returns>True if the allocator took the settings; false on systems without glibc, where nothing is changed.</returns>
    public static bool RaiseMallocThresholds()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            return SetOption(MmapThreshold, LargestMmapThreshold) == 1
                & SetOption(TrimThreshold, KeptBytes) == 1
                & SetOption(TopPad, GrowthBytes) == 1;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Returns what was freed to the system, where glibc kept it; elsewhere nothing is done.</summary>
    internal static void ReturnFreed()
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                _ = Trim(0);
            }
            catch (EntryPointNotFoundException)
            {
                // Another C library, which keeps less.
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
