using System.Runtime.CompilerServices;

namespace PhotoMl.Tests.Export;

/// <summary>Runs the Python scripts of this folder.</summary>
internal static class Python
{
    public const string Path = "/usr/bin/python3";

    // Found, not imported: importing it takes seconds.
    private static readonly Lazy<bool> Torch = new(() =>
        File.Exists(Path) && Run(["-c", "import sys, importlib.util; sys.exit(not importlib.util.find_spec('torch'))"]).ExitCode == 0);

    public static bool HasTorch => Torch.Value;

    public static void RunScript(string name, params string[] arguments)
    {
        var (exitCode, error) = Run([System.IO.Path.Combine(Folder(), name), .. arguments]);
        Assert.True(exitCode == 0, error);
    }

    private static (int ExitCode, string Error) Run(string[] arguments)
    {
        var start = new ProcessStartInfo(Path, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment.Remove("LD_LIBRARY_PATH"); // the test's own libtorch is another version
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error.Result);
    }

    private static string Folder([CallerFilePath] string path = "") => System.IO.Path.GetDirectoryName(path)!;
}

/// <summary>Marks a test that needs Python with PyTorch, and is reported as skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithPyTorchAttribute : FactAttribute
{
    public FactWithPyTorchAttribute() => Skip = Python.HasTorch ? null : $"Needs PyTorch for {Python.Path} (Debian: python3-torch).";
}
