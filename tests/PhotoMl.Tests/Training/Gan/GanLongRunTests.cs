namespace PhotoMl.Tests.Training;

[Collection(MemoryCollection.Name)]
public sealed class GanLongRunTests
{
    private const int FirstSteps = 10;
    private const int Steps = 32;

    // The loss that takes the most tensors: it has a gradient of a gradient.
    private static readonly GanTrainingOptions Options = GanRuns.Options with { Loss = GanLossKind.WganGp };

    [Fact]
    public void Live_tensors_and_resident_memory_stay_flat() => AssertFlat(batchSize: 8);

    [SlowFact]
    public void Live_tensors_and_resident_memory_stay_flat_in_batches_as_large_as_the_kernels_take() => AssertFlat(batchSize: 64);

    [Fact]
    public void Resident_memory_stays_flat_over_many_small_requests_for_images()
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

    [Fact]
    public void A_whole_run_with_an_average_and_a_collapse_leaves_no_tensor_behind()
    {
        using var data = GanRuns.Images(count: 16);
        TensorAssert.NoneIsLeftBehind(Train, parameters: (3 * GanRuns.GeneratorParameters) + (2 * GanRuns.DiscriminatorParameters));

        void Train()
        {
            using var folder = new TemporaryFolder();
            using var run = RunFolder.Create(folder.File("run"));
            var restores = 0;
            GanRuns.Train(data, Options with { Epochs = 1, BatchSize = 8, EmaDecay = 0.9 }, run: run, progress: (report, generator, _) =>
            {
                restores += report.Message is null ? 0 : 1;
                if (report is { Step: 1, Completed: null })
                {
                    GanRuns.Fill(generator, "conv1.weight", float.NaN); // the next loss is no number, and healthy weights are put back
                }
            });
            Assert.Equal(1, restores);
        }
    }

    private static void AssertFlat(int batchSize)
    {
        using var data = GanRuns.Images(count: batchSize * Steps);
        var options = Options with { Epochs = 1, BatchSize = batchSize };
        MemoryWatch.AssertFlat(FirstSteps, watch =>
        {
            using var gan = new Gan(options, GanRuns.Network with { Classes = 4 });
            gan.Fit(data, progress: report =>
            {
                if (report.Completed is null)
                {
                    watch.Add(report.LiveTensors);
                }
            });
        });
    }
}
