using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>How strange images look as one of each class.</summary>
/// <remarks>
/// By two measures: -log p of the class, as in M. Sadinle, J. Lei, L. Wasserman, "Least Ambiguous Set-Valued Classifiers With Bounded Error Levels", JASA 2019, which separates the classes
/// apart; and the squared distance of the embedding to the nearest prototype of the class, which also shows what is of no class at all (Y. Sun et al., "Out-of-Distribution Detection with
/// Deep Nearest Neighbors", ICML 2022, with means of neighbours in place of the training images themselves).
/// </remarks>
internal static class ConformalScores
{
    /// <summary>
    /// The weight of each measure: most of the misses that a coverage allows are left to the distance, since few of them suffice for the other to sort out the classes.
    /// </summary>
    public static IReadOnlyList<int> Weights { get; } = [4, 1];

    public static Tensor Compute(Tensor logits, Tensor embeddings, Tensor prototypes)
    {
        using var scope = NewDisposeScope();
        var points = prototypes.to(ScalarType.Float32).flatten(0, 1); // (classes x P, D)
        var products = embeddings.mm(points.t()); // (N, classes x P)
        var distances = (embeddings.square().sum(1, keepdim: true) + points.square().sum(1) - (2 * products)).clamp(min: 0);
        var nearest = distances.view(logits.shape[0], prototypes.shape[0], prototypes.shape[1]).amin([2]); // (N, classes)
        return stack([logits.to(ScalarType.Float64).log_softmax(1).neg().to(ScalarType.Float32), nearest], 2).MoveToOuterDisposeScope();
    }
}
