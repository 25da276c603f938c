using System.Security.Cryptography;

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
        using var model = new ConvClassifier(TrainingRuns.Network, 1);
        using var trainer = new ClassifierTrainer(model, Options);
        var result = trainer.Fit(_data, run, validation: _validation);
        var report = ClassifierEvaluator.Evaluate(model, _validation);

        Assert.Equal((128, 50), (result.TrainImages, result.ValidationImages));
        Assert.Equal((report.Accuracy, report.Loss), (result.Best.ValidationAccuracy, result.Best.ValidationLoss));
        Assert.Equal(_validation.Fingerprint(), ClassifierCheckpointInfo.Read(run).ValidationFingerprint);
    }

    [Fact]
    public void A_run_goes_on_with_the_same_validation_images_only()
    {
        using var cancellation = new CancellationTokenSource();
        using (var run = RunFolder.Create(_folder.File("run")))
        using (var model = new ConvClassifier(TrainingRuns.Network, 1))
        using (var trainer = new ClassifierTrainer(model, Options))
        {
            cancellation.Cancel();
            Assert.Throws<OperationCanceledException>(() => trainer.Fit(_data, run, validation: _validation, cancellationToken: cancellation.Token));
        }

        using var again = RunFolder.Open(_folder.File("run"));
        using var resumed = ClassifierTrainer.Resume(again, out var same);
        using (same)
        {
            Assert.Contains("validation images", Assert.Throws<ArgumentException>(() => resumed.Fit(_data, again, validation: _data)).Message, StringComparison.Ordinal);
            Assert.Contains("none of their own", Assert.Throws<ArgumentException>(() => resumed.Fit(_data, again)).Message, StringComparison.Ordinal);
            Assert.Equal(2, resumed.Fit(_data, again, validation: _validation).History.Count);
        }
    }

    [Fact]
    public void A_run_stopped_while_it_validates_goes_on_after_its_last_step()
    {
        using var cancellation = new CancellationTokenSource();
        using var source = TrainingRuns.Images(seed: 2, count: 300); // two batches, with a look at the token between them
        using var validation = new ImageDataset(source.Name, new WatchedPixels(source.Pixels, cancellation.Cancel), source.Labels.alias(), source.ClassNames);
        using var run = RunFolder.Create(_folder.File("run"));
        using var model = new ConvClassifier(TrainingRuns.Network, 1);
        using var trainer = new ClassifierTrainer(model, Options);
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(_data, run, validation: validation, cancellationToken: cancellation.Token));

        using (var checkpoint = ClassifierCheckpointInfo.Open(run.CheckpointPath))
        {
            Assert.Equal((1, 2), (checkpoint.State.Epoch, checkpoint.State.Step));
        }

        using var resumed = ClassifierTrainer.Resume(run, out var same);
        using (same)
        using (var uninterrupted = new ConvClassifier(TrainingRuns.Network, 1))
        using (var whole = new ClassifierTrainer(uninterrupted, Options))
        {
            resumed.Fit(_data, run, validation: source);
            whole.Fit(_data, validation: source);
            Assert.Equal(WeightBytes.Of(uninterrupted), WeightBytes.Of(same));
        }
    }

    [Fact]
    public void Validation_images_that_do_not_fit_are_refused()
    {
        using var large = _validation.ConvertTo(1, 32, 32);
        using var model = new ConvClassifier(TrainingRuns.Network, 1);
        using var trainer = new ClassifierTrainer(model, Options);

        Assert.Contains("32x32", Assert.Throws<ArgumentException>(() => trainer.Fit(_data, validation: large)).Message, StringComparison.Ordinal);
    }

    /// <summary>Calls back when images are taken that lie side by side, as validation takes them.</summary>
    private sealed class WatchedPixels(PixelStore inner, Action taken) : PixelStore([inner.Count, inner.Channels, inner.Height, inner.Width])
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
