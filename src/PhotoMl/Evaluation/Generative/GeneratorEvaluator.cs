using System.Diagnostics;
using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>Evaluates generated images by the features of a classifier of the same kind of images.</summary>
/// <remarks>
/// Published figures, such as the Fréchet inception distance, use a network trained on photographs, which sees little in small grey images.
/// A classifier of the very images sees what matters in them, but its figures compare only among themselves.
/// </remarks>
internal static class GeneratorEvaluator
{
    private const long Purpose = 0x424F4F54; // "BOOT", apart from the other streams of a seed

    /// <summary>Compares generated images with test images, and both with training images.</summary>
    /// <param name="classifier">The classifier, trained on <paramref name="train"/>; it is put into evaluation mode and float32, and back.</param>
    /// <param name="generated">The images to be evaluated; their labels are not looked at.</param>
    /// <param name="train">The images the generator was trained on, all of them.</param>
    /// <param name="test">Real images the generator was not trained on.</param>
    /// <param name="options">How they are evaluated.</param>
    /// <param name="progress">Is given the number of images the classifier has seen after each batch; the distances follow after the last.</param>
    /// <param name="cancellationToken">Stops within a second or so.</param>
    /// <returns>The figures.</returns>
    /// <remarks>
    /// Each comparison has the same number of images on both sides: as many as the smallest of the three sets holds, and at most
    /// <see cref="GeneratorEvaluationOptions.MostImages"/>; of a larger set, a random part is taken. Only the nearest training images are looked for
    /// among all of them. No more than a few rows of any matrix of distances are in memory at once.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// Images do not fit the classifier, there are no more than <see cref="GeneratorEvaluationOptions.Neighbours"/> of a kind, or the classifier
    /// cannot distinguish most of the test images from training images.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static GeneratorEvaluation Evaluate(
        ImageClassifier classifier, ImageDataset generated, ImageDataset train, ImageDataset test,
        GeneratorEvaluationOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        options ??= new GeneratorEvaluationOptions();
        if (options.MostImages <= options.Neighbours)
        {
            throw new ArgumentException($"Expected more than {options.Neighbours} images, the neighbour looked for, but got at most {options.MostImages}.", nameof(options));
        }

        CheckImages(classifier.Options, generated, nameof(generated), options.Neighbours);
        CheckImages(classifier.Options, train, nameof(train), options.Neighbours);
        CheckImages(classifier.Options, test, nameof(test), options.Neighbours);
        if (train.ClassNames.Count != classifier.Options.Classes)
        {
            throw new ArgumentException($"Expected images of {classifier.Options.Classes} classes but got {train.ClassNames.Count}.", nameof(train));
        }

        var clock = Stopwatch.StartNew();
        var seen = 0;
        var count = Math.Min(Math.Min(generated.Count, options.MostImages), Math.Min(train.Count, test.Count));
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        var ofGenerated = Describe(generated, Take(generated));
        var ofTest = Describe(test, Take(test));
        var ofTrain = Describe(train, [.. Enumerable.Range(0, train.Count)]);
        var ofSample = ofTrain.Select(Take(train));

        var generatedDraws = Bootstrap.Draw(count, options.Resamples, new DeterministicRandom(options.Seed, Purpose, 0));
        var testDraws = Bootstrap.Draw(count, options.Resamples, new DeterministicRandom(options.Seed, Purpose, 1));
        var figures = new GeneratorFigures(ofGenerated, ofTest, ofSample, generatedDraws, testDraws, cancellationToken);
        var (precision, recall, density, coverage) = figures.ScoreManifolds(options.Neighbours);
        var (ratio, generatedDistance, heldOutDistance) = figures.ScoreNearness(ofTrain);
        return new GeneratorEvaluation
        {
            FrechetDistance = figures.ScoreDistance(),
            Precision = precision,
            Recall = recall,
            Density = density,
            Coverage = coverage,
            ClassEntropy = figures.ScoreEntropy(train.ClassNames.Count),
            NearestNeighbourRatio = ratio,
            GeneratedDistance = generatedDistance,
            HeldOutDistance = heldOutDistance,
            ClassShares = new OrderedDictionary<string, double>(
                train.ClassNames.Zip(ofGenerated.CountPredictions(), (name, images) => KeyValuePair.Create(name, (double)images / count))),
            GeneratedImages = count,
            ReferenceImages = count,
            TrainingImages = train.Count,
            Duration = clock.Elapsed,
            ClassifierHash = ModelHash.Of(classifier),
            ClassifierAccuracy = ClassifierEvaluator.Evaluate(classifier, test, cancellationToken: cancellationToken).Accuracy,
        };

        long[] Take(ImageDataset data) => Split.Subset(data.Count, count, options.Seed);

        ClassifierOutputs Describe(ImageDataset data, long[] indices) =>
            ClassifierOutputs.Compute(classifier, data, indices, options.BatchSize, embeds: false, images => progress?.Report(seen += images), cancellationToken);
    }

    private static void CheckImages(ClassifierOptions network, ImageDataset data, string name, int neighbours)
    {
        ArgumentNullException.ThrowIfNull(data, name);
        if (data.Channels != network.Channels || data.Height != network.Height || data.Width != network.Width)
        {
            throw new ArgumentException(
                $"Expected images of {network.Channels} x {network.Height} x {network.Width} but got {data.Channels} x {data.Height} x {data.Width}.", name);
        }

        if (data.Count <= neighbours)
        {
            throw new ArgumentException($"Expected more than {neighbours} images, the neighbour looked for, but got {data.Count}.", name);
        }
    }
}
