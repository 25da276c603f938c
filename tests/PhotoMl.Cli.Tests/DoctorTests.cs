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
