using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Quality;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>Trains a classifier on a data set or a folder of photos: the images are checked and divided, the best epoch is kept,
/// calibrated, and evaluated on the test images.</summary>
/// <example><code>
/// using var run = ClassifierRun.Start("photos", "runs/photos");
/// var result = run.Train();
/// Console.WriteLine(result.Training.Validation.Accuracy);
/// </code></example>
public sealed partial class ClassifierRun : IDisposable
{
    internal const string Command = "train-cnn";

    private readonly Owned _owned;
    private readonly RunData _data;
    private readonly ImageClassifier _model;
    private readonly ClassifierTrainer _trainer;

    private ClassifierRun(Owned owned, RunFolder folder, RunData data, ImageClassifier model, ClassifierTrainer trainer) =>
        (_owned, Folder, _data, _model, _trainer) = (owned, folder, data, model, owned.Add(trainer));

    /// <summary>The folder of the run, with the best model so far, the checkpoint and the metrics.</summary>
    public RunFolder Folder { get; }

    /// <summary>The id of the known data set, or the folder of photos.</summary>
    public string Data => _data.Id;

    /// <summary>The name that the data set is shown by.</summary>
    public string Title => _data.Title;

    /// <summary>How the classifier is trained.</summary>
    public ClassifierTrainingOptions Training => _trainer.Options;

    /// <summary>Whether all epochs are done; <see cref="Train"/> then only evaluates.</summary>
    public bool IsFinished => _trainer.IsFinished;

    /// <summary>Loads the data, checks it, and makes the network and the folder of a run.</summary>
    /// <param name="data"><c>auto</c>, the id of a known set, a folder of photos or of IDX files, or a CSV file that lists photos.</param>
    /// <param name="folder">The folder of the run, which must be empty or not exist. Default null: one below <c>runs</c>.</param>
    /// <param name="options">What is trained on and how.</param>
    /// <param name="cancellationToken">Stops a download, the reading of photos or the check.</param>
    /// <returns>The run, to be disposed by the caller.</returns>
    /// <exception cref="ArgumentException">The options contradict each other or the data.</exception>
    /// <exception cref="PhotoMlException">The data, the weights or the folder are not what the run needs.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ClassifierRun Start(
        string data = DatasetLoader.Auto, string? folder = null, ClassifierRunOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Owned.Open(owned =>
        {
            options ??= new ClassifierRunOptions();
            var (images, settings) = PrepareRun(owned, data, folder, options, cancellationToken);
            var model = owned.Add(CreateModel(images, settings, options));
            var run = owned.Add(images.CreateFolder(folder, Command));
            var trainer = new ClassifierTrainer(model, settings.Training); // which resolves the precision
            run.WriteOptions(settings with { Precision = model.Precision });
            return new ClassifierRun(owned, run, images, model, trainer);
        });

    /// <summary>Loads the images of a run, checks and divides them, and says how they are trained on.</summary>
    internal static (RunData Images, ClassifierRunSettings Settings) PrepareRun(
        Owned owned, string data, string? folder, ClassifierRunOptions options, CancellationToken cancellationToken)
    {
        var (images, network, training, report) = Prepare(owned, data, folder, options, cancellationToken);
        var groupOf = GroupOf(report, options);
        var heldOut = images.IsPhotos && images.Validation is null;
        if (heldOut)
        {
            images.HoldOut(training.ValidationFraction, training.Seed, groupOf);
            var how = groupOf is null ? "drawn photo by photo" : "near duplicates and bursts on one side";
            var photos = PhotoMlException.Count(images.Validation!.Count, "photo");
            var use = options.HasUnlabeled ? "evaluate on" : "choose the best epoch by";
            var text = $"{photos} held out to {use}, {how} (split.csv).";
            options.Messages?.Report(new StatusMessage(text, IsWarning: false));
        }

        images.TakeUnlabeled(options, training, report?.Photos, cancellationToken);
        Warn(options, images.DescribeSmallClasses(training, isHeldOut: heldOut || !images.IsPhotos));
        return (images, new ClassifierRunSettings
        {
            Command = Command,
            Data = images.LastingId,
            Limit = options.Limit,
            ImageSize = images.ImageSize, // what a default was, whatever it may become
            Channels = images.Train.Channels,
            Transpose = options.Loading.Transpose,
            PhotoPreprocessing = options.Loading.PhotoPreprocessing,
            Network = network,
            Weights = WeightsPath(options),
            Unlabeled = options.Unlabeled is { } unlabeled ? Path.GetFullPath(unlabeled) : null,
            LabelsPerClass = options.LabelsPerClass,
            Split = !heldOut ? null : groupOf is null ? ValidationSplit.Random : ValidationSplit.Grouped,
            Training = training,
            Precision = training.Precision,
            Threads = get_num_threads(),
        });
    }

