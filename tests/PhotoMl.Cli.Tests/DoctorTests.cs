namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class DoctorTests
{
    [Fact]
    public void It_says_what_the_machine_has()
    {
        var result = Tool.Run("doctor");
        Assert.Equal(0, result.ExitCode);
        foreach (var name in new[] { "PhotoMl", "TorchSharp", "libtorch", ".NET", "System", "Libraries", "Processor", "Threads", "Precision", "Device", "mnist", "Free disk", "Free memory" })
        {
            Assert.Contains(result.OutLines, line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > 15);
        }
    }

    [Fact]
    public void Programs_get_the_same_as_json()
    {
        var json = Tool.Run("doctor", "--json").Json;
        Assert.Matches("^(direct|patched)$", json.GetProperty("native_method").GetString());
        Assert.True(File.Exists(json.GetProperty("native_path").GetString()));
        Assert.Matches("^b?float(16|32)$", json.GetProperty("precision").GetString());
        Assert.InRange(json.GetProperty("free_disk_bytes").GetInt64(), 1, long.MaxValue);
        Assert.InRange(json.GetProperty("free_memory_bytes").GetInt64(), 1, long.MaxValue);
        Assert.Equal("built in", json.GetProperty("data").GetProperty("digits").GetString());
    }
}
