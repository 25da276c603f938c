using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using PhotoMl.Cli.Commands;
using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Runtime;
using TorchSharp;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>doctor --json</c> prints; what libtorch alone can tell is null or empty where it cannot be loaded.</summary>
internal sealed class DoctorJson(DatasetLoadOptions data, string? nativeProblem)
{
    public string Command => "doctor";
    public string Photoml { get; } = Version(typeof(Cli).Assembly);
    public string Torchsharp { get; } = Version(typeof(torch).Assembly);
    public string? Libtorch { get; } = nativeProblem is null ? torch.__version__ : null;
    public string Dotnet => RuntimeInformation.FrameworkDescription;
    public string System => $"{RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}";
    public string NativeMethod => NativePath is null ? "none" : NativeSkippedVersions.Count > 0 ? "patched" : "direct";
    public string? NativePath => NativeLibraries.LibraryPath;
    public IReadOnlyList<string> NativeSkippedVersions => NativeLibraries.SkippedVersions;
    public string? NativeProblem => nativeProblem;
    public string Processor => Runtime.ProcessorFeatures.Name;
    public IReadOnlyList<string> ProcessorFeatures { get; } = [.. Runtime.ProcessorFeatures.List()];
    public int ProcessorCores => Environment.ProcessorCount;
    public int? Threads { get; } = nativeProblem is null ? torch.get_num_threads() : null;
    public string Precision => Values.Word(Runtime.ProcessorFeatures.AutoPrecision);
    public string PrecisionReason => Runtime.ProcessorFeatures.AutoPrecisionReason;
    public IReadOnlyList<OperatorJson> Operators { get; } = nativeProblem is null
        ? [.. NetworkArithmetic.Check().Select(OperatorJson.Of)]
        : [];

    /// <summary>After the operators were checked, so that MKL has computed something.</summary>
    public string MklKernels { get; } = NativeLibraries.HasIntelKernels ? "intel" : "default";

    public string Device => Cli.Cpu;

    /// <summary>Where each known data set is; null where it is not on the machine.</summary>
    public IReadOnlyDictionary<string, string?> Data { get; } =
        data.Catalog.Entries.ToDictionary(entry => entry.Id, entry => DataListCommand.Locate(entry, data));

    /// <summary>The bytes free where the working directory is.</summary>
    public long FreeDiskBytes { get; } = FindFreeDisk();

    /// <summary>The memory that programs can still take, within the limit of a container.</summary>
    public long FreeMemoryBytes { get; } = FindFreeMemory();

    private static long FindFreeDisk()
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(".")).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return 0; // a share of Windows, or a drive that is not ready
        }
    }

    private static long FindFreeMemory()
    {
        const string Source = "/proc/meminfo";
        var limit = GC.GetGCMemoryInfo();
        var available = File.Exists(Source)
            ? File.ReadLines(Source).FirstOrDefault(line => line.StartsWith("MemAvailable", StringComparison.Ordinal))
            : null;
        return available is not null
            && long.TryParse(available.Split(':')[^1].Trim().Split(' ')[0], CultureInfo.InvariantCulture, out var kilobytes)
            ? Math.Min(limit.TotalAvailableMemoryBytes - Environment.WorkingSet, kilobytes * 1024)
            : limit.TotalAvailableMemoryBytes - limit.MemoryLoadBytes;
    }

    private static string Version(Assembly assembly) => assembly.GetName().Version!.ToString(3);
}

/// <summary>The largest errors of an operator against float64, as a fraction of the largest value.</summary>
internal sealed record OperatorJson(
    string Operator, string Route, string Dtype, double ForwardError, double? InputGradientError, double? WeightGradientError,
    double Tolerance, bool IsRight)
{
    public static OperatorJson Of(OperatorCheck check) => new(
        check.Operator, check.Route, Values.Word(check.Precision), check.ForwardError, check.InputGradientError, check.WeightGradientError,
        check.Tolerance, check.IsRight);
}
