using System.Diagnostics;

namespace PhotoMl.Cli.Tests;

/// <summary>Starts the tool as a process of its own.</summary>
internal static class ToolProcess
{
    public static Process Start(IEnumerable<string> args, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "PhotoMl.Cli"), args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public static ToolResult Run(IEnumerable<string> args, params (string Name, string Value)[] environment)
    {
        using var process = Start(args, environment);
        return Wait(process);
    }

    /// <summary>Runs the tool in a working directory of its own.</summary>
    public static ToolResult RunIn(string folder, IEnumerable<string> args)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "PhotoMl.Cli"), args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        })!;
        return Wait(process);
    }

    /// <summary>Runs the tool by a shell, which can close and redirect what the tool writes to.</summary>
    /// <param name="script">What the shell does; "$@" is the tool with its arguments.</param>
    /// <param name="args">The arguments.</param>
    public static ToolResult RunByShell(string script, params string[] args)
    {
        using var process = StartByShell(script, args);
        return Wait(process);
    }

    /// <inheritdoc cref="RunByShell"/>
    public static Process StartByShell(string script, params string[] args) =>
        Process.Start(new ProcessStartInfo("sh", ["-c", script, "sh", Path.Combine(AppContext.BaseDirectory, "PhotoMl.Cli"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static ToolResult Wait(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return new ToolResult(process.ExitCode, output.Result, error.Result);
    }
}
