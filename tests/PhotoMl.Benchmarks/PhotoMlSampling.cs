using System.Diagnostics;
using PhotoMl.Models;
using PhotoMl.Runtime;
using PhotoMl.Sampling;

namespace PhotoMl.Benchmarks;

/// <summary>The library's own sampler, which makes its images in blocks of half a batch, from a seed to an array of bytes.</summary>
internal sealed class PhotoMlSampling(Precision precision) : IWorkload
{
    private readonly DcganGenerator _generator = new() { Precision = precision };
    private long _seed;

    public TimeSpan Run(int steps)
    {
        var clock = Stopwatch.StartNew();
        using var pixels = GeneratorSampler.Sample(_generator, new SampleOptions { Seed = ++_seed, Count = steps * Workloads.BatchSize });
        pixels.data<byte>().ToArray();
        return clock.Elapsed;
    }
}
