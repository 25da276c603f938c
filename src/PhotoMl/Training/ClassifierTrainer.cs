using System.Diagnostics;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;

namespace PhotoMl.Training;

using ClassifierCheckpoint = Checkpoint<ClassifierOptions, ClassifierTrainingOptions, EpochReport>;

/// <summary>Trains a classifier: one visible loop over epochs and steps.</summary>
/// <remarks>Everything random is derived from the seed, the epoch and the step, so a run that was stopped anywhere goes on from its
/// checkpoint to the same weights, bit for bit, on the same machine with the same number of threads.</remarks>
public sealed class ClassifierTrainer : IDisposable
{
    private const string CheckpointKind = "checkpoint of a classifier";
    internal const string ModelPrefix = "model.";

    private readonly ImageClassifier _model;
    private readonly RunWeights _weights;
    private readonly ClassifierGradients _gradients;
    private readonly TrainingRun<ClassifierOptions, ClassifierTrainingOptions, EpochReport> _run;

    private RunState<EpochReport> State => _run.State;
    private ImageClassifier Evaluated => (ImageClassifier)_weights.Evaluated;

    /// <summary>Prepares to train a classifier from its present weights.</summary>
    /// <param name="model">The classifier; it is trained in place and ends with the best weights.</param>
    /// <param name="options">How it is trained; the defaults are meant for MNIST.</param>
    /// <exception cref="ArgumentException">The network has no stage of the name that is to be frozen.</exception>
    public ClassifierTrainer(ImageClassifier model, ClassifierTrainingOptions? options = null)
        : this(model, options ?? new ClassifierTrainingOptions(), resumed: null)
    {
    }

