using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Sampling;

namespace PhotoMl.Training;

/// <summary>Checks a generator's pictures after each epoch: are they still different from each other, and of all classes?</summary>
internal sealed class GeneratorWatch(ImageDataset data, ImageClassifier? classifier, long seed)
{
    // Where pictures lie this much closer together than real ones, many are the same one.
    private const double CollapsedDiversity = 0.3;

    // Of ten classes with equal shares, half the entropy is left when about three of them are.
    private const double CollapsedEntropyShare = 0.5;
    private const double MissingShare = 0.1;
    private const int MostPictures = 1000;
    private const int BatchSize = 250;

    private readonly double[] _classShares = [.. data.ClassCounts.Select(count => (double)count / data.Count)];
    private readonly int _pictures = Math.Min(MostPictures, data.Count);
    private readonly long _seed = new DeterministicRandom(seed, (long)RandomStream.Watch).NextSeed();
    private double? _realDistance;

    public GeneratorHealth Check(DcganGenerator generator, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        var pictures = new SampleOptions { Seed = _seed, Count = _pictures };
        var pixels = GeneratorSampler.Sample(generator, pictures, cancellationToken: cancellationToken);
        var realDistance = _realDistance ??= NearestDistance(data.Take(Split.Subset(data.Count, _pictures, _seed)));
        var diversity = realDistance > 0 ? NearestDistance(pixels) / realDistance : 1;
        var shares = classifier is null ? null : Predict(classifier, pixels, cancellationToken);
        double? entropy = shares is null ? null : GeneratorEvaluator.Entropy(shares);
        string[] missing =
            shares is null ? [] : [.. data.ClassNames.Where((_, label) => shares[label] < MissingShare * _classShares[label])];
        var fewClasses = entropy < CollapsedEntropyShare * GeneratorEvaluator.Entropy(_classShares);
        var isCollapsed = !double.IsFinite(diversity) || diversity < CollapsedDiversity || fewClasses;
        return new GeneratorHealth(diversity, entropy, missing, isCollapsed, Describe(diversity, missing, isCollapsed));
    }

    private static string? Describe(double diversity, string[] missing, bool isCollapsed)
    {
        var classes = missing.Length == 0 ? null : $"hardly any picture of {ClassNameList.Few(missing, 5)}";
        var with = classes is null ? "" : $", with {classes}";
        return isCollapsed
            ? $"the generator has collapsed: its pictures differ {diversity:P0} as much as real ones do{with}; "
                + "try a lower learning rate, another loss such as hinge or wgan-gp, label smoothing, or a larger batch"
            : classes is null ? null : $"the generator makes {classes}";
    }

    // The mean distance of a picture from the most similar other one, in pixel values.
    private static double NearestDistance(Tensor pixels)
    {
        if (pixels.shape[0] < 2)
        {
            return 0;
        }

        using var scope = NewDisposeScope();
        var points = pixels.to(ScalarType.Float32).flatten(1); // (N, C * H * W)
        var squares = points.square().sum([1L]); // (N)
        var distances = squares.unsqueeze(1).add(squares.unsqueeze(0)).add(points.matmul(points.t()), alpha: -2).clamp_(0); // (N, N)
        distances.diagonal().fill_(float.PositiveInfinity);
        return distances.amin([1L]).sqrt().mean().item<float>();
    }

    private double[] Predict(ImageClassifier network, Tensor pixels, CancellationToken cancellationToken)
    {
        var count = (int)pixels.shape[0];
        using var images = new ImageDataset("pictures", pixels.alias(), zeros(count, ScalarType.Int64), data.ClassNames);
        long[] all = [.. Enumerable.Range(0, count)];
        var outputs = ClassifierOutputs.Compute(network, images, all, BatchSize, embeds: false, progress: null, cancellationToken);
        return outputs.ClassShares();
    }
}

/// <summary>What a check of a generator's pictures found; the figures are those of <see cref="GanEpochReport"/>.</summary>
internal sealed record GeneratorHealth(
    double Diversity, double? ClassEntropy, IReadOnlyList<string> MissingClasses, bool IsCollapsed, string? Message);
