using System.Diagnostics;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.IO;
using PhotoMl.Models;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>Trains a classifier: one visible loop over epochs and steps.</summary>
/// <remarks>
/// Everything random is derived from the seed, the epoch and the step, so a run that was stopped anywhere goes on from its checkpoint
/// to the same weights, bit for bit, on the same machine with the same number of threads.
/// </remarks>
public sealed class ClassifierTrainer : IDisposable
{
    private readonly ImageClassifier _model;
    private readonly ClassifierWeights _weights;
    private readonly ClassifierState _state;
    private readonly TrainingRun<ClassifierCheckpointInfo, ClassifierState> _run;

    /// <summary>Prepares to train a classifier from its present weights.</summary>
    /// <param name="model">The classifier; it is trained in place and ends with the best weights.</param>
    /// <param name="options">How it is trained; the defaults are meant for MNIST.</param>
    /// <exception cref="ArgumentException">The network has no stage of the name that is to be frozen.</exception>
    public ClassifierTrainer(ImageClassifier model, ClassifierTrainingOptions? options = null)
        : this(model, options ?? new ClassifierTrainingOptions(), new ClassifierState(), resumed: null, checkpointPath: null)
    {
    }

    private ClassifierTrainer(
        ImageClassifier model, ClassifierTrainingOptions options, ClassifierState state, ClassifierCheckpointInfo? resumed, string? checkpointPath)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _model.Precision = resumed?.Precision ?? options.Precision;
        _model.Freeze(options.Freeze);
        Options = options;
        _weights = new ClassifierWeights(model, options);
        _state = state;
        _run = new TrainingRun<ClassifierCheckpointInfo, ClassifierState>(state, _weights, resumed, checkpointPath);
    }

    /// <summary>How the classifier is trained.</summary>
    public ClassifierTrainingOptions Options { get; }

    /// <summary>Whether the run has ended, by its last epoch or by patience; <see cref="Fit"/> then only brings its best weights back.</summary>
    public bool IsFinished => _state.Finished;

    /// <summary>How much work a kill may cost: the time between two checkpoints within an epoch. Default 5 seconds.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Takes up a run where its last checkpoint left it.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="model">The classifier of the run, to be disposed by the caller.</param>
    /// <returns>The trainer, whose <see cref="Fit"/> goes on with the run.</returns>
    /// <exception cref="InvalidModelException">The checkpoint is damaged or of another format.</exception>
    public static ClassifierTrainer Resume(RunFolder run, out ImageClassifier model)
    {
        ArgumentNullException.ThrowIfNull(run);
        NativeLibraries.EnsureLoaded();
        using var checkpoint = ClassifierCheckpointInfo.Open(run.CheckpointPath);
        var shapes = ImageClassifier.WeightShapes(checkpoint.Info.Network);
        NetworkWeights.Check(checkpoint.Reader, ClassifierWeights.ModelPrefix, shapes, ClassifierInfo.ClassifierKind);
        model = ImageClassifier.CreateBlank(checkpoint.Info.Network);
        var trainer = new ClassifierTrainer(model, checkpoint.Info.Options, checkpoint.State, checkpoint.Info, run.CheckpointPath);
        trainer._weights.Restore(checkpoint.Reader, model);
        return trainer;
    }

    /// <summary>Trains until the last epoch, or until no epoch was better on the validation images for <see cref="ClassifierTrainingOptions.Patience"/> epochs.</summary>
    /// <remarks>
    /// A trainer is one run: called again, after it was cancelled, it goes on with the run, and takes no images but those it began with. Once training has begun, the classifier is left in
    /// evaluation mode, however this ends.
    /// </remarks>
    /// <param name="data">The training images; never the test images.</param>
    /// <param name="run">Where model, checkpoint and metrics are written; null writes nothing.</param>
    /// <param name="progress">Is given a report after every step and every epoch, on this thread.</param>
    /// <param name="validation">The images to choose the best epoch by; null holds out a share of the training images.</param>
    /// <param name="cancellationToken">Stops after the step under way, with a checkpoint written.</param>
    /// <returns>What the run gave; the classifier has the weights of its best epoch.</returns>
    /// <exception cref="ArgumentException">The images do not fit the classifier, or are not those the run began with.</exception>
    /// <exception cref="InvalidDatasetException">The training images are of one class only.</exception>
    /// <exception cref="InvalidOperationException">The folder holds the checkpoint of another run; <see cref="Resume"/> goes on with it.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no longer a finite number.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="OutputException">The run folder cannot be written.</exception>
    public ClassifierTrainingResult Fit(
        ImageDataset data, RunFolder? run = null, IProgress<ClassifierProgress>? progress = null, ImageDataset? validation = null,
        CancellationToken cancellationToken = default)
    {
        CheckFits(data);
        if (validation is not null)
        {
            CheckFits(validation);
        }
        else if (Math.Round(data.Count * Options.ValidationFraction) is var heldOutCount && (heldOutCount < 1 || heldOutCount >= data.Count))
        {
            throw new ArgumentException(
                $"Expected enough images to hold out {Options.ValidationFraction:P1} of them for validation but got {data.Count}.", nameof(data));
        }

        var share = validation is null ? Options.ValidationFraction : 0;
        var split = Split.ByFraction(data.Labels.data<long>().ToArray(), share, Options.Seed);
        var labels = ClassifierBatches.Labels(data, split.Train);
        var trainCounts = CountClasses(data, labels);
        var info = _run.Begin(run, data, DescribeRun(data, validation), CheckpointInterval);
        using var heldOut = validation is null ? data.Select(split.Validation) : null;
        validation ??= heldOut!;
        using var losses = new ClassifierLoss(Options, labels, data.ClassNames.Count);
        var batches = new ClassifierBatches(data, split.Train, Options);
        var totalSteps = (long)Options.Epochs * batches.PerEpoch;
        var schedule = new LearningRateSchedule(Options.Schedule, Options.LearningRate, totalSteps, (long)(Options.Warmup * totalSteps));
        var writer = new ClassifierRunWriter(run, info, _state, data, trainCounts);

        while (!_state.Finished)
        {
            _run.RunSteps(
                batches.PerEpoch, [_model], () => Step(batches, losses, schedule, writer), _ => Report(completed: null), cancellationToken);
            var evaluated = _run.Evaluate(() => Evaluate(batches, validation, writer, cancellationToken));
            var epoch = EndEpoch(evaluated, schedule);
            if (_state.BestEpoch == epoch.Epoch)
            {
                writer.SaveModel(_weights.Best);
            }

            _run.SaveEpoch();
            Report(epoch);
        }

        _weights.RestoreBest();
        _model.eval();
        NativeSettings.ReturnFreed(); // evaluation needs blocks of other sizes, and both together would be the peak
        return new ClassifierTrainingResult
        {
            Best = _state.Best!,
            History = _state.History,
            TrainImages = split.Train.Length,
            ValidationImages = validation.Count,
            Validation = ClassifierEvaluator.Evaluate(_model, validation, cancellationToken: cancellationToken),
            Info = writer.SaveCalibrated(_model, split.Train, validation, cancellationToken),
            Duration = TimeSpan.FromSeconds(_state.Seconds),
        };

        void Report(EpochReport? completed) => progress?.Report(_state.DescribeProgress(Options.Epochs, batches.PerEpoch, completed));
    }

    /// <summary>Disposes the run's tensors; the classifier stays the caller's.</summary>
    public void Dispose() => _weights.Dispose();

    internal static int[] CountClasses(ImageDataset data, IReadOnlyList<long> labels)
    {
        var counts = new int[data.ClassNames.Count];
        foreach (var label in labels)
        {
            counts[label]++;
        }

        return counts.Count(count => count > 0) > 1
            ? counts
            : throw new InvalidDatasetException(
                data.Name, "training images of at least two classes", labels.Count == 0 ? "none" : $"images of {data.ClassNames[(int)labels[0]]} only");
    }

    private string? Step(ClassifierBatches batches, ClassifierLoss losses, LearningRateSchedule schedule, ClassifierRunWriter writer)
    {
        var (loss, correct, count) = RunStep(batches, losses, schedule);
        if (!double.IsFinite(loss))
        {
            throw new TrainingDivergedException(_state.Epoch, _state.Step + 1, loss, writer.SaveLastGood());
        }

        _state.Add(loss, correct, count);
        return null;
    }

    private (double Loss, long Correct, int Count) RunStep(ClassifierBatches batches, ClassifierLoss losses, LearningRateSchedule schedule)
    {
        using var scope = NewDisposeScope();
        var batch = batches.Get(_state.Epoch, _state.Step);
        _model.zero_grad();
        var logits = _model.forward(batch.Images);
        var loss = losses.Compute(logits, batch);
        loss.backward();
        if (Options.GradientClip > 0)
        {
            nn.utils.clip_grad_norm_(_model.parameters().Where(parameter => parameter.requires_grad), Options.GradientClip);
        }

        _weights.Optimizer.Step(schedule.At(_weights.Optimizer.Steps));
        _weights.UpdateEma();
        return (loss.item<float>(), logits.argmax(1).eq(batch.Labels).sum().item<long>(), (int)batch.Labels.shape[0]);
    }

    private ClassificationReport Evaluate(
        ClassifierBatches batches, ImageDataset validation, ClassifierRunWriter writer, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        _weights.MeasureStatistics(batches, _state.Epoch, cancellationToken);
        var report = ClassifierEvaluator.Evaluate(_weights.Evaluated, validation, cancellationToken: cancellationToken);
        var loss = _weights.AreFinite() ? report.Loss : double.NaN; // the last step may have ruined the weights after its loss was computed
        if (!double.IsFinite(loss))
        {
            throw new TrainingDivergedException(_state.Epoch, _state.Step, loss, writer.SaveLastGood());
        }

        _state.Seconds += clock.Elapsed.TotalSeconds;
        return report;
    }

    private EpochReport EndEpoch(ClassificationReport evaluated, LearningRateSchedule schedule)
    {
        var best = _state.Best;
        var report = _state.EndEpoch(evaluated, schedule.At(_weights.Optimizer.Steps - 1));
        if (best is null || report.IsBetterThan(best, Options.Monitor))
        {
            _state.BestEpoch = report.Epoch;
            _weights.KeepBest();
        }

        _state.Finished = report.Epoch == Options.Epochs || (Options.Patience > 0 && report.Epoch - _state.BestEpoch >= Options.Patience);
        return report;
    }

    private ClassifierCheckpointInfo DescribeRun(ImageDataset data, ImageDataset? validation)
    {
        var validationFingerprint = validation?.Fingerprint();
        if (_run.Info is { } begun && begun.ValidationFingerprint != validationFingerprint)
        {
            throw new ArgumentException(
                $"Expected the validation images the run began with but got {validation?.Name ?? "none of their own"}.", nameof(validation));
        }

        return new ClassifierCheckpointInfo
        {
            Data = data.Name,
            Notice = data.Notice,
            DataFingerprint = data.Fingerprint(),
            ValidationFingerprint = validationFingerprint,
            Network = _model.Options,
            Options = Options,
            Precision = _model.Precision,
            Threads = get_num_threads(),
        };
    }

    private void CheckFits(ImageDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var network = _model.Options;
        if ((data.Channels, data.Height, data.Width, data.ClassNames.Count) != (network.Channels, network.Height, network.Width, network.Classes))
        {
            throw new ArgumentException(
                $"Expected images of {network.Channels}x{network.Height}x{network.Width} in {network.Classes} classes"
                + $" but got {data.Channels}x{data.Height}x{data.Width} in {data.ClassNames.Count}.",
                nameof(data));
        }

        if (Options.PhotoAugmentation?.OutputSize(data.Height, data.Width) is var (height, width) && !_model.Takes(height, width))
        {
            throw new ArgumentException(
                $"Expected a network that takes images of the training size, {height}x{width}, but got one of {network.Height}x{network.Width}.", nameof(data));
        }

        if (data.Count == 0)
        {
            throw new ArgumentException("Expected images but got none.", nameof(data));
        }
    }
}
