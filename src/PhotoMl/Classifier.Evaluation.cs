using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Quality;
using PhotoMl.Reporting;
using PhotoMl.Training;

namespace PhotoMl;

/// <content>Evaluation and comparison.</content>
public sealed partial class Classifier
{
    /// <summary>Evaluates the classifier on the test images of a data set; of photos without any, on the validation photos or those that
    /// its training held out; of other photos that no split divides, on all.</summary>
    /// <param name="data">A known set, a folder, or a CSV file. Default null: what the model was trained on.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is given the number of images done after the batches of all threads.</param>
    /// <param name="cancellationToken">Stops after the batches under way.</param>
    /// <returns>Accuracy with its interval, confusion matrix, calibration and sets.</returns>
    /// <exception cref="PhotoMlException">The data does not fit the model, the model cannot give sets of that coverage, or the report
    /// cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public EvaluationResult<CalibratedReport> Evaluate(
        string? data = null, EvaluationOptions? options = null, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options = Like(Info.Training, data, options ?? new EvaluationOptions());
        var sets = SetsFor(options.Coverage); // before any image is read
        var name = data ?? DataOf(Info.Training, ModelPath, options.Loading.Catalog);
        ReportFolder.Prepare(options.Report, () => [ModelPath, .. DatasetLoader.InputsOf(name, options.Loading)]);

        using var loaded = EvaluationImages.Load(_loaded, name, isItsOwn: data is null, options.Loading, cancellationToken);
        using var chosen = Choose(loaded, options);
        var counter = Generator.Counter(progress, "evaluating images", chosen.Images.Count);
        var figures = ClassifierEvaluator.Evaluate(_loaded, chosen.Images, sets, options.BatchSize, counter, cancellationToken);
        if (options.Report is not { } folder)
        {
            return Result(figures, chosen, output: null);
        }

