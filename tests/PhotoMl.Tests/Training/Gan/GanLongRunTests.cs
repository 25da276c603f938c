namespace PhotoMl.Tests.Training;

[Collection(MemoryCollection.Name)]
public sealed class GanLongRunTests
{
    // The batches are as many pictures as the kernels of a real run take.
    private const int BatchSize = 64;
    private const int FirstSteps = 12;

    [Theory]
    [InlineData(GanLossKind.NonSaturating, 0, 36)]
    [InlineData(GanLossKind.WganGp, 4, 36)] // has a gradient of a gradient
    public void Live_tensors_and_resident_memory_stay_flat(GanLossKind loss, int classes, int steps)
    {
        using var data = GanRuns.Images(count: BatchSize * steps);
        MemoryWatch.AssertFlat(FirstSteps, watch => GanRuns.Train(
            data, GanRuns.Options with { Epochs = 1, BatchSize = BatchSize, Loss = loss }, GanRuns.Network with { Classes = classes }, progress: (progress, _, _) =>
            {
                if (progress.Completed is null)
                {
                    watch.Add(progress.LiveTensors);
                }
            }));
    }

    // The loss that takes the most tensors: it has a gradient of a gradient.
    [Fact]
    public void A_whole_run_leaves_no_tensor_behind()
    {
        using var data = GanRuns.Images(count: 16);
        TensorAssert.NoneIsLeftBehind(Train, parameters: (2 * GanRuns.GeneratorParameters) + (2 * GanRuns.DiscriminatorParameters)); // trained and healthy

        void Train()
        {
            using var folder = new TemporaryFolder();
            using var run = RunFolder.Create(folder.File("run"));
            GanRuns.Train(data, GanRuns.Options with { BatchSize = 8, Loss = GanLossKind.WganGp }, run: run);
        }
    }

    [Fact]
    public void An_average_and_a_collapse_leave_no_tensor_behind()
    {
        using var data = GanRuns.Images(count: 16);
        TensorAssert.NoneIsLeftBehind(Train, parameters: (3 * GanRuns.GeneratorParameters) + (2 * GanRuns.DiscriminatorParameters));

        // Losses that are no numbers from the first step on: put back five times, and stopped before an epoch has ended.
        void Train() => Assert.Throws<GeneratorCollapsedException>(() => GanRuns.Train(
            data, GanRuns.Options with { Epochs = 20, BatchSize = 2, EmaDecay = 0.9 }, progress: (_, generator, _) => GanRuns.Fill(generator, "conv1.weight", float.NaN)));
    }
}
