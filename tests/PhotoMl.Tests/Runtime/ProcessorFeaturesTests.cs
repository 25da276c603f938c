namespace PhotoMl.Tests.Runtime;

public class ProcessorFeaturesTests
{
    // Linux names a feature there only where it lets programs use it.
    [LinuxFact]
    public void The_features_are_those_that_the_system_lists()
    {
        var lines = File.ReadAllLines("/proc/cpuinfo");
        var flags = lines.First(line => line.StartsWith("flags", StringComparison.Ordinal)).Split(' ').ToHashSet();
        (string Feature, string Flag)[] names = [("AVX2", "avx2"), ("FMA", "fma"), ("AVX512F", "avx512f"), ("AVX512_BF16", "avx512_bf16"), ("AMX_BF16", "amx_bf16")];

        Assert.Equal(names.Where(name => flags.Contains(name.Flag)).Select(name => name.Feature), ProcessorFeatures.List());
        Assert.Equal(flags.Contains("avx2") && flags.Contains("fma"), ProcessorFeatures.HasVectors);
        Assert.Contains(lines, line => line.EndsWith($": {ProcessorFeatures.Name}", StringComparison.Ordinal));
    }
}
