using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>How near images lie to the nearest of a set, such as generated images to the training images.</summary>
/// <remarks>
/// A generator that has learned what the images have in common makes images about as near to the training images as held-out real
/// ones are; one that has memorised the images makes nearer ones. Compare medians: a few far images do not move them.
/// </remarks>
internal static class NearestNeighbours
{
    public static double[] Distances(Tensor features, Tensor references, CancellationToken cancellationToken = default) =>
        Distances(features, references, rank: 1, cancellationToken);

    /// <summary>Computes the distance of images that are in a set themselves to the nearest other image of it.</summary>
    public static double[] DistancesToOthers(Tensor members, Tensor references, CancellationToken cancellationToken = default) =>
        Distances(members, references, rank: 2, cancellationToken);

    private static double[] Distances(Tensor features, Tensor references, int rank, CancellationToken cancellationToken)
    {
        FeatureCheck.Pair(features, nameof(features), references, nameof(references), leastPoints: 1);
        if (references.shape[0] < rank)
        {
            throw new ArgumentException($"Expected features of at least {rank} images but got {references.shape[0]}.", nameof(references));
        }

        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        return SquaredDistances.ToNearest(features, references, rank, cancellationToken).sqrt().data<double>().ToArray();
    }
}
