using PhotoMl.Models;

namespace PhotoMl.Evaluation;

/// <summary>The prediction sets of a coverage: the classes an image may be of, with the true one among them that often.</summary>
/// <remarks>The promise is that of <see cref="ConformalRanks"/>, for images drawn like the validation images, in the mean over all of them.
/// It is not exact, since the validation images also chose the best epoch, and says nothing of an image of no class: that the set of such
/// an image is mostly empty comes from the measures chosen.</remarks>
internal sealed class ConformalSets(ConformalReference reference, double coverage)
{
    /// <summary>The most classes of a short list, 5; a longer set, or one of all classes, is no answer.</summary>
    public const int LongestList = 5;

    // Most of the misses that a coverage allows are left to the distance: few of them suffice for the other to sort out the classes.
    private static readonly int[] Weights = [4, 1];

    private readonly ConformalRanks _ranks = new(reference.Scores.data<float>().ToArray(), Weights, coverage);

    public double Coverage => coverage;

    /// <summary>Whether a set says too little: it is empty, longer than a short list, or of all classes.</summary>
    public static bool IsUnsure(int count, int classes) => count == 0 || count > LongestList || count >= classes;

    /// <summary>How strange images look as one of each class, (N, classes, 2), by two measures.</summary>
    /// <remarks>-log p of the class, as in M. Sadinle, J. Lei, L. Wasserman, "Least Ambiguous Set-Valued Classifiers With Bounded Error
    /// Levels", JASA 2019, which separates the classes; and the squared distance of the embedding to the nearest prototype of the class,
    /// which also shows what is of no class at all (Y. Sun et al., "Out-of-Distribution Detection with Deep Nearest Neighbors", ICML 2022,
    /// with means of neighbours in place of the training images themselves).</remarks>
    public static Tensor Score(Tensor logits, Tensor embeddings, Tensor prototypes)
    {
        using var scope = NewDisposeScope();
        var points = prototypes.to(ScalarType.Float32).flatten(0, 1); // (classes x P, D)
        var products = embeddings.mm(points.t()); // (N, classes x P)
        var distances = (embeddings.square().sum(1, keepdim: true) + points.square().sum(1) - (2 * products)).clamp(min: 0);
        var nearest = distances.view(logits.shape[0], prototypes.shape[0], prototypes.shape[1]).amin([2]); // (N, classes)
        return stack([logits.to(ScalarType.Float64).log_softmax(1).neg().to(ScalarType.Float32), nearest], 2).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the set of each image.</summary>
    public IReadOnlyList<int[]> Compute(Tensor logits, Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        var (classes, measures) = ((int)logits.shape[1], Weights.Length);
        var scores = Score(logits, embeddings, reference.Prototypes).data<float>().ToArray();
        return [.. Enumerable.Range(0, (int)logits.shape[0]).Select(image => Enumerable.Range(0, classes)
            .Where(label => _ranks.Includes(scores.AsSpan(((image * classes) + label) * measures, measures)))
            .ToArray())];
    }
}
