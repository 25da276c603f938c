using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>Images made a batch at a time, from random numbers to an array of bytes.</summary>
internal static class PlainSampling
{
    public static IWorkload Sample()
    {
        var generator = PlainGan.Generator();
        generator.eval();
        return new Steps(
            () =>
            {
                var images = generator.forward(randn(Workloads.BatchSize, PlainGan.Latent));
                ((images + 1) * 127.5).to(ScalarType.Byte).data<byte>().ToArray();
            },
            hasGradients: false);
    }
}
