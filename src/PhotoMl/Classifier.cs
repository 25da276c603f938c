using System.Collections.Concurrent;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Explanation;
using PhotoMl.Export;
using PhotoMl.IO;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Quality;
using PhotoMl.Reporting;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>A trained classifier: predicts, explains, is evaluated and exported. Any number of threads may use it at once.</summary>
/// <example><code>
/// using var classifier = Classifier.Load("runs/photos");
/// Console.WriteLine(classifier.Predict("photo.jpg").Ranking[0].Label);
/// </code></example>
public sealed class Classifier : IDisposable
{
    private readonly LoadedClassifier _loaded;
    private readonly ConcurrentDictionary<double, ConformalSets> _sets = new();

    private Classifier(string path, LoadedClassifier loaded) => (ModelPath, _loaded) = (path, loaded);

    /// <summary>The model file.</summary>
    public string ModelPath { get; }

    /// <summary>What the model file says of the classifier.</summary>
    public ClassifierInfo Info => _loaded.Info;

    /// <summary>The network, in evaluation mode and without gradients of its weights; it must stay so while other threads use this object.</summary>
    public ImageClassifier Model => _loaded.Model;

    /// <summary>Whether the model was calibrated, so that predictions can have sets of possible classes of a coverage.</summary>
    public bool HasCoverage => _loaded.Conformal is not null;

    /// <summary>Loads a model.</summary>
    /// <param name="path">A model file or the folder of a run.</param>
    /// <param name="precision">The dtype of the convolutions in predictions and evaluations. Default: bfloat16 where the processor multiplies it.</param>
    /// <returns>The classifier, to be disposed by the caller.</returns>
    /// <exception cref="InvalidModelException">The file is missing, damaged or no classifier.</exception>
    public static Classifier Load(string path, Precision precision = Precision.Auto)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = Directory.Exists(path) ? RunFolder.ModelPathIn(path) : path;
        var loaded = ClassifierFile.Load(file);
        loaded.Model.Precision = precision;
        foreach (var parameter in loaded.Model.parameters())
        {
            parameter.requires_grad = false;
        }

