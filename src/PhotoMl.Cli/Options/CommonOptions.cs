using System.CommandLine;
using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Cli.Options;

/// <summary>The options that several commands have.</summary>
internal static class CommonOptions
{
    /// <summary>The threads each processor may be given.</summary>
    public const int ThreadsPerProcessor = 4;

    private const double Gibibyte = 1L << 30;

    /// <summary>The model to use.</summary>
    public static Argument<string> Model() => new("MODEL") { Description = "A model file or a run folder." };

    /// <summary>Which images.</summary>
    public static ValueOption<string?> Data(string description) =>
        new("--data", "SET", description, null, Values.ToText) { Aliases = { "-d" } };

    /// <summary>How much of the disk cached photos take.</summary>
    public static ValueOption<double> CacheLimit() => new(
        "--cache-limit",
        "GIB",
        "How much of the disk all cached photos may take, in GiB.",
        DatasetLoadOptions.DefaultCacheLimit / Gibibyte,
        text => Values.ToDouble(text) is >= 0.001 and <= 1e6 and var value ? value : throw new FormatException($"expected 0.001 to 1000000, but got '{text}'"));

    /// <summary>The limit of the cache in bytes.</summary>
    public static long ToBytes(double gibibytes) => (long)(gibibytes * Gibibyte);

    /// <summary>A few images only.</summary>
    public static ValueOption<int?> Limit(string description) =>
        new("--limit", "N", description, null, text => Values.Int32Between(1, int.MaxValue)(text));

    /// <summary>Where a run is written to.</summary>
    public static ValueOption<string?> RunFolder(string command) =>
        new("--output", "DIR", $"The folder of the run. [default: runs/{command}-DATA-TIME]", null, Values.ToText) { Aliases = { "-o" } };

    /// <summary>Which run goes on.</summary>
    public static ValueOption<string?> Resume() => new("--resume", "DIR", "Go on with the run of this folder.", null, Values.ToText);

    /// <summary>How many threads.</summary>
    public static ValueOption<int?> Threads() =>
        new(
            "--threads",
            "N",
            "The threads of the network. [default: all cores]",
            null,
            text => Values.Int32Between(1, ThreadsPerProcessor * Environment.ProcessorCount)(text));

    /// <summary>The number format, where it is no training option.</summary>
    public static ValueOption<Precision> Precision(Precision @default = Runtime.Precision.Auto) =>
        new("--precision", "FORMAT", $"The number format: {Values.Words<Precision>()}.", @default, Values.ToWord<Precision>);

    /// <summary>How often the true class is to be among those that are told.</summary>
    public static ValueOption<double?> Coverage(string description) => new(
        "--coverage",
        "X",
        description,
        null,
        text => Values.ToDouble(text) is > 0 and < 1 and var value ? value : throw new FormatException($"expected a number between 0 and 1, such as 0.95, but got '{text}'"));

    /// <summary>Which side the figures are on.</summary>
    public static ValueOption<ForegroundChoice> Foreground() =>
        new("--foreground", "SIDE", $"The figures against their ground: {Values.Words<ForegroundChoice>()}.", ForegroundChoice.Auto, Values.ToWord<ForegroundChoice>);

    /// <summary>Whether a file of a user may be replaced.</summary>
    public static Option<bool> Overwrite() => new("--overwrite") { Description = "Replace a file that is there already." };

    /// <summary>A result for programs.</summary>
    public static Option<bool> Json(string description = "Print the result as one line of JSON.") => new("--json") { Description = description };

    /// <summary>No progress.</summary>
    public static Option<bool> Quiet() => new("--quiet") { Description = "Show no progress." };
}
