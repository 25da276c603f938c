using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Tests.Training;

public sealed class GanLongRunTests
{
    private const long MostGrownBytes = 20 << 20;

    [Theory]
    [InlineData(GanLossKind.NonSaturating, 0, 200)]
    [InlineData(GanLossKind.WganGp, 4, 100)]
    public void Live_tensors_and_resident_memory_stay_flat(GanLossKind loss, int classes, int steps)
    {
        using var data = GanRuns.Images(count: 2 * steps);
        var measured = new List<(long Tensors, long Bytes)>();
        TensorAssert.FinalizeOthers();
        GanRuns.Train(data, GanRuns.Options with { Epochs = 1, BatchSize = 2, Loss = loss }, GanRuns.Network with { Classes = classes }, progress: (progress, _, _) =>
        {
            if (progress.Completed is null && progress.Step >= 50 && progress.Step % 50 == 0)
            {
                GC.Collect();
                measured.Add((progress.LiveTensors, Environment.WorkingSet));
            }
        });

        Assert.Equal(steps / 50, measured.Count);
        Assert.All(measured, measure => Assert.Equal(measured[0].Tensors, measure.Tensors));
        Assert.InRange(measured[^1].Bytes - measured[0].Bytes, long.MinValue, MostGrownBytes);
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
            data, GanRuns.Options with { Epochs = 20, BatchSize = 2, WeightAverage = 0.9 }, progress: (_, generator, _) => GanRuns.Fill(generator, "conv1.weight", float.NaN)));
    }
}
