using PhotoMl.Data;

namespace PhotoMl.Cli.Tests;

/// <summary>Runs the whole tool in memory, without a network and without this machine's data sets.</summary>
internal static class Tool
{
    public static ToolResult Run(params string[] args) => Run(args, onError: null, CancellationToken.None);

    /// <summary>Runs the tool, and looks at each line of its standard error as it comes.</summary>
    /// <param name="cache">The user's cache folder; null for one that does not exist.</param>
    public static ToolResult Run(string[] args, Action<string>? onError, CancellationToken cancellationToken, string? cache = null)
    {
        using var output = new StringWriter();
        using var error = new WatchedWriter(onError);
        var exitCode = Cli.Run(args, Host(output, error, cache) with { CancellationToken = cancellationToken });
        return new ToolResult(exitCode, $"{output}", $"{error}");
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
