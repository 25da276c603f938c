using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Quality;
using PhotoMl.Reporting;
using PhotoMl.Training;

namespace PhotoMl;

/// <content>Cross-validation, and the check of labels by it.</content>
public sealed partial class ClassifierRun
{
    // In photos of this size a network recognizes most kinds of things, in half of the time that the usual ones take.
    private const int LabelCheckSize = 96;

    /// <summary>Trains K times, each time without one part of the images, which then evaluates the classifier.</summary>
    /// <param name="data">As for <see cref="Start"/>; a data set's own validation and test images are left out.</param>
    /// <param name="folds">How many parts, at least 2.</param>
    /// <param name="folder">Where the runs are written; what was done there already is taken over. Null for a folder below <c>runs</c> that
    /// does not exist yet.</param>
    /// <param name="options">What is trained on and how.</param>
    /// <param name="foldProgress">Is given the figures of each fold.</param>
    /// <param name="progress">Is given every step and epoch.</param>
    /// <param name="cancellationToken">Stops after the step under way, with a checkpoint written.</param>
    /// <returns>The figures of all folds.</returns>
    /// <exception cref="ArgumentException">The options contradict each other or the data.</exception>
    /// <exception cref="PhotoMlException">The data or the folder are not what is needed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static CrossValidationResult CrossValidate(
        string data,
        int folds,
        string? folder = null,
        ClassifierRunOptions? options = null,
        IProgress<ClassificationReport>? foldProgress = null,
        IProgress<ClassifierProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new ClassifierRunOptions();
        using var owned = new Owned();
        var (images, network, training, dealt, groups) = PrepareFolds(owned, data, folds, folder, options, cancellationToken);
        folder ??= RunData.NextFolder(Command, images.Id);
        options.Messages?.Report(new StatusMessage($"The runs of the folds are written to {folder}", IsWarning: false));
        var sizes = ClassifierOptions.For(images.Train, network);
        return CrossValidation.Run(
            images.Train, dealt, sizes, training, folder, progress, images.Id, (report, _, _) => foldProgress?.Report(report),
            groups, cancellationToken) with
        {
            Data = images.Id,
            Network = network,
            Folder = folder,
        };
    }

    /// <summary>Finds the labels that are probably wrong, by networks that did not see the images: each trained without one part of them,
    /// which it then predicts. The doubtful ones are ranked by the other networks too, which were trained on the image.</summary>
    /// <param name="data">As for <see cref="Start"/>; of photos all splits are checked, of others the training images.</param>
    /// <param name="folds">How many parts, at least 2. Default 4.</param>
    /// <param name="folder">Where the runs are written, below it as <c>NETWORK/fold-K</c>; those that are there already go on, and others
    /// than of these images and options are refused. Default null: nothing is kept.</param>
    /// <param name="options">What is trained on, all of it, and how. By default as many epochs as see 100,000 images, but at least a third
    /// of those of a usual training and at most ten times as many; photos are read at 96 pixels. Color images of 64 pixels and more
    /// are predicted by both networks, by the small one at 96 pixels at most, and by the geometric mean of their probabilities; a network
    /// that is given is the only one.</param>
    /// <param name="report">The folder that a page is written into. Default null: none.</param>
    /// <param name="progress">Is given every step and epoch.</param>
    /// <param name="cancellationToken">Stops after the step under way, with a checkpoint written where there is a folder.</param>
    /// <returns>The doubtful labels, and an estimate of how many are wrong. Those of a class of which all images are in one part, as of a
    /// single image, are not checked, and that is reported.</returns>
    /// <exception cref="ArgumentException">The options contradict each other or the data.</exception>
    /// <exception cref="PhotoMlException">The data or the folder are not what is needed, or the page cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LabelCheckReport CheckLabels(
        string data,
        int folds = 4,
        string? folder = null,
        ClassifierRunOptions? options = null,
        string? report = null,
        IProgress<ClassifierProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new ClassifierRunOptions();
        var messages = options.Messages; // those of loading say how photos are divided, which does not count here
        var loading = options.Loading with { IgnoresSplits = true };
        var isPhotos = DatasetLoader.IsPhotos(data, loading.Catalog);
        options = options with
        {
            ChecksLabels = true,
            Messages = null,
            Loading = isPhotos ? loading with { ImageSize = loading.ImageSize ?? LabelCheckSize } : loading,
        };
        ReportFolder.Prepare(report, () => DatasetLoader.InputsOf(data, loading));
        using var owned = new Owned();
        var (images, network, training, dealt, groups) = PrepareFolds(owned, data, folds, folder, options, cancellationToken);
        var labels = images.Train.Labels.data<long>().ToArray();
        var unlearned = dealt.SelectMany(part => labels.Except(part.Train.Select(image => labels[image]))).ToHashSet();
        var names = images.Train.ClassNames;
        var notChecked = ClassNameList.Describe(
            unlearned.Select(label => names[(int)label]), names.Count, "all images in one part", "not checked");
        Warn(options with { Messages = messages }, images.Warnings.Append(notChecked).OfType<string>());

        // Two networks that err in different photos find more wrong labels than one (tests/acceptance/README.md); the small one first, so
        // that a folder of other runs is refused within minutes.
        var inputs = new List<(ClassifierArchitecture Network, ImageDataset Images)> { (network, images.Train) };
        if (options.Network is null && network == ClassifierArchitecture.ResNet18)
        {
            // The small one has weights for each place of the image: of large ones too many to learn.
            var isLarge = Math.Max(images.Train.Height, images.Train.Width) > LabelCheckSize;
            inputs.Insert(0, (ClassifierArchitecture.Convnet, isLarge
                ? owned.Add(images.Train.ConvertTo(images.Train.Channels, LabelCheckSize, LabelCheckSize)) : images.Train));
        }

        var trainings = inputs.ConvertAll(input => TrainingFor(images, input.Network, options) with { Seed = training.Seed });
        if (trainings is [{ PhotoAugmentation: { } photo }, _])
        {
            // The sizes that are asked for are the larger network's; the small one takes one size only.
            trainings[0] = trainings[0] with { PhotoAugmentation = photo with { TrainImageSize = null, FirstImageSize = null } };
        }

        foreach (var ((each, photos), settings) in inputs.Zip(trainings))
        {
            CheckNetwork(each, photos, settings);
        }

        var networks = string.Join(" and ", inputs.Select(input => ClassifierOptions.NameOf(input.Network)));
        var plan = $"{inputs.Count * folds} trainings: {networks}, each without one of {folds} parts of the images.";
        messages?.Report(new StatusMessage(plan, IsWarning: false));
        MeanProbabilities NewMean() => new(images.Train.Count, names.Count);
        var (heldOut, trained) = (NewMean(), NewMean());
        foreach (var ((each, photos), settings) in inputs.Zip(trainings))
        {
            var fold = 0;
            CrossValidation.Run(
                photos, dealt, ClassifierOptions.For(photos, each), settings,
                folder is null ? null : Path.Combine(folder, ClassifierOptions.NameOf(each)), progress, images.Id,
                (evaluated, model, split) =>
                {
                    var of = $"{model.Options.Name} at {photos.Height}x{photos.Width}, fold {++fold}/{folds}";
                    var text = $"{of}: {evaluated.Accuracy:P1} predicted as they are labeled";
                    messages?.Report(new StatusMessage(text, IsWarning: false));
                    var counter = Generator.Counter(loading.Progress, "evaluating images", photos.Count);
                    var predicted = ClassifierEvaluator.Probabilities(model, photos, temperature: 1, counter, cancellationToken);
                    Array.ForEach(split.Validation, image => heldOut.Add(image, predicted[image]));
                    Array.ForEach(split.Train, image => trained.Add(image, predicted[image]));
                },
                groups, cancellationToken);
        }

        var source = images.IsPhotos ? images.Id : null;
        var found = new LabelCheckReport(images.Train, source, heldOut.Compute(), unlearned, trained.Compute());
        return LabelReportPage.Write(report, images.Title, found);
    }

    private static (RunData, ClassifierArchitecture, ClassifierTrainingOptions, Split[], int[]) PrepareFolds(
        Owned owned, string data, int folds, string? folder, ClassifierRunOptions options, CancellationToken cancellationToken)
    {
        var given = options.Weights is not null ? nameof(options.Weights) : options.Unlabeled is not null ? nameof(options.Unlabeled)
            : options.LabelsPerClass is not null ? nameof(options.LabelsPerClass) : null;
        if (given is not null || (options.ChecksLabels && options.Limit is not null))
        {
            var reason = given is null ? "where all labels are checked" : "with folds, each trained from random weights on labels";
            throw new ArgumentException($"{given ?? nameof(options.Limit)}: expected none {reason}", nameof(options));
        }

        var (images, network, training, report) = Prepare(owned, data, folder, options, cancellationToken, mayDivide: true);
        var groupOf = GroupOf(report, options);
        var labels = images.Train.Labels.data<long>().ToArray();
        int[] groups = groupOf is not null ? images.GroupsOf(groupOf) : images.IsPhotos ? [] : images.Train.GroupsOfCopies();
        var parts = groups.Length == 0 ? labels.Length : groups.Distinct().Count();
        var dealt = folds <= parts
            ? Split.Folds(labels, folds, training.Seed, groups)
            : throw new InvalidDatasetException(images.Id, $"at least {folds} images unlike each other for {folds} folds", $"{parts}");
        Warn(options, images.DescribeSmallClasses(training, isHeldOut: false, folds));
        return (images, network, training, dealt, groups);
    }
}
