namespace PhotoMl.Tests.Training;

public sealed class OwnValidationTests : IDisposable
{
    private static readonly ClassifierTrainingOptions Options = TrainingRuns.Options with { Epochs = 2 };

    private readonly TemporaryFolder _folder = new();
    private readonly ImageDataset _data = TrainingRuns.Images(count: 128);
    private readonly ImageDataset _validation = TrainingRuns.Images(seed: 2, count: 50);

    public void Dispose()
    {
        _data.Dispose();
        _validation.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Given_validation_images_choose_the_epoch_and_all_others_are_trained_on()
    {
        using var run = RunFolder.Create(_folder.File("run"));
        using var cnn = new Cnn(Options);
        var result = cnn.Fit(_data, run, validation: _validation).Result;
        var report = ClassifierEvaluator.Evaluate(cnn.Model, _validation);
        using var checkpoint = ClassifierTrainer.OpenCheckpoint(run.CheckpointPath);

        Assert.Equal((128, 50), (result.TrainImages, result.ValidationImages));
        Assert.Equal((report.Accuracy, report.Loss), (result.Best.ValidationAccuracy, result.Best.ValidationLoss));
        Assert.Equal(_validation.Fingerprint(), checkpoint.Info.EvaluatorFingerprint);
    }

    [Fact]
    public void A_run_goes_on_with_the_same_validation_images_only()
    {
        TrainingRuns.Interrupt(_data, _folder.File("run"), _validation);
        using var run = RunFolder.Open(_folder.File("run"));
        using var resumed = new Cnn(run);

        ExceptionAssert.Throws<ArgumentException>("validation images", () => resumed.Fit(_data, run, validation: _data));
        ExceptionAssert.Throws<ArgumentException>("but got none", () => resumed.Fit(_data, run));
        Assert.Equal(3, resumed.Fit(_data, run, validation: _validation).Result.History.Count);
    }

    [Fact]
    public void A_run_stopped_while_it_validates_goes_on_after_its_last_step()
    {
        using var threads = new TorchThreads(2);
        using var cancellation = new CancellationTokenSource();
        using var source = TrainingRuns.Images(seed: 2, count: 600); // three batches, two at a time, with a check of the token after them
        var pixels = new WatchedPixels(source.Pixels, cancellation.Cancel);
        using var validation = new ImageDataset(source.Name, pixels, source.Labels.alias(), source.ClassNames);
        using var run = RunFolder.Create(_folder.File("run"));
        using var cnn = new Cnn(Options);
        Assert.Throws<OperationCanceledException>(() => cnn.Fit(_data, run, validation: validation, cancellationToken: cancellation.Token));

        using (var checkpoint = ClassifierTrainer.OpenCheckpoint(run.CheckpointPath))
        {
            Assert.Equal((1, 2), (checkpoint.State.Epoch, checkpoint.State.Step));
        }

        using var resumed = new Cnn(run);
        using var whole = new Cnn(Options);
        Assert.Equal(whole.Fit(_data, validation: source).Weights, resumed.Fit(_data, run, validation: source).Weights);
    }

    [Fact]
    public void Validation_images_that_do_not_fit_are_refused()
    {
        using var large = _validation.ConvertTo(1, 32, 32);
        using var cnn = new Cnn(Options);

        ExceptionAssert.Throws<ArgumentException>("32x32", () => cnn.Fit(_data, validation: large));
    }

    /// <summary>Calls back when images are taken that lie side by side, as validation takes them.</summary>
    private sealed class WatchedPixels(PixelStore inner, Action taken)
        : PixelStore([inner.Count, inner.Channels, inner.Height, inner.Width])
    {
        public override Tensor Take(ReadOnlySpan<long> indices) => inner.Take(indices);

        public override Tensor Take(int start, int count)
        {
            taken();
            return inner.Take(start, count);
        }

        public override PixelStore Subset(long[] indices) => inner.Subset(indices);

        public override void AddTo(IncrementalHash hash, CancellationToken cancellationToken) => inner.AddTo(hash, cancellationToken);

        public override void Dispose()
        {
        }
    }
}