    /// <summary>Makes the network of a run, with the weights that it starts from.</summary>
    internal static ImageClassifier CreateModel(RunData images, ClassifierRunSettings settings, ClassifierRunOptions options) =>
        Owned.Open(owned =>
        {
            var network = ClassifierOptions.For(images.Train, settings.Network);
            var model = owned.Add(ImageClassifier.Create(network, settings.Training.Seed));
            Warn(options, settings.Weights is null ? [] : model.LoadWeights(settings.Weights, images.Train.ClassNames));
            return model;
        });

    /// <summary>Opens a run that was stopped, from the library or the command line; it goes on exactly as if it had not been.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="options">How the data set is read, and who is given messages; what the run was started with stays as it was.</param>
    /// <param name="cancellationToken">Stops the reading of photos.</param>
    /// <returns>The run, to be disposed by the caller.</returns>
    /// <remarks>libtorch's threads, which hold for the whole process, become those of the run: with another number sums differ in their
    /// last bits.</remarks>
    /// <exception cref="PhotoMlException">The folder holds no such run, or the images are not those that it began with.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ClassifierRun Resume(
        string folder, ClassifierRunOptions? options = null, CancellationToken cancellationToken = default) =>
        Owned.Open(owned =>
        {
            options ??= new ClassifierRunOptions();
            var run = owned.Add(RunFolder.Open(folder));
            var settings = RunSettings.Read<ClassifierRunSettings>(run, Command);
            using var checkpoint = ClassifierTrainer.OpenCheckpoint(run.CheckpointPath);
            var info = checkpoint.Info;
            string?[] known = [info.DataFingerprint, info.UnlabeledFingerprint, info.EvaluatorFingerprint];
            settings = settings with { Training = info.Options, Threads = info.Threads };
            var images = LoadAgain(owned, run, settings, known, options, cancellationToken);
            var trainer = ClassifierTrainer.ResumeFrom(checkpoint, out var model);
            return new ClassifierRun(owned, run, images, owned.Add(model), trainer);
        });

    /// <summary>Loads the images that a run began with, divided as they were.</summary>
    internal static RunData LoadAgain(
        Owned owned, RunFolder run, ClassifierRunSettings settings, IReadOnlyList<string?> fingerprints, ClassifierRunOptions options,
        CancellationToken cancellationToken)
    {
        options = options with
        {
            Limit = settings.Limit,
            Threads = settings.Threads,
            Loading = settings.Loading(options.Loading),
            Unlabeled = settings.Unlabeled,
            LabelsPerClass = settings.LabelsPerClass,
        };
        var images = owned.Add(RunData.Load(settings.Data, run.Path, [], settings.Training.Seed, options, cancellationToken));
        if (images.Validation is null && RunFolder.ReadValidationPaths(run.Path) is { } paths)
        {
            images.HoldOut(paths);
        }

        var report = images.IsPhotos && options.HasUnlabeled ? PhotoCheck.Run(images.Id, images.Loading, cancellationToken) : null;
        images.TakeUnlabeled(options, settings.Training, report?.Photos, cancellationToken);
        images.CheckSame(run, fingerprints, options.Unlabeled, cancellationToken);
        return images;
    }

    /// <summary>Trains to the end, or goes on to it, and evaluates the best epoch on the test images.</summary>
    /// <param name="progress">Is given every step and epoch.</param>
    /// <param name="cancellationToken">Stops after the step under way, with a checkpoint written.</param>
    /// <returns>The figures; the model lies in <see cref="Folder"/>.</returns>
    /// <exception cref="PhotoMlException">The training diverged, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; <see cref="Resume"/> goes on.</exception>
    public ClassifierRunResult Train(IProgress<ClassifierProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var result = _trainer.Fit(_data.Train, Folder, progress, _data.Validation, _data.Unlabeled, cancellationToken);
        var test = _data.Test is null
            ? null
            : ClassifierEvaluator.Evaluate(new LoadedClassifier(_model, result.Info), _data.Test, cancellationToken: cancellationToken);
        if (test?.Report is { } report)
        {
            ClassifierFile.SaveScores(
                Folder.ModelPath,
                result.Info.Scores with
                {
                    TestAccuracy = report.Accuracy,
                    TestBalancedAccuracy = report.BalancedAccuracy,
                    TestLoss = report.Loss,
                    TestImages = report.Images,
                });
        }

        return new ClassifierRunResult { Training = result, Test = test };
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.Dispose();

    private static (RunData, ClassifierArchitecture, ClassifierTrainingOptions, PhotoCheckReport?) Prepare(
        Owned owned, string data, string? folder, ClassifierRunOptions options, CancellationToken cancellationToken, bool mayDivide = false)
    {
        if (options.Unlabeled is { } unlabeled && !Directory.Exists(unlabeled))
        {
            throw new InvalidDatasetException(unlabeled, "a folder of photos", File.Exists(unlabeled) ? "a file" : "no such folder");
        }

        var arePhotos = DatasetLoader.IsPhotos(data, options.Loading.Catalog)
            && !(options.Loading.ImageSize < ClassifierTrainingOptions.SmallestPhoto);
        var seed = options.Training(arePhotos ? ClassifierTrainingOptions.ForPhotos : new ClassifierTrainingOptions()).Seed;
        var measured = new PhotoCheckCache(options.Loading.CacheFolder, data);
        options = options with { Loading = options.Loading with { Opened = measured.Add } };
        var images = owned.Add(RunData.Load(
            data, folder ?? (options.ChecksLabels ? null : RunData.RunsFolder), [WeightsPath(options), options.Unlabeled], seed, options,
            cancellationToken));
        var network = options.Network
            ?? (ClassifierTrainingOptions.ArePhotos(images.Train) ? ClassifierArchitecture.ResNet18 : ClassifierArchitecture.Convnet);
        var training = TrainingFor(images, network, options);
        CheckUnlabeled(options, training);
        images.CheckTrainable(network, usesOtherSplits: !mayDivide);
        CheckNetwork(network, images.Train, training);
        if (options.Split is not null && (!images.IsPhotos || (images.Validation is not null && !mayDivide)))
        {
            var (expected, found) = images.IsPhotos ? ("photos without a validation split", "one") : ("photos", "none");
            throw new ArgumentException($"{nameof(options.Split)}: expected {expected}, but {images.Id} has {found}", nameof(options));
        }

        // Photos are checked before anything is trained on them: what leaks or is mislabeled must be known first.
        var report = images.IsPhotos ? PhotoCheck.Run(images.Id, images.Loading, measured, cancellationToken) : null;
        Warn(options, report?.Warnings.Except(report.Remarks) ?? []); // which were reported already
        return (images, network, training with { Seed = seed }, report);
    }

    /// <summary>How a network is trained on these images.</summary>
    internal static ClassifierTrainingOptions TrainingFor(RunData images, ClassifierArchitecture network, ClassifierRunOptions options) =>
        options.Training(DefaultsFor(images, network, options)).ForEpochs().ForNetwork(network, images.Train);

    /// <summary>How it is trained where nothing is said; what depends on other options is left open.</summary>
    internal static ClassifierTrainingOptions DefaultsFor(RunData images, ClassifierArchitecture network, ClassifierRunOptions options)
    {
        var defaults = ClassifierTrainingOptions.For(images.Train, images.IsPhotos, network);
        return options.HasUnlabeled ? defaults.ForUnlabeled()
            : options.ChecksLabels ? defaults.ForLabelCheck(images.Train.Count) : defaults;
    }

    private static void CheckUnlabeled(ClassifierRunOptions options, ClassifierTrainingOptions training)
    {
        var fault = !options.HasUnlabeled ? null
            : options.Unlabeled is not null && options.LabelsPerClass is not null
                ? $"{nameof(options.LabelsPerClass)}: expected no folder of unlabeled photos beside it"
            : training.Patience > 0 ? $"{nameof(training.Patience)}: expected 0 with unlabeled images, of which the last epoch is kept"
            : training.Monitor != MonitoredMetric.Accuracy
                ? $"{nameof(training.Monitor)}: expected none with unlabeled images, of which the last epoch is kept"
            : null;
        if (fault is not null)
        {
            throw new ArgumentException(fault, nameof(options));
        }
    }

    internal static Dictionary<string, int>? GroupOf(PhotoCheckReport? report, ClassifierRunOptions options) =>
        options.Split == ValidationSplit.Random
            ? null
            : report?.Photos.Index().ToDictionary(photo => photo.Item.Path, photo => report.GroupOf[photo.Index], StringComparer.Ordinal);

    private static void Warn(ClassifierRunOptions options, IEnumerable<string> lines) =>
        lines.ToList().ForEach(line => options.Messages?.Report(new StatusMessage(line, IsWarning: true)));

    private static string? WeightsPath(ClassifierRunOptions options) =>
        options.Weights is null ? null : Path.GetFullPath(RunFolder.ModelPathOf(options.Weights));

    // The article's network takes images of its own size only.
    private static void CheckNetwork(ClassifierArchitecture network, ImageDataset images, ClassifierTrainingOptions training)
    {
        if (training.Freeze is { } stage && !ImageClassifier.StagesOf(network).Contains(stage))
        {
            var stages = string.Join(", ", ImageClassifier.StagesOf(network));
            throw new ArgumentException(
                $"Freeze: expected a stage of {ClassifierOptions.NameOf(network)}, {stages}, but got '{stage}'", nameof(training));
        }

        var own = (images.Height, images.Width);
        var size = training.PhotoAugmentation?.OutputSize(images.Height, images.Width) ?? own;
        var firstSize = training.PhotoAugmentation?.FirstHalf.OutputSize(images.Height, images.Width) ?? own;
        if (network == ClassifierArchitecture.Convnet && (size, firstSize) != (own, own))
        {
            var (name, (height, width)) = size != own ? ("TrainImageSize", size) : ("FirstImageSize", firstSize);
            throw new ArgumentException(
                $"{name}: expected a network that takes images of {height}x{width} pixels, "
                + $"but got one of {images.Height}x{images.Width} only", nameof(training));
        }
    }
}
