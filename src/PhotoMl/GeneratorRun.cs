using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>Trains a DCGAN, whose generator makes new images like those of a data set or a folder of photos.</summary>
/// <example><code>
/// using var run = GeneratorRun.Start("mnist", "runs/digits");
/// run.Train();
/// </code></example>
public sealed class GeneratorRun : IDisposable
{
    internal const string Command = "train-gan";

    private readonly Owned _owned;
    private readonly RunData _data;
    private readonly GanTrainer _trainer;

    private GeneratorRun(Owned owned, RunFolder folder, RunData data, GanTrainer trainer) =>
        (_owned, Folder, _data, _trainer) = (owned, folder, data, owned.Add(trainer));

    /// <summary>The folder of the run, with the last healthy generator, the checkpoint, the metrics and a picture of each epoch.</summary>
    public RunFolder Folder { get; }

    /// <summary>The id of the known data set, or the folder of photos.</summary>
    public string Data => _data.Id;

    /// <summary>The name that the data set is shown by.</summary>
    public string Title => _data.Title;

    /// <summary>Whether all epochs are done.</summary>
    public bool IsFinished => _trainer.IsFinished;

    /// <summary>Loads the data, and makes the networks and the folder of a run.</summary>
    /// <param name="data"><c>auto</c>, the id of a known set, a folder of photos or of IDX files, or a CSV file that lists photos.</param>
    /// <param name="folder">The folder of the run, which must be empty or not exist. Default null: one below <c>runs</c>.</param>
    /// <param name="options">What is trained on and how.</param>
    /// <param name="cancellationToken">Stops a download or the reading of photos.</param>
    /// <returns>The run, to be disposed by the caller.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="PhotoMlException">The data, the classifier or the folder are not what the run needs.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static GeneratorRun Start(
        string data = DatasetLoader.Auto, string? folder = null, GeneratorRunOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Owned.Open(owned =>
        {
            options ??= new GeneratorRunOptions();
            var training = options.Training;
            if (training.FindConflict() is { } conflict)
            {
                throw new ArgumentException(conflict, nameof(options));
            }

            var classifierPath = options.Classifier is { } path ? Path.GetFullPath(RunFolder.ModelPathOf(path)) : null;
            var output = folder ?? RunData.RunsFolder;
            var images = owned.Add(RunData.Load(data, output, [classifierPath], training.Seed, options, cancellationToken));
            CheckTrainable(images, training);
            var network = ChooseNetwork(images, options);
            var (imageSize, channels) = (images.ImageSize, images.Train.Channels);
            images.ConvertTo(network.Channels, network.Height, network.Width);
            var classifier = classifierPath is null ? null : owned.Add(images.LoadClassifier(classifierPath));
            var run = owned.Add(images.CreateFolder(folder, Command));
            var (generator, discriminator) = GanTrainer.CreateNetworks(network, training.Seed);
            owned.Add(generator);
            owned.Add(discriminator);
            var trainer = new GanTrainer(generator, discriminator, training, classifier?.Model);
            run.WriteOptions(new GeneratorRunSettings
            {
                Command = Command,
                Data = images.LastingId,
                Limit = options.Limit,
                ImageSize = imageSize,
                Channels = channels,
                Transpose = options.Loading.Transpose,
                PhotoPreprocessing = options.Loading.PhotoPreprocessing,
                Network = network,
                Classifier = classifierPath,
                Training = training,
                Precision = generator.Precision,
                Threads = get_num_threads(),
            });
            return new GeneratorRun(owned, run, images, trainer);
        });

