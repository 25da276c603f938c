using System.Runtime.InteropServices;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class DoctorTests
{
    [Fact]
    public void It_says_what_the_machine_has()
    {
        var lines = Tool.Succeed("doctor").OutLines;
        string[] names =
        [
            "PhotoMl", "TorchSharp", "libtorch", ".NET", "System", "Libraries", "Processor", "Threads", "Precision", "Device", "mnist",
            "Free disk", "Free memory",
        ];
        Assert.All(names, name => Assert.Contains(lines, line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > 15));
    }

    // MKL asks whatever the processor is; by itself the tool answers for it where that is not Intel's.
    [Theory]
    [InlineData("intel")]
    [InlineData("default")]
    public void MKL_takes_the_kernels_that_are_asked_for_and_computes_right(string kernels)
    {
        var json = ToolProcess.Run(["doctor", "--json"], ("PHOTOML_MKL", kernels)).Json;
        var isAnswered = kernels == "intel" && OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

        Assert.Equal(isAnswered ? "intel" : "default", json.Text("mkl_kernels"));
        Assert.All(
            json.GetProperty("operators").EnumerateArray()
                .Where(check => check.Text("route") is "product" or "Winograd" or "Winograd 2x2" or "Fourier"),
            check => Assert.True(check.GetProperty("is_right").GetBoolean(), $"{check}"));
    }

    [Fact]
    public void Programs_get_the_same_as_json()
    {
        var json = Tool.Run("doctor", "--json").Json;
        Assert.Matches("^(direct|patched)$", json.Text("native_method"));
        Assert.True(File.Exists(json.Text("native_path")));
        Assert.Matches("^b?float(16|32)$", json.Text("precision"));
        Assert.All(["free_disk_bytes", "free_memory_bytes"], name => Assert.InRange(json.Long(name), 1, long.MaxValue));
        Assert.Equal("built in", json.GetProperty("data").Text("digits"));
    }
}
