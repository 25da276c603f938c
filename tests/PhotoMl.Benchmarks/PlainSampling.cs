using System.Diagnostics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>Images made a batch at a time, from random numbers to an array of bytes.</summary>
internal sealed class PlainSampling : IWorkload
{
    private readonly Sequential _generator = PlainGan.Generator();

    public PlainSampling() => _generator.eval();

    public TimeSpan Run(int steps)
    {
        using var withoutGradients = no_grad();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            var images = _generator.forward(randn(Workloads.BatchSize, PlainGan.Latent));
            ((images + 1) * 127.5).to(ScalarType.Byte).data<byte>().ToArray();
        }

        return clock.Elapsed;
    }
}