    /// <summary>Opens a run that was stopped, from the library or the command line; it goes on exactly as if it had not been.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="options">How the data set is read, and who is given messages; what the run was started with stays as it was.</param>
    /// <param name="cancellationToken">Stops the reading of photos.</param>
    /// <returns>The run, to be disposed by the caller.</returns>
    /// <remarks>libtorch's threads, which hold for the whole process, become those of the run: with another number sums differ in their
    /// last bits.</remarks>
    /// <exception cref="PhotoMlException">The folder holds no such run, or the images or the classifier are not those that it began
    /// with.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static GeneratorRun Resume(string folder, GeneratorRunOptions? options = null, CancellationToken cancellationToken = default) =>
        Owned.Open(owned =>
        {
            options ??= new GeneratorRunOptions();
            var run = owned.Add(RunFolder.Open(folder));
            var settings = RunSettings.Read<GeneratorRunSettings>(run, Command);
            using var checkpoint = GanTrainer.OpenCheckpoint(run.CheckpointPath);
            var info = checkpoint.Info;
            options = options with { Limit = settings.Limit, Threads = info.Threads, Loading = settings.Loading(options.Loading) };
            var images = owned.Add(RunData.Load(settings.Data, folder, [], info.Options.Seed, options, cancellationToken));
            images.ConvertTo(info.Network.Channels, info.Network.Height, info.Network.Width);
            images.CheckSame(run, [info.DataFingerprint], unlabeled: null, cancellationToken);
            var classifier = settings.Classifier is null ? null : owned.Add(images.LoadClassifier(settings.Classifier));
            if (info.EvaluatorFingerprint is { } hash && (classifier is null || ModelHash.Of(classifier.Model) != hash))
            {
                var found = classifier is null ? "none" : "another one";
                throw new InvalidModelException(settings.Classifier ?? run.OptionsPath, "the classifier that the run began with", found);
            }

            var trainer = GanTrainer.ResumeFrom(checkpoint, classifier?.Model, out var generator, out var discriminator);
            owned.Add(generator);
            owned.Add(discriminator);
            return new GeneratorRun(owned, run, images, trainer);
        });

    /// <summary>Trains to the end, or goes on to it.</summary>
    /// <param name="progress">Is given every step and epoch.</param>
    /// <param name="cancellationToken">Stops after the step under way, with a checkpoint written.</param>
    /// <returns>The figures of all epochs; the generator lies in <see cref="Folder"/>.</returns>
    /// <exception cref="PhotoMlException">The generator collapsed and was to stop then, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; <see cref="Resume"/> goes on.</exception>
    public GanTrainingResult Train(IProgress<GanProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _trainer.Fit(_data.Train, Folder, progress, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _owned.Dispose();

    private static DcganOptions ChooseNetwork(RunData data, GeneratorRunOptions options)
    {
        var isTooLarge = data.IsPhotos && Math.Max(data.Train.Height, data.Train.Width) > DcganOptions.LargestImage;
        var (height, width) = (options.ImageSize ?? (isTooLarge ? DcganOptions.LargestImage : null)) is { } size ? (size, size)
            : (data.Train.Height, data.Train.Width);
        if (Math.Min(height, width) < DcganOptions.SmallestImage || Math.Max(height, width) > DcganOptions.LargestImage)
        {
            var sizes = $"{DcganOptions.SmallestImage} to {DcganOptions.LargestImage} pixels";
            throw new InvalidDatasetException(
                data.Id, $"images of {sizes}, or a size to bring them to (ImageSize)", $"{height}x{width}");
        }

        var classes = data.Train.ClassNames.Count;
        var empty = GanTrainer.EmptyClasses(data.Train);
        var obstacle = classes > DcganOptions.MostClasses ? $"there are {classes:N0} classes, more than {DcganOptions.MostClasses:N0}"
            : empty.Count > 0 ? $"there is no training image of {ClassNameList.Few(empty, 5)}"
            : null;
        if (options.Conditional && classes > 1 && obstacle is not null)
        {
            options.Messages?.Report(new StatusMessage(
                $"The networks are not given the class, so that images of a class cannot be sampled: {obstacle}.", IsWarning: true));
        }

        return new DcganOptions
        {
            Channels = options.Channels ?? data.Train.Channels,
            Height = height,
            Width = width,
            Latent = options.Latent,
            Classes = options.Conditional && classes > 1 && obstacle is null ? classes : 0,
        };
    }

    private static void CheckTrainable(RunData data, GanTrainingOptions options)
    {
        var train = data.Train;
        // Batch norm has nothing to compare a single image with.
        var batches = (train.Count + options.BatchSize - 1) / options.BatchSize;
        if (train.Count < 2 * batches)
        {
            throw new InvalidDatasetException(data.Id, "at least two training images a step", $"{train.Count}");
        }

        if (batches < options.DiscriminatorSteps)
        {
            var expected = $"images for at least {options.DiscriminatorSteps} steps an epoch";
            throw new InvalidDatasetException(
                data.Id, $"{expected}, without which the generator's turn never comes (DiscriminatorSteps)", $"{batches}");
        }
    }
}
