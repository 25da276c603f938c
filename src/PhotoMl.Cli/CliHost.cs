using PhotoMl.Data;

namespace PhotoMl.Cli;

/// <summary>All that a command knows of the world around it, so that a test can run the whole tool in memory.</summary>
internal sealed record CliHost
{
    /// <summary>The width where there is no terminal to ask.</summary>
    public const int DefaultWidth = 80;

    /// <summary>A narrower terminal is written to as if it were this wide.</summary>
    public const int SmallestWidth = 40;

    /// <summary>Standard output: results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error: progress and messages.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether progress may be drawn over and over in place.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>How often progress is written where there is no terminal.</summary>
    public TimeSpan PlainInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The width of the terminal in characters.</summary>
    public int Width { get; init; } = DefaultWidth;

    /// <summary>How data sets are found; asked for by the commands that need one.</summary>
    public Func<DatasetLoadOptions> DataOptions { get; init; } = static () => new DatasetLoadOptions();

    /// <summary>Set by Ctrl+C and SIGTERM.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>What is said when the command is stopped.</summary>
    public StopNotice Stop { get; init; } = new();
}
