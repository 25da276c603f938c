using System.Diagnostics;
using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Training;

using GanCheckpoint = Checkpoint<DcganOptions, GanTrainingOptions, GanEpochReport>;

/// <summary>Trains a generator against a discriminator: one visible loop over epochs and steps.</summary>
/// <remarks>Each step shows the discriminator a batch of real images and as many generated ones, and then moves the generator by the
/// discriminator's new logits of the same generated images. Everything random is derived from the seed, the epoch and the step, so a run
/// that was stopped anywhere goes on from its checkpoint to the same weights, bit for bit, on the same machine with the same number of
/// threads.</remarks>
public sealed class GanTrainer : IDisposable
{
    private const string CheckpointKind = "checkpoint of a generator";

    private const string GeneratorPrefix = "generator.";
    private const string DiscriminatorPrefix = "discriminator.";

    // A slow recipe, such as that of TensorFlow's tutorial, takes some epochs before its pictures differ at all.
    private const int EpochsToBegin = 5;

    private readonly DcganGenerator _generator;
    private readonly DcganDiscriminator _discriminator;
    private readonly ImageClassifier? _classifier;
    private readonly RunWeights _weights;
    private readonly TrainingRun<DcganOptions, GanTrainingOptions, GanEpochReport> _run;

    private RunState<GanEpochReport> State => _run.State;
    private DcganGenerator Evaluated => (DcganGenerator)_weights.Evaluated;

    /// <summary>Prepares to train a generator and a discriminator from their present weights.</summary>
    /// <param name="generator">The generator; it is trained in place and ends with the averaged weights of the last healthy epoch.</param>
    /// <param name="discriminator">The discriminator, of the same sizes; it is trained in place.</param>
    /// <param name="options">How they are trained; the defaults are meant for MNIST.</param>
    /// <param name="classifier">Predicts the classes of each epoch's pictures; null where there is none. It stays the caller's.</param>
    /// <exception cref="ArgumentException">The networks are not of the same sizes, or options contradict each other.</exception>
    public GanTrainer(
        DcganGenerator generator, DcganDiscriminator discriminator, GanTrainingOptions? options = null, ImageClassifier? classifier = null)
        : this(generator, discriminator, options ?? new GanTrainingOptions(), classifier, resumed: null)
    {
    }

    private GanTrainer(
        DcganGenerator generator, DcganDiscriminator discriminator, GanTrainingOptions options, ImageClassifier? classifier,
        GanCheckpoint? resumed)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(discriminator);
        if (generator.Options != discriminator.Options)
        {
            throw new ArgumentException(
                $"Expected a discriminator of {generator.Options} but got one of {discriminator.Options}.", nameof(discriminator));
        }

        if (options.FindConflict() is { } conflict)
        {
            throw new ArgumentException(conflict, nameof(options));
        }

        (_generator, _discriminator, _classifier, Options) = (generator, discriminator, classifier, options);
        generator.Precision = discriminator.Precision = resumed?.Info.Precision ?? options.Precision;
        _weights = new RunWeights(
            options.EmaDecay,
            new TrainedNetwork(GeneratorPrefix, generator, CreateGenerator, Adam(generator)),
            new TrainedNetwork(DiscriminatorPrefix, discriminator, CreateDiscriminator, Adam(discriminator)));
        _run = new TrainingRun<DcganOptions, GanTrainingOptions, GanEpochReport>(_weights, resumed);

        DcganGenerator CreateGenerator() => new(generator.Options) { Precision = generator.Precision };

        DcganDiscriminator CreateDiscriminator() => new(discriminator.Options) { Precision = discriminator.Precision };

