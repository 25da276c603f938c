using System.Runtime.InteropServices;

namespace PhotoMl.Runtime;

/// <summary>Settings of libtorch's threads, which hold for the whole process.</summary>
public static partial class NativeThreads
{
    private const string SpinCount = "GOMP_SPINCOUNT";
    private const string WaitPolicy = "OMP_WAIT_POLICY";
    private const string FewTurns = "1000";

    /// <summary>Lets libtorch's threads give up the processor soon when they wait for each other.</summary>
    /// <remarks>
    /// By default a waiting OpenMP thread turns 300,000 times before it sleeps. On a machine with nothing else to do that costs nothing;
    /// where another program runs too, it keeps the very thread it waits for from its core, and training becomes much slower.
    /// The setting is an environment variable of the process, so the library never makes it by itself; the command line does.
    /// A choice of the user's, by <c>GOMP_SPINCOUNT</c> or <c>OMP_WAIT_POLICY</c>, is left alone.
    /// </remarks>
    /// <returns>True if the setting was made; false if it came too late, the user has chosen already, or the system is not Linux.</returns>
    public static bool LimitSpinning()
    {
        if (!OperatingSystem.IsLinux()
            || NativeLibraries.Method != NativeLoadMethod.None
            || Environment.GetEnvironmentVariable(SpinCount) is not null
            || Environment.GetEnvironmentVariable(WaitPolicy) is not null)
        {
            return false;
        }

        // .NET's own call changes a copy that native code never sees.
        return SetVariable(SpinCount, FewTurns, overwrite: 0) == 0;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
