namespace PhotoMl.Cli.Tests;

/// <summary>Runs the whole tool in memory, without a network and without this machine's data sets.</summary>
internal static class Tool
{
    public static ToolResult Run(params string[] args) => Run(args, onError: null, CancellationToken.None);

    public static ToolResult Run(CommandLine line) => Run(line.Arguments);

    /// <summary>Runs the tool, which ends well.</summary>
    public static ToolResult Succeed(CommandLine line) => Succeed(line.Arguments);

    /// <inheritdoc cref="Succeed(CommandLine)"/>
    public static ToolResult Succeed(params string[] args) => Run(args).AssertSuccess();

    /// <summary>Runs the tool, and looks at each line of its standard error as it comes.</summary>
    /// <param name="cache">The user's cache folder; null for one that does not exist.</param>
    public static ToolResult Run(string[] args, Action<string>? onError, CancellationToken cancellationToken, string? cache = null)
    {
        using var output = new StringWriter();
        using var error = new WatchedWriter(onError);
        var exitCode = Cli.Run(args, Host(output, error, cache) with { CancellationToken = cancellationToken });
        return new ToolResult(exitCode, $"{output}", $"{error}");
    }

    /// <summary>Runs the tool, and cancels it when a line of its standard error begins so.</summary>
    public static ToolResult RunUntil(string line, params string[] args)
    {
        using var cancellation = new CancellationTokenSource();
        var result = Run(args, error => Cancel(error.StartsWith(line, StringComparison.Ordinal)), cancellation.Token);
        Assert.Equal(130, result.ExitCode);
        Assert.Empty(result.Out);
        return result;

        void Cancel(bool isReached)
        {
            if (isReached)
            {
                cancellation.Cancel();
            }
        }
    }

    /// <summary>Runs the tool with a terminal for its standard error.</summary>
    public static ToolResult RunOnTerminal(TextWriter screen, string[] args)
    {
        using var output = new StringWriter();
        var exitCode = Cli.Run(args, Host(output, screen, cache: null) with { ErrorIsTerminal = true });
        return new ToolResult(exitCode, $"{output}", "");
    }

    private static CliHost Host(TextWriter output, TextWriter error, string? cache) => new()
    {
        PlainInterval = TimeSpan.MaxValue, // a busy machine adds no lines
        Out = output,
        Error = error,
        DataOptions = () => new DatasetLoadOptions { AllowDownload = false, Folders = [], CacheFolder = cache ?? "/dev/null/cache" },
    };

    private sealed class WatchedWriter(Action<string>? onLine) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            onLine?.Invoke(value ?? "");
        }
    }
}
