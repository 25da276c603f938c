using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Export;
using PhotoMl.IO;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Reporting;
using PhotoMl.Runtime;
using PhotoMl.Sampling;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>A trained generator: makes images, verifies those it made, is evaluated and exported.</summary>
/// <example><code>
/// using var generator = Generator.Load("runs/digits");
/// generator.SampleGrid("digits.png", new SampleOptions { Count = 64 }, columns: 8);
/// </code></example>
public sealed class Generator : IDisposable
{
    // Images of a folder are made and written so many at a time, whatever their number.
    private const int Piece = 1024;

    // Another processor or number of threads adds in another order, and a value between two levels may fall to either.
    private const int RoundingDifference = 2;

    // The classifier that evaluates needs to be good, not best: after five epochs on MNIST 99.4 % are right.
    private static readonly ClassifierTrainingOptions EvaluatorTraining = new() { Epochs = 5 };

    private readonly LoadedGenerator _loaded;

    private Generator(string path, LoadedGenerator loaded) => (ModelPath, _loaded) = (path, loaded);

    /// <summary>The model file.</summary>
    public string ModelPath { get; }

    /// <summary>What the model file says of the generator.</summary>
    public GeneratorInfo Info => _loaded.Info;

    /// <summary>The network, in evaluation mode.</summary>
    public DcganGenerator Model => _loaded.Model;

    /// <summary>The SHA-256 of its weights, in hexadecimal.</summary>
    public string Hash => _loaded.Hash;

