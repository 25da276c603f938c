using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Evaluation;

/// <summary>Evaluates generated images by the features of a classifier of the same kind of images.</summary>
/// <remarks>Published figures, such as the Fréchet inception distance, use a network trained on photographs, which sees little in small
/// grey images. A classifier of the very images sees what matters in them, but its figures compare only among themselves.</remarks>
internal static class GeneratorEvaluator
{
    /// <summary>How many generated images, and as many real ones, are compared where no limit is set; time grows with the square.</summary>
    public const int DefaultLimit = 10_000;

    public const int LargestLimit = 50_000;

    private const long Seed = 1;
    private const long Purpose = 0x424F4F54; // "BOOT", apart from the other streams of a seed

    /// <summary>Compares generated images with test images, and both with training images, on which the classifier was trained.</summary>
    /// <remarks>Each comparison has the same number of images on both sides: as many as the smallest of the three sets holds; of a larger
    /// set, a random part is taken. Only the nearest training images are searched among all of them. Progress counts the images the
    /// classifier has seen; the distances follow after the last.</remarks>
    /// <exception cref="InvalidDatasetException">The classifier cannot distinguish most of the test images from training
    /// images.</exception>
    public static GeneratorEvaluation Evaluate(
        ImageClassifier classifier,
        ImageDataset generated,
        ImageDataset train,
        ImageDataset test,
        int resamples = 200,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var seen = 0;
        var (classes, count) = (train.ClassNames, new[] { generated.Count, train.Count, test.Count }.Min());
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        var ofGenerated = Describe(generated, Draw(generated));
        var ofTest = Describe(test, Draw(test));
        var ofTrain = Describe(train, [.. Enumerable.Range(0, train.Count)]);
        var ofSample = ofTrain.Select(Draw(train));
        var generatedDraws = Bootstrap.Draw(count, resamples, new DeterministicRandom(Seed, Purpose, 0));
        var testDraws = Bootstrap.Draw(count, resamples, new DeterministicRandom(Seed, Purpose, 1));

        // What was found of each image is resampled, the balls stay as they are.
        var scores = ManifoldScores.Compute(ofTest.Features, ofGenerated.Features, cancellationToken: cancellationToken);
        var floor = ManifoldScores.Compute(ofTest.Features, ofSample.Features, cancellationToken: cancellationToken);
        var precise = Bootstrap.Means(generatedDraws, scores.BallCounts.Select(balls => balls > 0 ? 1.0 : 0));
        var recalled = Bootstrap.Means(testDraws, scores.Recalled.Select(inside => inside ? 1.0 : 0));
        var dense = Bootstrap.Means(generatedDraws, scores.BallCounts.Select(balls => (double)balls / scores.Neighbours));
        var covered = Bootstrap.Means(testDraws, scores.Covered.Select(inside => inside ? 1.0 : 0));

        var ofClass = nn.functional.one_hot(ofGenerated.Logits.argmax(1), classes.Count).to(ScalarType.Float64); // (N, classes)
        var shares = generatedDraws.matmul(ofClass).div_(count); // (R, classes)
        var predicted = ofGenerated.ClassShares();

        var (generatedDistances, testDistances) = (Nearest(ofGenerated, rank: 1), Nearest(ofTest, rank: 1));
        var sampleDistance = Bootstrap.Median(Nearest(ofSample, rank: 2)); // to the nearest other one
        var (generatedDistance, testDistance) = (Bootstrap.Median(generatedDistances), Bootstrap.Median(testDistances));
        if (testDistance == 0)
        {
            throw new InvalidDatasetException(
                test.Name, "images that the classifier can distinguish from the training images", "more than half that it cannot");
        }

        // A resample whose median is 0, where almost half the test images are copies, must not divide by it.
        var ratios = Bootstrap.Medians(generatedDraws, generatedDistances)
            / Bootstrap.Medians(testDraws, testDistances).clamp_min(testDistance * 1e-6);
        var frechet = FrechetDistance.Between(
            FeatureMoments.Of(ofGenerated.Features, generatedDraws, cancellationToken),
            FeatureMoments.Of(ofTest.Features, testDraws, cancellationToken));
        return new GeneratorEvaluation
        {
            FrechetDistance = Score(
                FrechetDistance.Between(ofGenerated.Features, ofTest.Features),
                FrechetDistance.Between(ofSample.Features, ofTest.Features),
                frechet),
            Precision = Score(scores.Precision, floor.Precision, precise, most: 1),
            Recall = Score(scores.Recall, floor.Recall, recalled, most: 1),
            Density = Score(scores.Density, floor.Density, dense),
            Coverage = Score(scores.Coverage, floor.Coverage, covered, most: 1),
            ClassEntropy = Score(
                Entropy(predicted), Entropy(ofSample.ClassShares()), shares.xlogy(shares).sum(1).neg(), Math.Log(classes.Count)),
            NearestNeighbourRatio = Score(generatedDistance / testDistance, sampleDistance / testDistance, ratios),
            GeneratedDistance = generatedDistance,
            HeldOutDistance = testDistance,
            ClassShares = new OrderedDictionary<string, double>(classes.Zip(predicted, KeyValuePair.Create)),
            GeneratedImages = count,
            ReferenceImages = count,
            TrainingImages = train.Count,
            Duration = TimeSpan.Zero, // what is done around this counts too
            ClassifierHash = ModelHash.Of(classifier),
            ClassifierAccuracy = ClassifierEvaluator.Evaluate(classifier, test, cancellationToken: cancellationToken).Accuracy,
        };

        long[] Draw(ImageDataset data) => Split.Subset(data.Count, count, Seed);

        ClassifierOutputs Describe(ImageDataset data, long[] indices)
        {
            var counter = new SynchronousProgress<int>(done => progress?.Report(seen + done));
            var outputs = ClassifierOutputs.Compute(
                classifier, data, indices, ClassifierEvaluator.DefaultBatchSize, embeds: false, counter, cancellationToken)
                .Finite();
            seen += indices.Length;
            return outputs;
        }

        double[] Nearest(ClassifierOutputs images, int rank) =>
            SquaredDistances.ToNearest(images.Features, ofTrain.Features, rank, cancellationToken).sqrt().data<double>().ToArray();
    }

    // C. E. Shannon, "A Mathematical Theory of Communication", Bell System Technical Journal 27 (1948), section 6; in nats.
    internal static double Entropy(IEnumerable<double> shares) => shares.Where(share => share > 0).Sum(share => share * -Math.Log(share));

    private static ScoredFigure Score(double value, double floor, Tensor resampled, double most = double.PositiveInfinity)
    {
        var (low, high) = Bootstrap.Interval(value, resampled, 0, most);
        return new ScoredFigure(value, low, high, floor);
    }
}
