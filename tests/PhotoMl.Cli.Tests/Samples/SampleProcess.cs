using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PhotoMl.Cli.Tests.Samples;

/// <summary>Starts a sample as its user would, in the build of these tests.</summary>
internal static class SampleProcess
{
    public static Process Start(string name, string folder, params string[] arguments)
    {
        // tests/<project>/bin/<configuration>/<framework>/<platform>
        var build = Path.GetRelativePath(Path.Combine(TestsFolder(), "PhotoMl.Cli.Tests"), AppContext.BaseDirectory);
        var program = Path.Combine(TestsFolder(), "..", "samples", name, build, name);
        return Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TMPDIR"] = folder, ["OMP_NUM_THREADS"] = "1" },
        })!;
    }

    public static ToolResult Run(string name, string folder, params string[] arguments)
    {
        using var process = Start(name, folder, arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return new ToolResult(process.ExitCode, output.Result, error.Result);
    }

    private static string TestsFolder([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
