using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>The figures of one evaluation, each with its interval and floor.</summary>
internal sealed class GeneratorFigures(
    ClassifierOutputs generated, ClassifierOutputs reference, ClassifierOutputs sample, Tensor generatedDraws, Tensor referenceDraws, CancellationToken cancellationToken)
{
    public ScoredFigure ScoreDistance()
    {
        using var scope = NewDisposeScope();
        var resampled = FrechetDistance.Between(
            FeatureMoments.Of(generated.Features, generatedDraws, cancellationToken), FeatureMoments.Of(reference.Features, referenceDraws, cancellationToken));
        var value = FrechetDistance.Between(generated.Features, reference.Features);
        return Score(value, FrechetDistance.Between(sample.Features, reference.Features), resampled, double.PositiveInfinity);
    }

    /// <summary>Computes precision, recall, density and coverage; what was found of each image is resampled, the balls stay as they are.</summary>
    public (ScoredFigure Precision, ScoredFigure Recall, ScoredFigure Density, ScoredFigure Coverage) ScoreManifolds(int neighbours)
    {
        using var scope = NewDisposeScope();
        var scores = ManifoldScores.Compute(reference.Features, generated.Features, neighbours, cancellationToken);
        var floor = ManifoldScores.Compute(reference.Features, sample.Features, neighbours, cancellationToken);
        var precise = Bootstrap.Means(generatedDraws, scores.BallCounts.Select(count => count > 0 ? 1.0 : 0));
        var recalled = Bootstrap.Means(referenceDraws, scores.Recalled.Select(inside => inside ? 1.0 : 0));
        var dense = Bootstrap.Means(generatedDraws, scores.BallCounts.Select(count => (double)count / neighbours));
        var covered = Bootstrap.Means(referenceDraws, scores.Covered.Select(covered => covered ? 1.0 : 0));
        return (
            Score(scores.Precision, floor.Precision, precise, 1),
            Score(scores.Recall, floor.Recall, recalled, 1),
            Score(scores.Density, floor.Density, dense, double.PositiveInfinity),
            Score(scores.Coverage, floor.Coverage, covered, 1));
    }

    public ScoredFigure ScoreEntropy(int classes)
    {
        using var scope = NewDisposeScope();
        var ofClass = nn.functional.one_hot(generated.Logits.argmax(1), classes).to(ScalarType.Float64); // (N, classes)
        var shares = generatedDraws.matmul(ofClass).div_(generatedDraws.shape[1]); // (R, classes)
        var value = Entropy(generated.CountPredictions());
        return Score(value, Entropy(sample.CountPredictions()), shares.xlogy(shares).sum(1).neg(), Math.Log(classes));
    }

    /// <summary>Computes how near the generated images lie to training images, beside held-out ones; the distances of both are resampled.</summary>
    public (ScoredFigure Ratio, double Generated, double HeldOut) ScoreNearness(ClassifierOutputs train)
    {
        using var scope = NewDisposeScope();
        var ofGenerated = NearestNeighbours.Distances(generated.Features, train.Features, cancellationToken);
        var ofReference = NearestNeighbours.Distances(reference.Features, train.Features, cancellationToken);
        var ofSample = NearestNeighbours.DistancesToOthers(sample.Features, train.Features, cancellationToken);
        var (median, heldOut) = (Bootstrap.Median(ofGenerated), Bootstrap.Median(ofReference));
        if (heldOut == 0)
        {
            throw new ArgumentException("Expected test images that the classifier can distinguish from the training images but got more than half that it cannot.");
        }

        // A resample whose median is 0, where almost half the test images are copies, must not divide by it.
        var resampled = Bootstrap.Medians(generatedDraws, ofGenerated) / Bootstrap.Medians(referenceDraws, ofReference).clamp_min(heldOut * 1e-6);
        return (Score(median / heldOut, Bootstrap.Median(ofSample) / heldOut, resampled, double.PositiveInfinity), median, heldOut);
    }

    // C. E. Shannon, "A Mathematical Theory of Communication", Bell System Technical Journal 27 (1948), section 6; in nats.
    internal static double Entropy(long[] counts)
    {
        var total = (double)counts.Sum();
        return counts.Where(count => count > 0).Sum(count => count / total * -Math.Log(count / total));
    }

    private static ScoredFigure Score(double value, double floor, Tensor resampled, double most)
    {
        var (low, high) = Bootstrap.Interval(value, resampled, 0, most);
        return new ScoredFigure(value, low, high, floor);
    }
}
