namespace PhotoMl.Cli.Tests;

/// <summary>Starts the tool as a process of its own.</summary>
internal static class ToolProcess
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "PhotoMl.Cli");

    public static Process Start(IEnumerable<string> args, params (string Name, string Value)[] environment) =>
        Start(Program, args, folder: "", environment);

    /// <summary>Starts any program whose output is read.</summary>
    public static Process Start(string program, IEnumerable<string> args, string folder, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public static ToolResult Run(IEnumerable<string> args, params (string Name, string Value)[] environment) =>
        Wait(Start(args, environment));

    /// <summary>Runs the tool in a working directory of its own.</summary>
    public static ToolResult RunIn(string folder, IEnumerable<string> args) => Wait(Start(Program, args, folder));

    /// <summary>Runs the tool by a shell, which can close and redirect what the tool writes to.</summary>
    /// <param name="script">What the shell does; "$@" is the tool with its arguments.</param>
    /// <param name="args">The arguments.</param>
    public static ToolResult RunByShell(string script, params string[] args) =>
        Wait(Start("sh", ["-c", script, "sh", Program, .. args], folder: ""));

    /// <summary>Waits for the end of a process, which is disposed.</summary>
    public static ToolResult Wait(Process process)
    {
        using var ended = process;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return new ToolResult(process.ExitCode, output.Result, error.Result);
    }
}