        return new Classifier(file, loaded);
    }

    /// <summary>Predicts an image file.</summary>
    /// <param name="path">The file; it is opened for reading only.</param>
    /// <param name="options">How.</param>
    /// <returns>The classes by their probability, and the set of possible classes where a coverage was asked for.</returns>
    /// <exception cref="UnreadableImageException">The file is missing, empty, damaged, cut off, too large or no image.</exception>
    /// <exception cref="InvalidModelException">The model cannot give sets of that coverage.</exception>
    public ImagePrediction Predict(string path, PredictionOptions? options = null) => Predict(ImageFile.ReadContent(path), path, options ?? new PredictionOptions());

    /// <summary>Predicts an image from a stream, such as an upload.</summary>
    /// <param name="image">The content of an image file, which is read to its end.</param>
    /// <param name="options">How.</param>
    /// <returns>The classes by their probability, and the set of possible classes where a coverage was asked for.</returns>
    /// <exception cref="UnreadableImageException">It is empty, damaged, cut off, too large or no image.</exception>
    /// <exception cref="InvalidModelException">The model cannot give sets of that coverage.</exception>
    public ImagePrediction Predict(Stream image, PredictionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var copy = new MemoryStream();
        image.CopyTo(copy);
        return Predict(copy.ToArray(), options);
    }

    /// <summary>Predicts an image from memory.</summary>
    /// <param name="image">The content of an image file.</param>
    /// <param name="options">How.</param>
    /// <returns>The classes by their probability, and the set of possible classes where a coverage was asked for.</returns>
    /// <exception cref="UnreadableImageException">It is empty, damaged, cut off, too large or no image.</exception>
    /// <exception cref="InvalidModelException">The model cannot give sets of that coverage.</exception>
    public ImagePrediction Predict(byte[] image, PredictionOptions? options = null) => Predict(image, "image", options ?? new PredictionOptions());

    /// <summary>Predicts files and all images of folders, batch by batch as they are asked for; one that cannot be read is a prediction with its problem.</summary>
    /// <param name="paths">Files, and folders that are searched with their subfolders.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <returns>A prediction of each file: those of a path in ordinal order, the paths in their order.</returns>
    /// <exception cref="InvalidModelException">The model cannot give sets of that coverage.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<ImagePrediction> PredictMany(IEnumerable<string> paths, PredictionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new PredictionOptions();
        SetsFor(options.Coverage); // refused at once, not with the first file
        return ImageFiles.Enumerate(paths).Chunk(options.BatchSize).SelectMany(batch => PredictFiles(batch, options, cancellationToken));
    }

    /// <summary>Predicts some files as one batch, such as a part of what <see cref="ImageFiles.Enumerate"/> found.</summary>
    /// <param name="files">The files; one that has a problem already keeps it.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <returns>A prediction of each file, in their order.</returns>
    /// <exception cref="InvalidModelException">The model cannot give sets of that coverage.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<ImagePrediction> PredictFiles(IReadOnlyList<ImageFileEntry> files, PredictionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        options ??= new PredictionOptions();
        return ClassifierPredictor.Predict(_loaded, files, options.Foreground, SetsFor(options.Coverage), cancellationToken);
    }

    /// <summary>Explains what the prediction of an image file rests on.</summary>
    /// <param name="path">The file; it is opened for reading only.</param>
    /// <param name="label">The name of the class to explain, or its number from 0. Default null: the most probable class.</param>
    /// <param name="options">How; the temperature is the classifier's own.</param>
    /// <param name="foreground">What is known of light and dark in the image.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>The explanation; <see cref="ExplainedPhoto.EncodeOverlayPng"/> draws it.</returns>
    /// <exception cref="UnreadableImageException">The file is missing, empty, damaged, cut off, too large or no image.</exception>
    /// <exception cref="ArgumentException">There is no such class or layer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ExplainedPhoto Explain(
        string path,
        string? label = null,
        ExplanationOptions? options = null,
        ForegroundChoice foreground = ForegroundChoice.Auto,
        CancellationToken cancellationToken = default) =>
        PhotoExplainer.Explain(_loaded, ImageFile.ReadContent(path), path, FindClass(label), options, foreground, cancellationToken);

    /// <summary>Explains what the prediction of an image in memory rests on.</summary>
    /// <inheritdoc cref="Explain(string, string?, ExplanationOptions?, ForegroundChoice, CancellationToken)"/>
    /// <param name="image">The content of an image file.</param>
    /// <param name="label">The name of the class to explain, or its number from 0. Default null: the most probable class.</param>
    /// <param name="options">How; the temperature is the classifier's own.</param>
    /// <param name="foreground">What is known of light and dark in the image.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public ExplainedPhoto Explain(
        byte[] image,
        string? label = null,
        ExplanationOptions? options = null,
        ForegroundChoice foreground = ForegroundChoice.Auto,
        CancellationToken cancellationToken = default) =>
        PhotoExplainer.Explain(_loaded, image, "image", FindClass(label), options, foreground, cancellationToken);

    /// <summary>Evaluates the classifier on the test images of a data set; of photos without any, on the validation photos, or on all of them.</summary>
    /// <param name="data">A known set, a folder, or a CSV file. Default null: what the model was trained on.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is given the number of images done after each batch.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>Accuracy with its interval, confusion matrix, calibration and sets.</returns>
    /// <exception cref="PhotoMlException">The data does not fit the model, the model cannot give sets of that coverage, or the report cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public EvaluationResult<CalibratedReport> Evaluate(
        string? data = null, EvaluationOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new EvaluationOptions();
        SetsFor(options.Coverage); // before any image is read
        var name = data ?? DataOf(Info.Training, ModelPath);
        if (options.Report is { } report)
        {
            CheckOutput(nameof(options.Report), Path.Combine(report, ReportFolder.PageName), [ModelPath, .. DatasetLoader.InputsOf(name, options.Loading)]);
            ReportFolder.Prepare(report);
        }

        using var loaded = EvaluationImages.Load(_loaded, name, isItsOwn: data is null, options.Loading, cancellationToken);
        using var chosen = Choose(loaded, options);
        using var drawn = chosen.Draw(options.Limit) is { } indices ? chosen.Images.Select(indices) : null;
        var images = drawn ?? chosen.Images;
        if (options.Report is not { } folder)
        {
            var figures = ClassifierEvaluator.Evaluate(_loaded, images, options.Coverage, options.BatchSize, progress, cancellationToken: cancellationToken);
            return Result(figures, loaded, chosen, output: null);
        }

        var content = ClassifierReporter.Evaluate(
            _loaded, images, new ReportOptions { Coverage = options.Coverage, BatchSize = options.BatchSize }, progress, cancellationToken);
        IReadOnlyList<string> problems = loaded.IsPhotos
            ? PhotoCheck.Run(PhotoList.Open(loaded.Id), progress: options.CheckProgress, cancellationToken: cancellationToken).Warnings
            : DatasetCheck.Run(loaded.Id, options.Loading, cancellationToken).Warnings;
        var page = ClassifierReportPage.Write(folder, ReportFacts.Complete(content, ModelPath, _loaded, loaded, chosen, problems));
        return Result(content.Report, loaded, chosen, page);
    }

    /// <summary>Compares two classifiers on the same images, each of which sees them in its own size.</summary>
    /// <param name="first">The first classifier.</param>
    /// <param name="second">The second classifier, of the same classes in any order.</param>
    /// <param name="data">A known set, a folder, or a CSV file. Default null: what the first was trained on.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is given the number of images done after each batch; those of the second count on from those of the first.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>The figures of both, the test of their difference, and the images on which they differ.</returns>
    /// <exception cref="PhotoMlException">The classifiers or the data do not fit each other, or the sheet cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static EvaluationResult<ClassifierComparison> Compare(
        Classifier first,
        Classifier second,
        string? data = null,
        EvaluationOptions? options = null,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        options ??= new EvaluationOptions();
        CheckClasses(first, second);
        var name = data ?? DataOf(first.Info.Training, first.ModelPath);
        if (options.Sheet is { } sheet)
        {
            CheckOutput(nameof(options.Sheet), sheet, [first.ModelPath, second.ModelPath, .. DatasetLoader.InputsOf(name, options.Loading)]);
            AtomicFile.CheckWritable(sheet);
        }

        using var loaded = EvaluationImages.Load(first._loaded, name, isItsOwn: data is null, options.Loading, cancellationToken);

        // Images are read a second time only for a network that sees them in another size or way.
        var seesTheSame = first.Info.Preprocessing == second.Info.Preprocessing
            && (first.Model.Options.Height, first.Model.Options.Width) == (second.Model.Options.Height, second.Model.Options.Width);
        using var other = seesTheSame ? null : EvaluationImages.Load(second._loaded, name, isItsOwn: data is null, options.Loading, cancellationToken);
        CheckOrder(loaded, first, second);
        using var chosen = first.Choose(loaded, options);
        using var otherChosen = EvaluationImages.Choose(other ?? loaded, second._loaded);
        if (chosen.Images.Paths is { } paths && !paths.SequenceEqual(otherChosen.Images.Paths ?? []))
        {
            throw new InvalidDatasetException(loaded.Id, "the same photos for both models", "photos that came or went while they were read");
        }

        var drawn = chosen.Draw(options.Limit);
        using var some = drawn is null ? null : chosen.Images.Select(drawn);
        using var otherSome = drawn is null ? null : otherChosen.Images.Select(drawn);
        var images = some ?? chosen.Images;
        var comparison = ClassifierComparer.Compare(
            first._loaded, images, second._loaded, otherSome ?? otherChosen.Images, options.BatchSize, progress, cancellationToken);
        WriteSheet(options, images, comparison.Differences);
        return Result(
            drawn is null
                ? comparison
                : comparison with { Differences = [.. comparison.Differences.Select(image => image with { Index = drawn[image.Index] }).OrderBy(image => image.Index)] },
            loaded,
            chosen,
            comparison.Differences.Count > 0 ? options.Sheet : null);
    }

    /// <summary>Exports the classifier for other programs.</summary>
    /// <param name="path">The file; it is replaced where it exists.</param>
    /// <param name="options">Its format; default null chooses by the extension of the file.</param>
    /// <returns>What the file takes and gives.</returns>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public ExportedModel Export(string path, ExportOptions? options = null) => ModelExporter.Export(ModelPath, path, options ?? ExportOptions.For(path));

    /// <inheritdoc/>
    public void Dispose() => _loaded.Dispose();

    /// <summary>The name of the data set that a model was trained on.</summary>
    /// <exception cref="InvalidModelException">The model does not say, or only by a path that may mean another folder now.</exception>
    internal static string DataOf(TrainingSummary? training, string path)
    {
        const string Split = " train";
        var data = training?.Data ?? throw new InvalidModelException(path, "a model that says what it was trained on, or data to be named", "neither");
        var name = data.EndsWith(Split, StringComparison.Ordinal) ? data[..^Split.Length] : data;
        return Path.IsPathFullyQualified(name) || DatasetCatalog.Default.Find(name) is not null
            ? name
            : throw new InvalidModelException(path, "a model that names what it was trained on by its full path, or data to be named", $"'{name}'");
    }

    /// <summary>Checks that what is written lies outside of what is read.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    internal static void CheckOutput(string property, string output, IEnumerable<string> inputs)
    {
        if (OutputGuard.FindInput(output, inputs) is { } input)
        {
            throw new ArgumentException($"{property}: expected a path outside of {input}, which is read, but got {output}");
        }
    }

    /// <summary>The sets of possible classes of a coverage.</summary>
    /// <returns>The sets; null where no coverage is asked for.</returns>
    /// <exception cref="InvalidModelException">The model cannot give sets of that coverage.</exception>
    internal ConformalSets? SetsFor(double? coverage)
    {
        if (coverage is not { } target)
        {
            return null;
        }

        if (_loaded.Conformal is not { } reference)
        {
            throw new InvalidModelException(ModelPath, "a model calibrated at the end of its training, for a coverage", "one without; training makes such a model, also by resuming its run");
        }

        var fewest = ConformalRanks.FewestImages(target);
        return reference.Images >= fewest
            ? _sets.GetOrAdd(target, static (value, of) => new ConformalSets(of, value), reference)
            : throw new InvalidModelException(ModelPath, $"a model calibrated on at least {fewest:N0} validation images for a coverage of {target}", $"{reference.Images:N0}");
    }

    private ImagePrediction Predict(byte[] image, string name, PredictionOptions options) =>
        ClassifierPredictor.Predict(_loaded, image, name, options.Foreground, SetsFor(options.Coverage));

    private EvaluationImages Choose(LoadedDataset data, EvaluationOptions options)
    {
        foreach (var message in data.Messages)
        {
            options.Messages?.Report(message);
        }

        var chosen = EvaluationImages.Choose(data, _loaded);
        if (chosen.Remark is { } remark)
        {
            options.Messages?.Report(new StatusMessage(remark, IsWarning: true));
        }

        return chosen;
    }

    private int? FindClass(string? name) => name is null
        ? null
        : Info.FindClass(name) ?? throw new ArgumentException($"Class: expected one of {ClassNameList.Few(Info.ClassNames, 20)}, but got '{name}'");

    private static EvaluationResult<T> Result<T>(T figures, LoadedDataset data, EvaluationImages images, string? output) =>
        new() { Figures = figures, Data = data.Id, Title = data.Title, Split = images.Split, Images = images.What, Output = output };

    // Where the sheet is belongs to the messages: the result is the figures.
    private static void WriteSheet(EvaluationOptions options, ImageDataset images, IReadOnlyList<ImageDifference> differences)
    {
        if (options.Sheet is { } path)
        {
            var text = differences.Count == 0
                ? $"{path}: not written, for there is no image to draw."
                : $"{path}: {DifferenceSheet.WritePng(path, images, differences):N0} of {differences.Count:N0} images; A+ B- are those that only A predicts correctly.";
            options.Messages?.Report(new StatusMessage(text, IsWarning: true));
        }
    }

    private static void CheckClasses(Classifier first, Classifier second)
    {
        var (expected, found) = (first.Info.ClassNames, second.Info.ClassNames);
        if (!expected.ToHashSet().SetEquals(found))
        {
            var odd = found.Except(expected).FirstOrDefault() is { } more ? $", among them {more}" : $", without {expected.Except(found).First()}";
            throw new InvalidModelException(second.ModelPath, $"the {expected.Count} classes of {first.ModelPath} ({ClassNameList.Few(expected)})", $"{found.Count}{odd}");
        }
    }

    // A folder of IDX files has numbers for labels, which mean a model's classes by their order.
    private static void CheckOrder(LoadedDataset data, Classifier first, Classifier second)
    {
        if (!data.IsPhotos && DatasetCatalog.Default.Find(data.Id) is null && !first.Info.ClassNames.SequenceEqual(second.Info.ClassNames))
        {
            throw new InvalidModelException(second.ModelPath, $"classes in the order of the other model's, for {data.Id} numbers them", "another order");
        }
    }
}