        IReadOnlyList<string> problems = loaded.IsPhotos
            ? PhotoCheck.Run(loaded.Id, options.Loading, cancellationToken).Warnings
            : DatasetCheck.Run(loaded.Id, options.Loading, cancellationToken).Warnings;
        var content = ClassifierReporter.Describe(ModelPath, _loaded, chosen, figures, problems, cancellationToken);
        return Result(figures, chosen, ClassifierReportPage.Write(folder, content));
    }

    /// <summary>Finds the labels that are probably wrong among images that the classifier was not trained on: all of a collection of photos
    /// that it was not trained on, else those that <see cref="Evaluate"/> takes.</summary>
    /// <param name="data">A known set, a folder, or a CSV file. Default null: what it was trained on.</param>
    /// <param name="options">How the data are read, and the folder of a report; nothing else of it counts.</param>
    /// <param name="progress">Is given the number of images done after the batches of all threads.</param>
    /// <param name="cancellationToken">Stops after the batches under way.</param>
    /// <returns>The doubtful labels, and an estimate of how many are wrong.</returns>
    /// <exception cref="PhotoMlException">The data does not fit the model, or the report cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public LabelCheckReport CheckLabels(
        string? data = null, EvaluationOptions? options = null, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options = Like(Info.Training, data, options ?? new EvaluationOptions());
        var name = data ?? DataOf(Info.Training, ModelPath, options.Loading.Catalog);
        ReportFolder.Prepare(options.Report, () => [ModelPath, .. DatasetLoader.InputsOf(name, options.Loading)]);
        var loading = DatasetLoader.WithPhotos(name, options.Loading with { IgnoresSplits = !WasTrainedOn(name) });
        using var loaded = EvaluationImages.Load(_loaded, name, isItsOwn: data is null, loading, cancellationToken);
        using var chosen = Choose(loaded, options with { Messages = null, Limit = null }); // which are of an evaluation
        if (chosen is { Split: EvaluationImages.All, Remark: { } remark })
        {
            options.Messages?.Report(new StatusMessage(remark, IsWarning: true));
        }

        var text = $"{loaded.Id}: {chosen.Images.Count:N0} {chosen.What} are checked.";
        options.Messages?.Report(new StatusMessage(text, IsWarning: false));
        var counter = Generator.Counter(progress, "evaluating images", chosen.Images.Count);
        var probabilities = ClassifierEvaluator.Probabilities(Model, chosen.Images, Info.Temperature, counter, cancellationToken);
        var source = loaded.IsPhotos ? loaded.Id : null;
        return LabelReportPage.Write(options.Report, loaded.Title, new LabelCheckReport(chosen.Images, source, probabilities));
    }

    /// <summary>Compares two classifiers on the same images, each in its own size; of undivided photos on those both held out.</summary>
    /// <param name="first">The first classifier.</param>
    /// <param name="second">The second classifier, of the same classes in any order.</param>
    /// <param name="data">A known set, a folder, or a CSV file. Default null: what the first was trained on.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is given the number of images done after the batches of all threads; those of the second count on from those
    /// of the first.</param>
    /// <param name="cancellationToken">Stops after the batches under way.</param>
    /// <returns>The figures of both, the test of their difference, and the images on which they differ.</returns>
    /// <exception cref="PhotoMlException">The classifiers or the data do not fit each other, or the sheet cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static EvaluationResult<ClassifierComparison> Compare(
        Classifier first, Classifier second, string? data = null, EvaluationOptions? options = null,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        options ??= new EvaluationOptions();
        var others = Like(second.Info.Training, data, options);
        options = Like(first.Info.Training, data, options);
        CheckClasses(first, second);
        var name = data ?? DataOf(first.Info.Training, first.ModelPath, options.Loading.Catalog);
        if (options.Sheet is { } sheet)
        {
            OutputException.ThrowIfInput(sheet, [first.ModelPath, second.ModelPath, .. DatasetLoader.InputsOf(name, options.Loading)]);
            OutputException.ThrowIfNotWritable(sheet);
        }

        using var loaded = EvaluationImages.Load(first._loaded, name, isItsOwn: data is null, options.Loading, cancellationToken);

        // Images are read a second time only for a network that sees them in another size or way.
        var seesTheSame = first.Info.Preprocessing == second.Info.Preprocessing
            && others.Loading.Transpose == options.Loading.Transpose
            && (first.Model.Options.Height, first.Model.Options.Width) == (second.Model.Options.Height, second.Model.Options.Width);
        using var other = seesTheSame
            ? null
            : EvaluationImages.Load(second._loaded, name, isItsOwn: data is null, others.Loading, cancellationToken);
        CheckOrder(loaded, first, second);
        using var chosen = first.Choose(loaded, options, second);
        using var otherChosen = EvaluationImages.Choose(other ?? loaded, second._loaded, ReadHeldOut(first, second), options.Limit);
        if (other is not null && !NamesOf(chosen.Images).SequenceEqual(NamesOf(otherChosen.Images)))
        {
            throw new InvalidDatasetException(loaded.Id, "the same images for both models", "some that came, went or changed meanwhile");
        }

        var images = chosen.Images;
        var counter = Generator.Counter(progress, "evaluating images", 2L * images.Count);
        var comparison = ClassifierComparison.Of(
            first._loaded, images, second._loaded, otherChosen.Images, options.BatchSize, counter, cancellationToken);
        var differences = comparison.Differences;
        WriteSheet(options, images, differences);
        if (chosen.Indices is { } drawn)
        {
            differences = [.. differences.Select(image => image with { Index = drawn[image.Index] }).OrderBy(image => image.Index)];
        }

        return Result(comparison with { Differences = differences }, chosen, differences.Count > 0 ? options.Sheet : null);
    }

    /// <summary>Reads what a model was trained on as its training did.</summary>
    internal static EvaluationOptions Like(TrainingSummary? training, string? data, EvaluationOptions options)
    {
        var isItsOwn = data is null || (training is not null && IdOf(training.Data) == IdOf(Path.GetFullPath(data)));
        return training is { Transpose: true } && isItsOwn ? options with { Loading = options.Loading with { Transpose = true } } : options;
    }

    internal static string DataOf(TrainingSummary? training, string path, DatasetCatalog catalog)
    {
        const string Named = "or data to be named";
        var data = training?.Data ?? throw new InvalidModelException(path, $"a model that says what it was trained on, {Named}", "neither");
        var name = IdOf(data);
        return Path.IsPathFullyQualified(name) || catalog.Find(name) is not null
            ? name
            : throw new InvalidModelException(path, $"a model that names what it was trained on by its full path, {Named}", $"'{name}'");
    }

    private bool WasTrainedOn(string data) => Info.Training is { } training && IdOf(training.Data) == Path.GetFullPath(data);

    // Training images have the name of their split behind that of the data.
    private static string IdOf(string images) =>
        Path.TrimEndingDirectorySeparator(images.EndsWith(" train", StringComparison.Ordinal) ? images[..^6] : images);

    private static IEnumerable<(string? Path, string Class)> NamesOf(ImageDataset images) =>
        images.Labels.data<long>().ToArray().Select((label, i) => (images.Paths?[i], images.ClassNames[(int)label]));

    private static IEnumerable<IReadOnlySet<string>> ReadHeldOut(params IEnumerable<Classifier> models) => models
        .Select(model => RunFolder.ReadValidationPaths(Path.GetDirectoryName(model.ModelPath)!)).OfType<IReadOnlySet<string>>();

    private EvaluationImages Choose(LoadedDataset data, EvaluationOptions options, params Classifier[] others)
    {
        foreach (var message in data.Messages)
        {
            options.Messages?.Report(message);
        }

        var chosen = EvaluationImages.Choose(data, _loaded, ReadHeldOut([this, .. others]), options.Limit);
        if (chosen.Split == EvaluationImages.All)
        {
            const string Reason = "the list of those that its training held out (split.csv) is not beside the model file";
            var seen = RunFolder.ReadTrainChecksums(Path.GetDirectoryName(ModelPath)!);
            var copies = chosen.Images.Pixels is FilePixels pixels ? pixels.Rows.Count(row => seen.Contains($"{row.Checksum}")) : 0;
            var said = WasTrainedOn(data.Id)
                ? $"{data.Id}: all photos are taken, those that the model was trained on too: {Reason}."
                : copies == 0 ? null
                : $"{data.Id}: the model was trained on {copies:N0} of the {chosen.Images.Count:N0} photos (same pixels).";
            chosen = chosen with { Remark = said };
        }

        if (chosen.Remark is { } remark)
        {
            options.Messages?.Report(new StatusMessage(remark, IsWarning: true));
        }

        return chosen;
    }

    private static EvaluationResult<T> Result<T>(T figures, EvaluationImages images, string? output) => new()
    {
        Figures = figures,
        Data = images.Source.Id,
        Title = images.Source.Title,
        Split = images.Split,
        Images = images.What,
        Output = output,
    };

    // Where the sheet is belongs to the messages: the result is the figures.
    private static void WriteSheet(EvaluationOptions options, ImageDataset images, IReadOnlyList<ImageDifference> differences)
    {
        if (options.Sheet is { } path)
        {
            const string Legend = "A+ B- are those that only A predicts correctly";
            var text = differences.Count == 0
                ? $"{path}: not written, for there is no image to draw."
                : $"{path}: {DifferenceSheet.WritePng(path, images, differences):N0} of {differences.Count:N0} images; {Legend}.";
            options.Messages?.Report(new StatusMessage(text, IsWarning: true));
        }
    }

    private static void CheckClasses(Classifier first, Classifier second)
    {
        var (expected, found) = (first.Info.ClassNames, second.Info.ClassNames);
        if (!expected.ToHashSet().SetEquals(found))
        {
            var more = found.Except(expected).FirstOrDefault();
            var odd = more is null ? $", without {expected.Except(found).First()}" : $", among them {more}";
            var classes = $"the {expected.Count} classes of {first.ModelPath} ({ClassNameList.Few(expected)})";
            throw new InvalidModelException(second.ModelPath, classes, $"{found.Count}{odd}");
        }
    }

    // A folder of IDX files has numbers for labels, which mean a model's classes by their order.
    private static void CheckOrder(LoadedDataset data, Classifier first, Classifier second)
    {
        if (!data.IsPhotos && !data.IsKnown && !first.Info.ClassNames.SequenceEqual(second.Info.ClassNames))
        {
            throw new InvalidModelException(
                second.ModelPath, $"classes in the order of the other model's, for {data.Id} numbers them", "another order");
        }
    }
}