        AdamOptimizer Adam(nn.Module network) => new(network.named_parameters(), 0, decoupled: false, options.Beta1, options.Beta2);
    }

    /// <summary>How the networks are trained.</summary>
    public GanTrainingOptions Options { get; }

    /// <summary>Whether the last epoch has ended; <see cref="Fit"/> then only brings the kept weights back.</summary>
    public bool IsFinished => State.Finished;

    /// <summary>How much work a kill may cost: the time between two checkpoints within an epoch; longer where writing them would take more
    /// than 2 % of it. Default 15 seconds; zero writes one after every step.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Makes the networks of a new run.</summary>
    /// <param name="network">Their sizes.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <returns>Both networks, to be disposed by the caller.</returns>
    public static (DcganGenerator Generator, DcganDiscriminator Discriminator) CreateNetworks(DcganOptions network, long seed)
    {
        var random = new DeterministicRandom(seed, (long)RandomStream.Weights);
        return (new DcganGenerator(network, random.NextSeed()), new DcganDiscriminator(network, random.NextSeed()));
    }

    /// <summary>Takes up a run where its last checkpoint left it.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="classifier">The classifier the run began with; null where it began without.</param>
    /// <param name="generator">The generator of the run, to be disposed by the caller.</param>
    /// <param name="discriminator">The discriminator of the run, to be disposed by the caller.</param>
    /// <returns>The trainer, whose <see cref="Fit"/> goes on with the run.</returns>
    /// <exception cref="InvalidModelException">The checkpoint is damaged or of another format.</exception>
    public static GanTrainer Resume(
        RunFolder run, ImageClassifier? classifier, out DcganGenerator generator, out DcganDiscriminator discriminator)
    {
        ArgumentNullException.ThrowIfNull(run);
        NativeLibraries.EnsureLoaded();
        using var checkpoint = OpenCheckpoint(run.CheckpointPath);
        return ResumeFrom(checkpoint, classifier, out generator, out discriminator);
    }

    /// <summary>Trains until the last epoch.</summary>
    /// <remarks>A trainer is one run: called again, after it was cancelled, it goes on with the run, and takes no images but those it began
    /// with. Once training has begun, both networks are left in evaluation mode, however this ends.</remarks>
    /// <param name="data">The training images, of the networks' size. Never the test images.</param>
    /// <param name="run">Where model, checkpoint, metrics and pictures are written; null writes nothing.</param>
    /// <param name="progress">Is given a report after every step and every epoch, on this thread.</param>
    /// <param name="cancellationToken">Stops after the step under way, with a checkpoint written.</param>
    /// <returns>What the run gave; the generator has the averaged weights of the last healthy epoch.</returns>
    /// <exception cref="ArgumentException">The images do not fit the networks, or are not those the run began with.</exception>
    /// <exception cref="InvalidDatasetException">Pictures are to be asked for by class, and a class has no image.</exception>
    /// <exception cref="InvalidOperationException">The folder holds the checkpoint of another run; <see cref="Resume"/> goes on with
    /// it.</exception>
    /// <exception cref="GeneratorCollapsedException">The generator collapsed or a loss is not finite, and the run is not to go on or did
    /// not recover.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="OutputException">The run folder cannot be written.</exception>
    public GanTrainingResult Fit(
        ImageDataset data, RunFolder? run = null, IProgress<GanProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        CheckFits(data);
        var classifierHash = _classifier is null ? null : ModelHash.Of(_classifier);
        var info = RunInfo.Of(CheckpointKind, data, classifierHash, _generator.Options, Options, _generator.Precision);
        _run.Begin(run, info, "classifier", CheckpointInterval);
        var batches = new GanBatches(data, _generator.Options, Options);
        var stepper = new GanStepper(_generator, _discriminator, _weights, batches, Options);
        var watch = new GeneratorWatch(data, _classifier, Options.Seed);
        var writer = new GanRunWriter(run, _run.Info, State, data);

        while (!State.Finished)
        {
            string? message = null;
            _run.RunSteps(
                batches.PerEpoch,
                () => message = stepper.Run(State) ? null : Restore("a loss is no longer a finite number", writer),
                () => progress?.Report(GanProgress.Of(State, Options.Epochs, batches.PerEpoch, message)),
                cancellationToken);
            var clock = Stopwatch.StartNew();
            var health = _run.Evaluate(() => CheckHealth(batches, watch, cancellationToken));
            writer.SaveGrid(Evaluated);
            health = KeepOrRestore(health, writer);
            State.Seconds += clock.Elapsed.TotalSeconds;
            var epoch = GanEpochReport.Of(State, health, Options.LearningRate * State.RateFactor);
            State.Finished = epoch.Epoch == Options.Epochs;
            var ended = GanProgress.Of(State, Options.Epochs, batches.PerEpoch, epoch.Message, epoch);
            State.NextEpoch(epoch);
            _run.SaveEpoch();
            progress?.Report(ended);
        }

        writer.SaveProgress();
        _weights.Finish();
        _generator.eval();
        _discriminator.eval();
        return new GanTrainingResult
        {
            History = State.History,
            KeptEpoch = State.KeptEpoch,
            TrainImages = data.Count,
            Duration = TimeSpan.FromSeconds(State.Seconds),
            Info = writer.DescribeModel(),
        };
    }

    /// <summary>Disposes the run's tensors; the networks stay the caller's.</summary>
    public void Dispose() => _weights.Dispose();

    internal static GanTrainer ResumeFrom(
        GanCheckpoint checkpoint, ImageClassifier? classifier, out DcganGenerator generator, out DcganDiscriminator discriminator)
    {
        var network = checkpoint.Info.Network;
        NetworkWeights.Check(
            checkpoint.Reader, GeneratorPrefix, device => new DcganGenerator(network, seed: null, device), GeneratorInfo.GeneratorKind);
        NetworkWeights.Check(
            checkpoint.Reader, DiscriminatorPrefix, device => new DcganDiscriminator(network, seed: null, device), "discriminator");
        (generator, discriminator) = (new DcganGenerator(network), new DcganDiscriminator(network));
        return new GanTrainer(generator, discriminator, checkpoint.Info.Options, classifier, checkpoint);
    }

    internal static GanCheckpoint OpenCheckpoint(string path) =>
        GanCheckpoint.Open(path, CheckpointKind, (_, options) => options.FindConflict(), GanEpochReport.IsConsistent);

    private GeneratorHealth CheckHealth(GanBatches batches, GeneratorWatch watch, CancellationToken cancellationToken)
    {
        _weights.MeasureStatistics(
            Evaluated.Momentum, value => Evaluated.Momentum = value, batches.ForStatistics,
            batch => batches.GenerateForStatistics(Evaluated, State.Epoch, batch), cancellationToken);
        var health = watch.Check(Evaluated, cancellationToken);

        // The last step may have ruined the weights after its losses were computed.
        return _weights.AreFinite() ? health : health with { IsCollapsed = true, Message = "a weight is no longer a finite number" };
    }

    // A last epoch without a healthy one before is kept all the same: there is nothing better.
    private GeneratorHealth KeepOrRestore(GeneratorHealth health, GanRunWriter writer)
    {
        var (isLast, hasHealthy) = (State.Epoch == Options.Epochs, State.KeptEpoch > 0);
        var isFinite = _weights.AreFinite();
        if (!health.IsCollapsed || (isLast && isFinite && !hasHealthy))
        {
            State.KeptEpoch = State.Epoch;
            _weights.Keep();
            writer.SaveModel((DcganGenerator)_weights.Kept);
            return health;
        }

        if (isLast)
        {
            return hasHealthy ? health : throw new GeneratorCollapsedException(State.Epoch, health.Message!, writer.KeptModel);
        }

        var message = isFinite && !hasHealthy && State.Epoch <= EpochsToBegin
            ? $"the pictures are still much alike, {health.Diversity:P0} as different as real ones; "
                + $"the generator has {EpochsToBegin} epochs to begin"
            : Restore(health.Message!, writer);
        return health with { Message = message };
    }

    private string Restore(string reason, GanRunWriter writer)
    {
        if (Options.OnCollapse == CollapseAction.Stop || State.Restores == RunState<GanEpochReport>.MostRestores)
        {
            throw new GeneratorCollapsedException(State.Epoch, reason, writer.KeptModel);
        }

        State.Restores++;
        _weights.GoBack();
        var from = State.KeptEpoch == 0 ? "the weights it began with" : $"the averaged weights of epoch {State.KeptEpoch}";
        return $"{reason}; the run continues from {from} at a learning rate of {Options.LearningRate * State.RateFactor:G3}";
    }

    private void CheckFits(ImageDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var network = _generator.Options;
        var classes = data.ClassNames.Count;
        var expectedClasses = network.Classes > 0 ? network.Classes : classes;
        var expected = $"{network.Channels}x{network.Height}x{network.Width} in {expectedClasses}";
        if ($"{data.Channels}x{data.Height}x{data.Width} in {classes}" is var found && found != expected)
        {
            throw new ArgumentException($"Expected images of {expected} classes but got {found}.", nameof(data));
        }

        if (_classifier?.Options is { } other && found != $"{other.Channels}x{other.Height}x{other.Width} in {other.Classes}")
        {
            throw new ArgumentException($"Expected a classifier of the images' size and classes but got one of {other}.", nameof(data));
        }

        if (data.Count < 2)
        {
            throw new ArgumentException($"Expected at least 2 images but got {data.Count}.", nameof(data));
        }

        if (network.Classes > 0 && EmptyClasses(data) is { Count: > 0 } empty)
        {
            throw new InvalidDatasetException(data.Name, "images of every class to be sampled", $"none of {ClassNameList.Few(empty, 5)}");
        }
    }

    internal static List<string> EmptyClasses(ImageDataset data) =>
        [.. data.ClassNames.Where((_, label) => data.ClassCounts[label] == 0)];
}
