namespace PhotoMl.Tests.Sampling;

[Collection(MemoryCollection.Name)]
public sealed class SamplingMemoryTests
{
    [Fact]
    public void Resident_memory_stays_flat_over_many_small_requests()
    {
        NativeLibraries.TuneProcess(); // as the tool: the heap then keeps what is freed
        using var generator = new DcganGenerator(new DcganOptions { Latent = 8 });
        MemoryWatch.AssertFlat(firstSteps: 8, watch =>
        {
            for (var request = 0; request < 32; request++)
            {
                GeneratorSampler.Sample(generator, new SampleOptions { Seed = request, Count = 2 }).Dispose();
                watch.Add(Tensor.TotalCount);
            }
        });
    }
}
