namespace PhotoMl.Tests.Runtime;

public class ProcessorFeaturesTests
{
    // Linux names a feature there only where it lets programs use it.
    [LinuxFact]
    public void The_features_are_those_that_the_system_lists()
    {
        var lines = File.ReadAllLines("/proc/cpuinfo");
        var flags = lines.First(line => line.StartsWith("flags", StringComparison.Ordinal)).Split(' ').ToHashSet();
        string[] names = ["AVX2", "FMA", "AVX512F", "AVX512_BF16", "AMX_BF16"];

        Assert.Equal(names.Where(name => flags.Contains(name.ToLowerInvariant())), ProcessorFeatures.List());
        Assert.Equal(flags.Contains("avx2") && flags.Contains("fma"), ProcessorFeatures.HasVectors);
        Assert.Contains(lines, line => line.EndsWith($": {ProcessorFeatures.Name}", StringComparison.Ordinal));
    }
}
