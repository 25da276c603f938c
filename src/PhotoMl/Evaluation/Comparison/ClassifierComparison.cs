namespace PhotoMl.Evaluation;

/// <summary>What two classifiers are worth on the same images.</summary>
/// <param name="First">What the first is worth by itself.</param>
/// <param name="Second">What the second is worth by itself.</param>
/// <param name="Counts">How often they are right about the same images.</param>
/// <param name="Differences">The images that they take for different things, in the order of the images.</param>
public sealed record ClassifierComparison(
    ClassificationReport First, ClassificationReport Second, PairedCounts Counts, IReadOnlyList<ImageDifference> Differences);
