using System.Diagnostics;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Reporting;
using PhotoMl.Sampling;
using PhotoMl.Training;

namespace PhotoMl;

/// <content>Evaluation.</content>
public sealed partial class Generator
{
    // Good, not best: on MNIST 99.4 % are right. Smoothed labels would draw the features of a class together.
    private static readonly ClassifierTrainingOptions EvaluatorTraining = new() { Epochs = 5, LabelSmoothing = 0 };

    /// <summary>Evaluates the generator: how close its images are to those of a data set, and how diverse.</summary>
    /// <param name="data">A known set, a folder, or a CSV file. Default null: what the model was trained on.</param>
    /// <param name="options">How; its Coverage, BatchSize and Sheet are for classifiers.</param>
    /// <param name="classifier">A classifier of the same data, a file or run folder, whose features are compared. Default null: one is
    /// trained.</param>
    /// <param name="seed">The seed of the images. Default 1.</param>
    /// <param name="progress">Is given how far each step is.</param>
    /// <param name="cancellationToken">Stops after the batches under way.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="PhotoMlException">The data or the classifier does not fit the generator, or the report cannot be
    /// written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public EvaluationResult<GeneratorEvaluation> Evaluate(
        string? data = null, EvaluationOptions? options = null, string? classifier = null, long seed = 1,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        options = Classifier.Like(Info.Training, data, options ?? new EvaluationOptions());
        const int Fewest = ManifoldScores.DefaultNeighbours + 1;
        var limit = options.Limit ?? GeneratorEvaluator.DefaultLimit;
        if (limit is < Fewest or > GeneratorEvaluator.LargestLimit)
        {
            throw new ArgumentException(
                $"{nameof(options.Limit)}: expected {Fewest} to {GeneratorEvaluator.LargestLimit} with a generator, but got {limit}",
                nameof(options));
        }

        var network = Info.Network;
        var name = data ?? Classifier.DataOf(Info.Training, ModelPath, options.Loading.Catalog);
        var classifierPath = classifier is null ? null : RunFolder.ModelPathOf(classifier);
        var report = options.Report is null ? null : Path.Combine(options.Report, ReportFolder.PageName);
        var loading = new GeneratorRunOptions { Loading = options.Loading, Messages = options.Messages };
        using var images = RunData.Load(name, report, [ModelPath, classifierPath], seed: 1, loading, cancellationToken);
        ReportFolder.Prepare(options.Report, () => []); // which is apart from all that is read, as was checked above
        images.ConvertTo(network.Channels, network.Height, network.Width);
        var test = Check(images, Fewest);
        if (network.Classes > 0 || classifierPath is null)
        {
            // The accuracy score trains one, at the end; so does the evaluation where none is given.
            images.CheckTrainable(ClassifierArchitecture.Convnet);
        }

        using var given = classifierPath is null ? null : images.LoadClassifier(classifierPath);
        using var trained = given is not null
            ? null
            : Train(images.Train, EvaluatorTraining, Steps(progress, "training the classifier that evaluates"), cancellationToken);
        var evaluator = given?.Model ?? trained!;
        evaluator.Precision = Precision.Float32;
        var count = Math.Min(limit, Math.Min(test.Count, images.Train.Count));
        using var generated = GeneratedDataset.Create(
            _loaded, new SampleOptions { Seed = seed, Count = count }, Counter(progress, "making images", count), cancellationToken);
        var counter = Counter(progress, "evaluating images", total: null);
        var figures = GeneratorEvaluator.Evaluate(
            evaluator, generated, images.Train, test, progress: counter, cancellationToken: cancellationToken);
        var result = figures with
        {
            AccuracyScore = network.Classes > 0 ? MeasureAccuracyScore(images.Train, test, seed, progress, cancellationToken) : null,
            Classifier = classifier,
            Duration = clock.Elapsed,
        };
        return new EvaluationResult<GeneratorEvaluation>
        {
            Figures = result,
            Data = images.Id,
            Title = images.Title,
            Split = "test",
            Images = "test images",
            Output = options.Report is null
                ? null
                : GeneratorReportPage.Write(options.Report, ModelPath, _loaded, images.Title, result, seed),
        };
    }

    private ImageDataset Check(RunData images, int fewest)
    {
        if (Info.Network.Classes > 0 && !Info.ClassNames.SequenceEqual(images.Train.ClassNames))
        {
            var (expected, found) = (Info.ClassNames, images.Train.ClassNames);
            throw new InvalidDatasetException(
                images.Id,
                $"the generator's {expected.Count} classes ({ClassNameList.Few(expected)})",
                $"{found.Count} ({ClassNameList.Few(found)})");
        }

        var test = images.Test ?? throw new InvalidDatasetException(images.Id, "test images", "none");
        return Math.Min(images.Train.Count, test.Count) >= fewest
            ? test
            : throw new InvalidDatasetException(
                images.Id, $"at least {fewest} training and as many test images", $"{images.Train.Count} and {test.Count}");
    }

    // As many images as the real classifier would see, none of them among those evaluated.
    private ClassificationReport MeasureAccuracyScore(
        ImageDataset train, ImageDataset test, long seed, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var sample = new SampleOptions { Seed = new DeterministicRandom(seed, 1).NextSeed(), Count = train.Count };
        using var generated = GeneratedDataset.Create(_loaded, sample, cancellationToken: cancellationToken);
        var steps = Steps(progress, "training a classifier on generated images");
        return MeasureAccuracyScore(generated, test, new ClassifierTrainingOptions(), steps, cancellationToken);
    }

    /// <summary>Trains a classifier on generated images and evaluates it on real ones; see
    /// <see cref="GeneratorEvaluation.AccuracyScore"/>.</summary>
    internal static ClassificationReport MeasureAccuracyScore(
        ImageDataset generated, ImageDataset test, ClassifierTrainingOptions options, IProgress<ClassifierProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var model = Train(generated, options, progress, cancellationToken);
        return ClassifierEvaluator.Evaluate(model, test, cancellationToken: cancellationToken);
    }

    private static ImageClassifier Train(
        ImageDataset data, ClassifierTrainingOptions options, IProgress<ClassifierProgress>? progress,
        CancellationToken cancellationToken) =>
        Owned.Open(owned =>
        {
            var model = owned.Add(ImageClassifier.Create(ClassifierOptions.For(data), options.Seed));
            using var trainer = new ClassifierTrainer(model, options);
            trainer.Fit(data, progress: progress, cancellationToken: cancellationToken);
            return model;
        });

    // The report of a part of the work that counts images.
    internal static SynchronousProgress<int>? Counter(IProgress<WorkProgress>? progress, string activity, long? total) => progress is null
        ? null
        : new SynchronousProgress<int>(done => progress.Report(new WorkProgress { Activity = activity, Done = done, Total = total }));

    private static SynchronousProgress<ClassifierProgress>? Steps(IProgress<WorkProgress>? progress, string activity) => progress is null
        ? null
        : new SynchronousProgress<ClassifierProgress>(training => progress.Report(new WorkProgress
        {
            Activity = $"{activity}, epoch {training.Epoch} of {training.Epochs}",
            Done = training.Step,
            Total = training.StepsPerEpoch,
        }));
}