    private ClassifierTrainer(ImageClassifier model, ClassifierTrainingOptions options, ClassifierCheckpoint? resumed)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _model.Precision = resumed?.Info.Precision ?? options.Precision;
        _model.Freeze(options.Freeze);
        Options = options = options.ForEpochs();
        var optimizer = Optimizer.Create(options, model.named_parameters().Where(entry => entry.parameter.requires_grad));
        _gradients = new ClassifierGradients(model, options.UnlabeledWeight);
        _weights = new RunWeights(options.EmaDecay, new TrainedNetwork(ModelPrefix, model, model.Copy, optimizer));
        _run = new TrainingRun<ClassifierOptions, ClassifierTrainingOptions, EpochReport>(_weights, resumed);
    }

    /// <summary>How the classifier is trained.</summary>
    public ClassifierTrainingOptions Options { get; }

    /// <summary>Whether the run has ended, by its last epoch or by patience; <see cref="Fit"/> then only brings its best weights
    /// back.</summary>
    public bool IsFinished => State.Finished;

    /// <summary>The best epoch so far; null before the first has ended.</summary>
    internal EpochReport? Kept => State.Kept;

    /// <summary>The time spent training and validating.</summary>
    internal double Seconds => State.Seconds;

    /// <summary>How much work a kill may cost: the time between two checkpoints within an epoch; longer where writing them would take more
    /// than 2 % of it. Default 5 seconds; zero writes one after every step.</summary>
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
        using var checkpoint = OpenCheckpoint(run.CheckpointPath);
        return ResumeFrom(checkpoint, out model);
    }

    /// <summary>Trains until the last epoch, or until <see cref="ClassifierTrainingOptions.Patience"/> is over.</summary>
    /// <remarks>A trainer is one run: called again, after it was cancelled, it goes on with the run, and takes no images but those it began
    /// with. Once training has begun, the classifier is left in evaluation mode, however this ends.</remarks>
    /// <param name="data">The training images; never the test images.</param>
    /// <param name="run">Where model, checkpoint and metrics are written; null writes nothing.</param>
    /// <param name="progress">Is given a report after every step and every epoch, on this thread.</param>
    /// <param name="validation">The images to choose the best epoch by; null holds out a share of the training images.</param>
    /// <param name="unlabeled">Images without labels, of the same size, to train on too. An epoch then has as many steps as see all of
    /// them, at seven for each labeled one, or all labeled ones, whichever are more; the last epoch is kept, and
    /// <see cref="ClassifierTrainingOptions.Patience"/> has no effect; labels that they have, under a class name of the network, are only
    /// compared with. Default none.</param>
    /// <param name="cancellationToken">Stops after the step under way, with a checkpoint written.</param>
    /// <returns>What the run gave; the classifier has the weights of its best epoch.</returns>
    /// <exception cref="ArgumentException">The images do not fit the classifier, or are not those the run began with.</exception>
    /// <exception cref="InvalidDatasetException">The training images are of one class only, or too few.</exception>
    /// <exception cref="InvalidOperationException">The folder holds the checkpoint of another run; <see cref="Resume"/> goes on with
    /// it.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no longer a finite number.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="OutputException">The run folder cannot be written.</exception>
    public ClassifierTrainingResult Fit(
        ImageDataset data, RunFolder? run = null, IProgress<ClassifierProgress>? progress = null, ImageDataset? validation = null,
        ImageDataset? unlabeled = null, CancellationToken cancellationToken = default) =>
        FitUntil(Options.Epochs, data, run, progress, validation, unlabeled, cancellationToken)!;

    /// <summary>Trains as <see cref="Fit"/> does, at most until an epoch is done; null where the run has not ended by then.</summary>
    internal ClassifierTrainingResult? FitUntil(
        int epochs, ImageDataset data, RunFolder? run, IProgress<ClassifierProgress>? progress, ImageDataset? validation,
        ImageDataset? unlabeled, CancellationToken cancellationToken)
    {
        CheckFits(data);
        CheckFits(validation ?? data);
        CheckFits(unlabeled ?? data, isLabeled: unlabeled is null);
        var share = validation is null ? Options.ValidationFraction : 0;
        var (split, trainCounts) = Divide(data.Name, data.ClassNames, data.Labels.data<long>().ToArray(), share, Options.Seed);
        var fingerprint = validation?.Fingerprint(CancellationToken.None);
        var info = RunInfo.Of(CheckpointKind, data, fingerprint, _model.Options, Options, _model.Precision) with
        {
            UnlabeledFingerprint = unlabeled?.Fingerprint(CancellationToken.None),
        };
        _run.Begin(run, info, "validation images", CheckpointInterval);
        using var heldOut = validation is null ? data.Select(split.Validation) : null;
        validation ??= heldOut!;
        using var losses = new ClassifierLoss(Options, trainCounts);
        State.PseudoLabels ??= unlabeled is null ? null : PseudoLabels.Begin(data.ClassNames.Count, unlabeled.Count);
        var steps = (split.Train.Length + Options.BatchSize - 1) / Options.BatchSize;
        var views = unlabeled is null ? null : new UnlabeledImages(unlabeled, data.ClassNames, Options, State.PseudoLabels!, steps);
        var batches = new ClassifierBatches(data, split.Train, Options, views?.WeakViews.PerEpoch);
        views = Options.UnlabeledWeight > 0 ? views : null;
        var totalSteps = (long)Options.Epochs * batches.PerEpoch;
        var warmup = (long)(Options.Warmup * totalSteps);
        var schedule = new LearningRateSchedule(Options.Schedule, Options.LearningRate!.Value, totalSteps, warmup);
        var writer = new ClassifierRunWriter(run, _run.Info, State, data, trainCounts);

        while (!State.Finished && State.Epoch <= epochs)
        {
            _run.RunSteps(
                batches.PerEpoch,
                () => Step(batches, views, losses, schedule, writer),
                () => progress?.Report(ClassifierProgress.Of(State, Options.Epochs, batches.PerEpoch)),
                cancellationToken);
            var evaluated = _run.Evaluate(() => Evaluate(batches, views, validation, writer, cancellationToken));
            var epoch = EpochReport.Of(State, evaluated, schedule.At(_weights.Steps - 1));
            var isBest = unlabeled is not null || State.Kept is not { } best || epoch.IsBetterThan(best, Options.Monitor);
            State.KeptEpoch = isBest ? epoch.Epoch : State.KeptEpoch;
            State.Finished = epoch.Epoch == Options.Epochs || (Options.Patience > 0 && epoch.Epoch - State.KeptEpoch >= Options.Patience);
            var ended = ClassifierProgress.Of(State, Options.Epochs, batches.PerEpoch, epoch);
            State.NextEpoch(epoch);
            if (isBest)
            {
                _weights.Keep();
                writer.SaveModel((ImageClassifier)_weights.Kept);
            }

            _run.SaveEpoch();
            progress?.Report(ended);
        }

        if (!State.Finished)
        {
            return null;
        }

        _weights.Finish();
        _model.eval();
        NativeSettings.ReturnFreed(); // evaluation needs blocks of other sizes, and both together would be the peak
        return new ClassifierTrainingResult
        {
            Best = State.Kept!,
            History = State.History,
            TrainImages = split.Train.Length,
            ValidationImages = validation.Count,
            UnlabeledImages = unlabeled?.Count ?? 0,
            UnlabeledUsed = State.PseudoLabels?.CountUsed ?? 0,
            Validation = ClassifierEvaluator.Evaluate(_model, validation, cancellationToken: cancellationToken),
            Info = writer.SaveCalibrated(_model, split.Train, validation, cancellationToken),
            Duration = TimeSpan.FromSeconds(State.Seconds),
        };
    }

    /// <summary>Disposes the run's tensors; the classifier stays the caller's.</summary>
    public void Dispose() => _weights.Dispose();

    internal static ClassifierTrainer ResumeFrom(ClassifierCheckpoint checkpoint, out ImageClassifier model)
    {
        var network = checkpoint.Info.Network;
        NetworkWeights.Check(
            checkpoint.Reader, ModelPrefix, device => ImageClassifier.CreateBlank(network, device), ClassifierInfo.ClassifierKind);
        model = ImageClassifier.CreateBlank(network);
        return new ClassifierTrainer(model, checkpoint.Info.Options, checkpoint);
    }

    /// <summary>Goes on with the run of a folder, which must be one of these images, network and options, or begins it. The images that
    /// choose the epoch are null where the run holds them out itself.</summary>
    internal static ClassifierTrainer ResumeOrBegin(
        RunFolder? run, ImageDataset data, ImageDataset? validation, ClassifierOptions network, ClassifierTrainingOptions options,
        Func<ImageClassifier> create, out ImageClassifier model, CancellationToken cancellationToken)
    {
        if (run is null || !RunFolder.HoldsRun(run.Path))
        {
            model = create();
            return new ClassifierTrainer(model, options);
        }

        using var checkpoint = OpenCheckpoint(run.CheckpointPath);
        var begun = checkpoint.Info;
        var other = (begun.Network, begun.Options) != (network, options.ForEpochs()) ? "options"
            : begun.DataFingerprint != data.Fingerprint(cancellationToken)
                || begun.EvaluatorFingerprint != validation?.Fingerprint(cancellationToken) ? "images" : null;
        return other is null
            ? ResumeFrom(checkpoint, out model)
            : throw new InvalidModelException(
                run.Path, "a run of the same images and options", $"one of other {other}; choose another folder");
    }

    internal static ClassifierCheckpoint OpenCheckpoint(string path) => ClassifierCheckpoint.Open(
        path,
        CheckpointKind,
        (network, options) => ImageClassifier.StagesOf(network.Validated().Architecture) is var stages
            && options.Freeze is { } stage && !stages.Contains(stage) ? $"a frozen stage {stage}" : null,
        (state, _) => EpochReport.IsConsistent(state));

    /// <summary>Holds out a share of the images; refuses those of which none can be held out, or that leave one class to train
    /// on.</summary>
    internal static (Split Split, int[] TrainCounts) Divide(
        string data, IReadOnlyList<string> names, long[] labels, double share, long seed, int[]? groups = null)
    {
        var split = Split.ByFraction(labels, share, seed, groups);
        if (share > 0 && split.Validation.Length == 0)
        {
            var (single, few) = (labels.Distinct().Count() == labels.Length, labels.Length * share < 0.5);
            var remedy = groups is null || single || few ? "" : ", without dividing groups of near duplicates, or a random split (Split)";
            throw new InvalidDatasetException(
                data,
                $"enough images to hold out {share:P1} of them, with some of every class left to train on{remedy}",
                single ? "one of each class" : remedy.Length == 0 ? $"{labels.Length}" : "groups too large for that");
        }

        var counts = new int[names.Count];
        Array.ForEach(split.Train, image => counts[labels[image]]++);
        CheckClasses(data, names, counts);
        return (split, counts);
    }

    /// <summary>Gives the classes of training images; refuses one alone, from which nothing can be learned.</summary>
    internal static List<string> CheckClasses(string data, IReadOnlyList<string> names, IReadOnlyList<int> counts)
    {
        var present = names.Where((_, label) => counts[label] > 0).ToList();
        return present.Count > 1 ? present : throw new InvalidDatasetException(
            data, "training images of at least two classes", present is [var only] ? $"images of {only} only" : "none");
    }

    private void Step(
        ClassifierBatches batches, UnlabeledImages? unlabeled, ClassifierLoss losses, LearningRateSchedule schedule,
        ClassifierRunWriter writer)
    {
        using var scope = NewDisposeScope();
        StepObserver.Begin("batch");
        var batch = batches.Get(State.Epoch, State.Step);
        var pseudo = unlabeled?.Get(State.Epoch, State.Step, PredictUnlabeled);
        var (loss, right) = _gradients.Compute(batch, pseudo, losses);
        StepObserver.Begin("optimizer");
        if (Options.GradientClip > 0)
        {
            nn.utils.clip_grad_norm_(_model.parameters().Where(parameter => parameter.requires_grad), Options.GradientClip);
        }

        _weights.Step(_model, schedule.At(_weights.Steps));
        StepObserver.Begin("metrics");
        if (!double.IsFinite(loss))
        {
            throw new TrainingDivergedException(State.Epoch, State.Step + 1, loss, writer.SaveLastGood());
        }

        var count = batch.Labels.shape[0];
        State.Seen += count + (pseudo?.Labels.Length ?? 0);
        State.Add(nameof(ClassifierProgress.Loss), loss * count, count);
        State.Add(nameof(ClassifierProgress.Accuracy), right, count);
        if (pseudo is not null)
        {
            var (used, known, rightOfKnown) = pseudo.Count();
            State.Add(nameof(ClassifierProgress.UnlabeledShare), used, pseudo.Labels.Length);
            State.Add(nameof(ClassifierProgress.PseudoLabelAccuracy), rightOfKnown, known);
        }
    }

    // By the statistics of the batch, which leave no trace: those of the average are measured after the epoch only.
    private Tensor PredictUnlabeled(Tensor images)
    {
        using var withoutGradients = no_grad();
        var momentum = Evaluated.NormMomentum;
        Evaluated.NormMomentum = 0;
        Evaluated.train();
        try
        {
            return Evaluated.forward(images);
        }
        finally
        {
            Evaluated.NormMomentum = momentum;
        }
    }

    private ClassificationReport Evaluate(
        ClassifierBatches batches, UnlabeledImages? unlabeled, ImageDataset validation, ClassifierRunWriter writer,
        CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();

        // On images of the epoch, varied as they were then: a resumed run measures the same.
        var shown = unlabeled?.WeakViews ?? batches;
        _weights.MeasureStatistics(
            Evaluated.NormMomentum, value => Evaluated.NormMomentum = value, shown.ForStatistics,
            step => Evaluated.forward(shown.Get(State.Epoch, step).Images), cancellationToken);
        var report = ClassifierEvaluator.Evaluate(Evaluated, validation, cancellationToken: cancellationToken);
        var loss = _weights.AreFinite() ? report.Loss : double.NaN; // the last step may have ruined the weights after its loss was computed
        if (!double.IsFinite(loss))
        {
            throw new TrainingDivergedException(State.Epoch, State.Step, loss, writer.SaveLastGood());
        }

        State.Seconds += clock.Elapsed.TotalSeconds;
        return report;
    }

    private void CheckFits(ImageDataset data, bool isLabeled = true)
    {
        ArgumentNullException.ThrowIfNull(data);
        var network = _model.Options;
        var (size, classes) = ($"{network.Channels}x{network.Height}x{network.Width}", isLabeled ? $" in {network.Classes} classes" : "");
        var (found, ofFound) = ($"{data.Channels}x{data.Height}x{data.Width}", isLabeled ? $" in {data.ClassNames.Count} classes" : "");
        if (found + ofFound != size + classes)
        {
            throw new ArgumentException($"Expected images of {size}{classes} but got {found}{ofFound}.", nameof(data));
        }

        foreach (var photo in Options.PhotoAugmentation is { } augmentation ? new[] { augmentation, augmentation.FirstHalf } : [])
        {
            var (height, width) = photo.OutputSize(data.Height, data.Width);
            if (!_model.Takes(height, width))
            {
                var own = $"{network.Height}x{network.Width}";
                throw new ArgumentException(
                    $"Expected a network that takes images of the training size, {height}x{width}, but got one of {own}.", nameof(data));
            }
        }

        if (data.Count == 0)
        {
            throw new ArgumentException("Expected images but got none.", nameof(data));
        }
    }
}
