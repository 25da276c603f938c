using System.Globalization;
using System.Runtime.InteropServices;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Runtime;
using TorchSharp;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml doctor</c> finds.</summary>
internal sealed record MachineFindings
{
    public string Command { get; } = "doctor";

    public required string Photoml { get; init; }

    public required string Torchsharp { get; init; }

    /// <summary>The version of libtorch; null where it cannot be loaded.</summary>
    public string? Libtorch { get; init; }

    public required string Dotnet { get; init; }

    public required string System { get; init; }

    /// <summary>How the native libraries were loaded.</summary>
    public required string NativeMethod { get; init; }

    public string? NativePath { get; init; }

    /// <summary>The versions of the system's C++ library that were done without.</summary>
    public required IReadOnlyList<string> NativeSkippedVersions { get; init; }

    /// <summary>Why the native libraries cannot be loaded; null where they can.</summary>
    public string? NativeProblem { get; init; }

    public required string Processor { get; init; }

    public required IReadOnlyList<string> ProcessorFeatures { get; init; }

    public required int ProcessorCores { get; init; }

    /// <summary>The threads of the network; null where libtorch cannot be loaded.</summary>
    public int? Threads { get; init; }

    public required string Precision { get; init; }

    public required string PrecisionReason { get; init; }

    /// <summary>The errors of the operators that networks are computed by; empty where libtorch cannot be loaded.</summary>
    public required IReadOnlyList<OperatorCheck> Operators { get; init; }

    public required string Device { get; init; }

    /// <summary>Where each known data set is; null where it is not on the machine.</summary>
    public required IReadOnlyDictionary<string, string?> Data { get; init; }

    public required long FreeDiskBytes { get; init; }

    public required long FreeMemoryBytes { get; init; }

    /// <summary>Looks at the machine.</summary>
    public static MachineFindings Collect(DatasetLoadOptions options, string? nativeProblem)
    {
        return new MachineFindings
        {
            Photoml = Version(typeof(Cli)),
            Torchsharp = Version(typeof(torch)),
            Libtorch = nativeProblem is null ? LibtorchVersion() : null,
            Dotnet = RuntimeInformation.FrameworkDescription,
            System = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}",
            NativeMethod = NativeLibraries.LibraryPath is null ? "none" : NativeLibraries.SkippedVersions.Count > 0 ? "patched" : "direct",
            NativePath = NativeLibraries.LibraryPath,
            NativeSkippedVersions = NativeLibraries.SkippedVersions,
            NativeProblem = nativeProblem,
            Processor = Runtime.ProcessorFeatures.Name,
            ProcessorFeatures = Runtime.ProcessorFeatures.List(),
            ProcessorCores = Environment.ProcessorCount,
            Threads = nativeProblem is null ? torch.get_num_threads() : null,
            Precision = Values.Word(Runtime.ProcessorFeatures.AutoPrecision),
            PrecisionReason = Runtime.ProcessorFeatures.AutoPrecisionReason,
            Operators = nativeProblem is null ? NetworkArithmetic.Check() : [],
            Device = Cli.Cpu,
            Data = options.Catalog.Entries.ToDictionary(entry => entry.Id, entry => DataListAction.Locate(entry, options)),
            FreeDiskBytes = Machine.FreeDiskBytes(),
            FreeMemoryBytes = Machine.FreeMemoryBytes(),
        };
    }

    /// <summary>Writes the findings for people.</summary>
    public void Write(TextWriter output)
    {
        Line("PhotoMl", Photoml);
        Line("TorchSharp", Torchsharp);
        Line("libtorch", Libtorch ?? "not loaded");
        Line(".NET", Dotnet);
        Line("System", System);
        Line("Libraries", DescribeNative());
        Line("Processor", $"{Processor}, {ProcessorCores} cores, {string.Join(" ", ProcessorFeatures)}");
        Line("Threads", Threads is { } threads ? $"{threads}" : "unknown");
        Line("Precision", $"{Precision}, because {PrecisionReason}");
        Line("Device", Device);
        foreach (var (id, place) in Data)
        {
            Line(id, place ?? $"not on this machine; run '{Cli.Name} data get {id}'");
        }

        Line("Free disk", Text.Bytes(FreeDiskBytes));
        Line("Free memory", Text.Bytes(FreeMemoryBytes));

        WriteOperators(output);

        void Line(string name, string value) => output.WriteLine($"{name,-14} {value}");
    }

    private void WriteOperators(TextWriter output)
    {
        if (Operators.Count == 0)
        {
            return;
        }

        var table = new TextTable("Operator", "route", "dtype", "output", "input", "weight", "");
        foreach (var check in Operators)
        {
            table.Add(
                check.Operator,
                check.Route,
                Values.Word(check.Precision),
                Error(check.ForwardError),
                Error(check.InputGradientError),
                Error(check.WeightGradientError),
                check.IsRight ? "" : "wrong");
        }

        output.WriteLine();
        output.WriteLine("Largest errors of output and gradients against float64, of the largest value:");
        table.Write(output);
        output.WriteLine($"{Operators.Count(check => check.IsRight)} of {Operators.Count} operators are right; what is wrong is not used.");

        static string Error(double? value) => value is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{value:0.0e+00}");
    }

    private string DescribeNative() => NativeProblem is not null
        ? "cannot be loaded"
        : NativeSkippedVersions.Count == 0
            ? $"loaded as they are, {NativePath}"
            : $"loaded without {string.Join(", ", NativeSkippedVersions)}, which this system lacks and nothing uses, {NativePath}";

    private static string Version(Type type) => type.Assembly.GetName().Version!.ToString(3);

    // Of its own, because it starts torch.
    private static string LibtorchVersion() => torch.__version__;
}
