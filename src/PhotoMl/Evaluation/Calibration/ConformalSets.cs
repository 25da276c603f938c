using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>The prediction sets of a coverage: the classes an image may be of, with the true one among them that often.</summary>
/// <remarks>
/// The promise is that of <see cref="ConformalRanks"/>, for images drawn like the validation images, in the mean over all of them. It is not exact, since the validation images also chose
/// the best epoch, and says nothing of an image of no class: that the set of such an image is mostly empty comes from the measures chosen, see <see cref="ConformalReference"/>.
/// </remarks>
internal sealed class ConformalSets
{
    /// <summary>The most classes of a short list, 5; a longer set, or one of all classes, is no answer.</summary>
    public const int LongestList = 5;

    private readonly ConformalReference _reference;
    private readonly ConformalRanks _ranks;
    private readonly int _classes;

    public ConformalSets(ConformalReference reference, double coverage)
    {
        _reference = reference;
        _classes = (int)reference.Prototypes.shape[0];
        Coverage = coverage;
        var scores = reference.Scores.data<float>().ToArray();
        _ranks = new ConformalRanks(
            [.. Enumerable.Range(0, ConformalReference.Measures).Select(measure => Enumerable.Range(0, reference.Images).Select(image => scores[(image * ConformalReference.Measures) + measure]).ToArray())],
            ConformalScores.Weights,
            coverage);
    }

    public double Coverage { get; }

    public static ConformalSets Of(LoadedClassifier classifier, double coverage)
    {
        return new ConformalSets(
            classifier.Conformal ?? throw new ArgumentException("Expected a classifier that was calibrated at the end of its training but got one that was not.", nameof(classifier)), coverage);
    }

    /// <summary>Whether a set says too little: it is empty, longer than a short list, or of all classes.</summary>
    public static bool IsUnsure(int count, int classes) => count == 0 || count > LongestList || count >= classes;

    internal IReadOnlyList<int[]> Compute(Tensor logits, Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        var scores = ConformalScores.Compute(logits, embeddings, _reference.Prototypes).data<float>().ToArray();
        return [.. Enumerable.Range(0, (int)logits.shape[0]).Select(image => Enumerable.Range(0, _classes)
            .Where(label => _ranks.Includes(scores.AsSpan(((image * _classes) + label) * ConformalReference.Measures, ConformalReference.Measures)))
            .ToArray())];
    }
}
