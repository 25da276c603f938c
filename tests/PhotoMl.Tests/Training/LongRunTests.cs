using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Tests.Training;

public sealed class LongRunTests
{
    private const long MostGrownBytes = 20 << 20;

    [Fact]
    public void Live_tensors_and_resident_memory_stay_flat_over_2000_steps()
    {
        using var data = SyntheticImages.Create(500, classes: 2, height: 18, width: 18);
        var options = new ClassifierTrainingOptions { Epochs = 5, BatchSize = 1, ValidationShare = 0.18, WeightAverage = 0.9, GradientClip = 1 };
        using var model = new ConvClassifier(new ClassifierOptions { Height = 18, Width = 18, Classes = 2 });
        using var trainer = new ClassifierTrainer(model, options);
        var steps = 0;
        var measured = new List<(long Tensors, long Bytes)>();
        TensorAssert.FinalizeOthers();
        trainer.Fit(data, progress: new ProgressCallback(progress =>
        {
            steps += progress.Completed is null ? 1 : 0;
            if (progress.Completed is null && steps is 100 or 500 or 1000 or 1500 or 2000)
            {
                GC.Collect();
                measured.Add((progress.LiveTensors, Environment.WorkingSet));
            }
        }));

        Assert.Equal(2050, steps);
        Assert.All(measured, measure => Assert.Equal(measured[0].Tensors, measure.Tensors));
        Assert.InRange(measured[^1].Bytes - measured[0].Bytes, long.MinValue, MostGrownBytes);
    }

    [Fact]
    public void A_whole_run_leaves_no_tensor_behind()
    {
        using var data = SyntheticImages.Create(100, classes: 2, height: 18, width: 18);
        TensorAssert.NoneIsLeftBehind(Train, classifiers: 3); // trained, averaged and best

        void Train()
        {
            using var folder = new TemporaryFolder();
            using var run = RunFolder.Create(folder.File("run"));
            using var model = new ConvClassifier(new ClassifierOptions { Height = 18, Width = 18, Classes = 2 });
            using var trainer = new ClassifierTrainer(model, new ClassifierTrainingOptions { Epochs = 2, BatchSize = 32 }) { CheckpointInterval = TimeSpan.Zero };
            trainer.Fit(data, run);
        }
    }
}
