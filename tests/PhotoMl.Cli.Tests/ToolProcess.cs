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

    private static ToolResult Wait(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return new ToolResult(process.ExitCode, output.Result, error.Result);
    }
}