    /// <summary>Loads a model.</summary>
    /// <param name="path">A model file or the folder of a run.</param>
    /// <param name="precision">The dtype of the larger products. Default float32.</param>
    /// <returns>The generator, to be disposed by the caller.</returns>
    /// <exception cref="InvalidModelException">The file is missing, damaged or no generator.</exception>
    public static Generator Load(string path, Precision precision = Precision.Float32)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = Directory.Exists(path) ? RunFolder.ModelPathIn(path) : path;
        var loaded = GeneratorFile.Load(file);
        loaded.Model.Precision = precision;
        return new Generator(file, loaded);
    }

    /// <summary>Whether a model is a generator, rather than a classifier.</summary>
    /// <param name="path">A model file or the folder of a run.</param>
    /// <returns>Whether it is.</returns>
    /// <exception cref="InvalidModelException">The file is missing, damaged or no model of this library.</exception>
    public static bool IsGenerator(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ModelFile.ReadKind(Directory.Exists(path) ? RunFolder.ModelPathIn(path) : path) == GeneratorInfo.GeneratorKind;
    }

    /// <summary>The names that <see cref="Sample"/> gives its files.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Which images.</param>
    /// <returns>A path of each image, such as <c>folder/1-000042.png</c> of seed 1.</returns>
    public static IReadOnlyList<string> NamesOf(string folder, SampleOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return [.. Enumerable.Range(0, options.Count).Select(index => Path.Combine(folder, $"{options.Seed}-{options.First + index:D6}.png"))];
    }

    /// <summary>Makes images, a PNG file each, that say how they were made.</summary>
    /// <param name="folder">The folder; it is made where it is missing, and files of the same names are replaced.</param>
    /// <param name="options">Which images.</param>
    /// <param name="progress">Is given the number of images written.</param>
    /// <param name="cancellationToken">Stops between two blocks of images.</param>
    /// <returns>The paths of the files.</returns>
    /// <exception cref="ArgumentException">There is no such class.</exception>
    /// <exception cref="OutputException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<string> Sample(string folder, SampleOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new SampleOptions();
        CreateFolder(folder);
        var paths = NamesOf(folder, options);
        for (var start = 0; start < paths.Count; start += Piece)
        {
            using var pixels = GeneratorSampler.Sample(Model, options with { First = options.First + start, Count = Math.Min(Piece, paths.Count - start) }, cancellationToken: cancellationToken);
            var first = start;
            var encoded = new byte[pixels.shape[0]][];
            Parallel.For(0, encoded.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
            {
                using var one = pixels.narrow(0, i, 1);
                encoded[i] = GeneratedPng.Encode(one, ReceiptOf(options, options.First + first + i, otherSeed: null));
            });
            for (var i = 0; i < encoded.Length; i++)
            {
                var content = encoded[i];
                AtomicFile.Write(paths[first + i], stream => stream.Write(content), flush: false); // waiting for the disk after each of many small files takes longer than making them
            }

            progress?.Report(first + encoded.Length);
        }

        return paths;
    }

    /// <summary>Makes a grid of images, one PNG file that says how it was made.</summary>
    /// <param name="path">The file; it is replaced where it exists, and its folder must exist.</param>
    /// <param name="options">Which images.</param>
    /// <param name="columns">The columns of the grid, at least 1.</param>
    /// <param name="scale">How many pixels a pixel of an image takes on each side. Default 1.</param>
    /// <param name="otherSeed">Where the images go from the first image of the seed to that of this one. Default null: they do not.</param>
    /// <param name="cancellationToken">Stops between two blocks of images.</param>
    /// <exception cref="ArgumentException">There is no such class, or no grid of these sizes.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void SampleGrid(string path, SampleOptions options, int columns, int scale = 1, long? otherSeed = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        using var pixels = otherSeed is { } other
            ? GeneratorSampler.Interpolate(Model, options, other, cancellationToken)
            : GeneratorSampler.Sample(Model, options, cancellationToken: cancellationToken);
        var className = options.Class is { } label ? Info.ClassNames[label] : null;
        var receipt = ReceiptOf(options, options.First, otherSeed) with { Count = options.Count, Columns = columns, Scale = scale, Class = className };
        var png = GeneratedPng.Encode(pixels, receipt);
        AtomicFile.Write(path, stream => stream.Write(png));
    }

    /// <summary>Makes an image again by what it says of itself, and compares.</summary>
    /// <param name="path">A PNG file that <see cref="Sample"/> or <see cref="SampleGrid"/> wrote.</param>
    /// <returns>Whether it is the same image.</returns>
    /// <exception cref="UnreadableImageException">The file cannot be read.</exception>
    /// <exception cref="InvalidDatasetException">The file says nothing of how it was made, or what no model can follow.</exception>
    public ImageVerification Verify(string path)
    {
        var receipt = ImageReceipt.Read(path) ?? throw new InvalidDatasetException(path, "a PNG file that says how it was generated", "none");
        if (Hash != receipt.ModelHash)
        {
            return new ImageVerification { IsSame = false, IsOtherModel = true };
        }

        try
        {
            var difference = GeneratedPng.Compare(path, receipt, _loaded);
            return new ImageVerification { IsSame = difference <= RoundingDifference, LargestDifference = difference };
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDatasetException(path, "a receipt that the model can follow", exception.Message.Split(" (Parameter")[0].TrimEnd('.'));
        }
    }

    /// <summary>Evaluates the generator: how close its images are to those of a data set, and how diverse.</summary>
    /// <param name="data">A known set, a folder, or a CSV file. Default null: what the model was trained on.</param>
    /// <param name="options">How; its Coverage, BatchSize and Sheet are for classifiers.</param>
    /// <param name="classifier">A classifier of the same data, a file or run folder, whose features are compared. Default null: one is trained.</param>
    /// <param name="seed">The seed of the images. Default 1.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="PhotoMlException">The data or the classifier does not fit the generator, or the report cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public EvaluationResult<GeneratorEvaluation> Evaluate(
        string? data = null, EvaluationOptions? options = null, string? classifier = null, long seed = 1, CancellationToken cancellationToken = default)
    {
        options ??= new EvaluationOptions();
        var settings = new GeneratorEvaluationOptions();
        if (options.Limit is { } limit)
        {
            settings = limit > settings.Neighbours && limit <= GeneratorEvaluationOptions.LargestLimit
                ? settings with { MostImages = limit }
                : throw new ArgumentException(
                    $"{nameof(options.Limit)}: expected {settings.Neighbours + 1} to {GeneratorEvaluationOptions.LargestLimit} with a generator, but got {limit}", nameof(options));
        }

        var network = Info.Network;
        var name = data ?? Classifier.DataOf(Info.Training, ModelPath);
        var classifierPath = classifier is null ? null : Directory.Exists(classifier) ? RunFolder.ModelPathIn(classifier) : classifier;
        var report = options.Report is null ? null : Path.Combine(options.Report, ReportFolder.PageName);
        using var images = RunData.Load(
            name, report, nameof(options.Report), [ModelPath, classifierPath], limit: null, seed: 1, options.Loading, options.Messages, cancellationToken);
        if (options.Report is not null)
        {
            ReportFolder.Prepare(options.Report);
        }

        images.ConvertTo(network.Channels, network.Height, network.Width);
        var test = Check(images, settings);
        if (network.Classes > 0)
        {
            images.CheckTrainable(EvaluatorTraining.ValidationFraction, ClassifierArchitecture.Convnet); // the accuracy score trains one, at the end
        }

        using var given = classifierPath is null ? null : images.LoadClassifier(classifierPath);
        using var trained = given is null ? TrainEvaluator(images, options, cancellationToken) : null;
        var evaluator = given?.Model ?? trained!;
        evaluator.Precision = Precision.Float32;
        var count = Math.Min(settings.MostImages, Math.Min(test.Count, images.Train.Count));
        using var generated = GeneratedDataset.Create(
            _loaded, new SampleOptions { Seed = seed, Count = count }, Count(options, "{0:N0} of " + $"{count:N0} images made"), cancellationToken);
        var figures = GeneratorEvaluator.Evaluate(evaluator, generated, images.Train, test, settings, Count(options, "{0:N0} images evaluated"), cancellationToken);
        var result = figures with
        {
            AccuracyScore = network.Classes > 0 ? MeasureAccuracyScore(images.Train, test, seed, options, cancellationToken) : null,
            Classifier = classifier,
        };
        return new EvaluationResult<GeneratorEvaluation>
        {
            Figures = result,
            Data = images.Id,
            Title = images.Title,
            Split = "test",
            Images = "test images",
            Output = options.Report is null ? null : GeneratorReportPage.Write(options.Report, GeneratorReportContent.Of(ModelPath, _loaded, images.Title, result, seed)),
        };
    }

    /// <summary>Exports the generator for other programs.</summary>
    /// <param name="path">The file; it is replaced where it exists.</param>
    /// <param name="options">Its format; default null chooses by the extension of the file.</param>
    /// <returns>What the file takes and gives.</returns>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public ExportedModel Export(string path, ExportOptions? options = null) => ModelExporter.Export(ModelPath, path, options ?? ExportOptions.For(path));

    /// <inheritdoc/>
    public void Dispose() => _loaded.Dispose();

    // An image of its own names its class, whether it was asked for or came in turn.
    private ImageReceipt ReceiptOf(SampleOptions options, long index, long? otherSeed) => new()
    {
        ModelHash = Hash,
        Seed = options.Seed,
        OtherSeed = otherSeed,
        Index = index,
        Class = Info.Network.Classes > 0 ? Info.ClassNames[GeneratorSampler.LabelOf(index, options.Class, Info.Network.Classes)] : null,
        Truncation = double.IsFinite(options.Truncation) ? options.Truncation : null,
        Precision = Model.Precision,
    };

    private ImageDataset Check(RunData images, GeneratorEvaluationOptions settings)
    {
        if (Info.Network.Classes > 0 && !Info.ClassNames.SequenceEqual(images.Train.ClassNames))
        {
            throw new InvalidDatasetException(
                images.Id,
                $"the generator's {Info.ClassNames.Count} classes ({ClassNameList.Few(Info.ClassNames)})",
                $"{images.Train.ClassNames.Count} ({ClassNameList.Few(images.Train.ClassNames)})");
        }

        var test = images.Test ?? throw new InvalidDatasetException(images.Id, "test images", "none");
        return Math.Min(images.Train.Count, test.Count) > settings.Neighbours
            ? test
            : throw new InvalidDatasetException(images.Id, $"at least {settings.Neighbours + 1} training and as many test images", $"{images.Train.Count} and {test.Count}");
    }

    private static ImageClassifier TrainEvaluator(RunData images, EvaluationOptions options, CancellationToken cancellationToken)
    {
        images.CheckTrainable(EvaluatorTraining.ValidationFraction, ClassifierArchitecture.Convnet);
        var model = ImageClassifier.Create(ClassifierOptions.For(images.Train), EvaluatorTraining.Seed);
        try
        {
            using var trainer = new ClassifierTrainer(model, EvaluatorTraining);
            trainer.Fit(images.Train, progress: Steps(options, "training the classifier that evaluates"), cancellationToken: cancellationToken);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    // As many images as the real classifier would see, none of them among those evaluated.
    private ClassificationReport MeasureAccuracyScore(ImageDataset train, ImageDataset test, long seed, EvaluationOptions options, CancellationToken cancellationToken)
    {
        var sample = new SampleOptions { Seed = new DeterministicRandom(seed, 1).NextSeed(), Count = train.Count };
        using var generated = GeneratedDataset.Create(_loaded, sample, cancellationToken: cancellationToken);
        return MeasureAccuracyScore(generated, test, new ClassifierTrainingOptions(), Steps(options, "training a classifier on generated images"), cancellationToken);
    }

    /// <summary>Trains a classifier on generated images and evaluates it on real ones; see <see cref="GeneratorEvaluation.AccuracyScore"/>.</summary>
    internal static ClassificationReport MeasureAccuracyScore(
        ImageDataset generated,
        ImageDataset test,
        ClassifierTrainingOptions options,
        IProgress<ClassifierProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var model = ImageClassifier.Create(ClassifierOptions.For(generated), options.Seed);
        using var trainer = new ClassifierTrainer(model, options);
        trainer.Fit(generated, progress: progress, cancellationToken: cancellationToken);
        return ClassifierEvaluator.Evaluate(model, test, cancellationToken: cancellationToken);
    }

    private static SynchronousProgress<int>? Count(EvaluationOptions options, string format) => options.Steps is { } steps
        ? new SynchronousProgress<int>(done => steps.Report(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, done)))
        : null;

    private static SynchronousProgress<ClassifierProgress>? Steps(EvaluationOptions options, string what) => options.Steps is { } steps
        ? new SynchronousProgress<ClassifierProgress>(progress => steps.Report($"{what}: epoch {progress.Epoch}/{progress.Epochs}, step {progress.Step}/{progress.StepsPerEpoch}"))
        : null;

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(folder, File.Exists(folder) ? "it is a file" : AtomicFile.Describe(exception), exception);
        }
    }
}
