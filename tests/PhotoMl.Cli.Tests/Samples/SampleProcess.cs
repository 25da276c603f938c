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
        return ToolProcess.Start(program, arguments, folder, ("TMPDIR", folder), ("OMP_NUM_THREADS", "1"));
    }

    public static ToolResult Run(string name, string folder, params string[] arguments) => ToolProcess.Wait(Start(name, folder, arguments));

    private static string TestsFolder([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
