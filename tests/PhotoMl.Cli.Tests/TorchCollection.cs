using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PhotoMl.Cli.Tests;

/// <summary>Tests that share torch's threads, and so run one after another; there is one since the shared models were trained.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[SuppressMessage("Naming", "CA1711", Justification = "xunit calls it a collection.")]
public sealed class TorchCollection : ICollectionFixture<TrainedModel>, ICollectionFixture<TrainedGenerators>
{
    public const string Name = "torch";

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test assembly has no entry point of its own.")]
    internal static void Start()
    {
        AtomicFile.Flushes = false; // the tool's own processes do flush

        // The library's tests take longer: beside them these take what is left over, and both end sooner. Threads inherit it.
        foreach (var thread in OperatingSystem.IsLinux() ? Directory.GetDirectories("/proc/self/task") : [])
        {
            _ = SetPriority(0, int.Parse(Path.GetFileName(thread), System.Globalization.CultureInfo.InvariantCulture), 10);
        }
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int id, int priority);
}
