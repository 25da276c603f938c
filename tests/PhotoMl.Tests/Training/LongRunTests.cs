namespace PhotoMl.Tests.Training;

[Collection(MemoryCollection.Name)]
public sealed class LongRunTests
{
    private const int FirstSteps = 24;

    // 6 steps an epoch, of which the last is of fewer images.
    private static readonly ClassifierTrainingOptions Options = new() { Epochs = 10, BatchSize = 64, EmaDecay = 0.9, GradientClip = 1 };

    // What forgets something every step is found out sooner.
    private static readonly ClassifierTrainingOptions ShortRun = Options with { Epochs = 2, BatchSize = 16, Precision = Precision.Float32 };

    [Theory]
    [InlineData(Precision.Float32)]
    [BFloat16Data(Precision.BFloat16)]
    public void Live_tensors_and_resident_memory_stay_flat(Precision precision) =>
        MemoryWatch.AssertFlat(FirstSteps, watch => Train(Options with { Precision = precision }, watch.Add));

    [Fact]
    public void A_tensor_that_a_step_forgets_is_noticed() =>
        AssertNoticed<AllException, Tensor>(() => zeros(1).DetachFromDisposeScope(), tensor => tensor.Dispose());

    [Fact]
    public void Native_memory_that_a_step_forgets_is_noticed()
    {
        var block = new byte[4 << 20]; // what the second convolution gives for a batch of 64
        AssertNoticed<TrueException, nint>(Forget, Marshal.FreeHGlobal);

        nint Forget()
        {
            var forgotten = Marshal.AllocHGlobal(block.Length);
            Marshal.Copy(block, 0, forgotten, block.Length);
            return forgotten;
        }
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

    private static void AssertNoticed<TException, T>(Func<T> forget, Action<T> free)
        where TException : Exception
    {
        var (watch, forgotten) = (new MemoryWatch(FirstSteps), new List<T>());
        Train(ShortRun, liveTensors =>
        {
            forgotten.Add(forget());
            watch.Add(liveTensors);
        });

        Assert.Throws<TException>(watch.AssertFlat);
        forgotten.ForEach(free);
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
