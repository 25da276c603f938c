namespace PhotoMl.Tests.Training;

[Collection(MemoryCollection.Name)]
public sealed class LongRunTests
{
    private const int FirstSteps = 24;

    // 6 steps an epoch, of which the last is of fewer images.
    private static readonly ClassifierTrainingOptions Options = new() { Epochs = 14, BatchSize = 64, EmaDecay = 0.9, GradientClip = 1 };

    // What forgets something every step is found out sooner.
    private static readonly ClassifierTrainingOptions ShortRun = Options with { Epochs = 8, Precision = Precision.Float32 };

    [Theory]
    [InlineData(Precision.Float32)]
    [BFloat16Data(Precision.BFloat16)]
    public void Live_tensors_and_resident_memory_stay_flat(Precision precision) =>
        MemoryWatch.AssertFlat(FirstSteps, watch => Train(Options with { Precision = precision }, watch.Add));

    [Fact]
    public void A_tensor_that_a_step_forgets_is_noticed()
    {
        var (watch, forgotten) = (new MemoryWatch(FirstSteps), new List<Tensor>());
        Train(ShortRun, liveTensors =>
        {
            forgotten.Add(zeros(1).DetachFromDisposeScope());
            watch.Add(liveTensors);
        });

        Assert.Throws<AllException>(watch.AssertFlat);
        forgotten.ForEach(tensor => tensor.Dispose());
    }

    [Fact]
    public void Native_memory_that_a_step_forgets_is_noticed()
    {
        var (watch, forgotten) = (new MemoryWatch(FirstSteps), new List<nint>());
        var block = new byte[4 << 20]; // what the second convolution gives for a batch
        Train(ShortRun, liveTensors =>
        {
            forgotten.Add(Marshal.AllocHGlobal(block.Length));
            Marshal.Copy(block, 0, forgotten[^1], block.Length);
            watch.Add(liveTensors);
        });

        Assert.Throws<TrueException>(watch.AssertFlat);
        forgotten.ForEach(Marshal.FreeHGlobal);
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
            var network = new ClassifierOptions { Height = 18, Width = 18, Classes = 2 };
            using var cnn = new Cnn(new() { Epochs = 2, BatchSize = 32, Mixup = 0.4, CutMix = 1 }, network);
            cnn.Trainer.CheckpointInterval = TimeSpan.Zero;
            cnn.Fit(data, run);
        }
    }

    private static void Train(ClassifierTrainingOptions options, Action<long> afterStep)
    {
        using var data = SyntheticImages.Create(400);
        TrainingRuns.Train(data, options, progress =>
        {
            if (progress.Completed is null)
            {
                afterStep(progress.LiveTensors);
            }
        });
    }
}
