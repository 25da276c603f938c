namespace PhotoMl.Evaluation;

/// <summary>What the sets of a coverage are worth on labelled images.</summary>
/// <param name="Wished">The coverage wished for, between 0 and 1.</param>
/// <param name="Images">The number of images.</param>
/// <param name="Covered">How many have their class in their set.</param>
/// <param name="SetSizes">The sum of the sizes of all sets.</param>
/// <param name="Single">How many have a set of one class.</param>
/// <param name="SingleCorrect">How many of these have their class in it.</param>
/// <param name="Lists">How many have a short list: 2 to 5 classes, and not all.</param>
/// <param name="Empty">How many have an empty set.</param>
public sealed record ConformalReport(double Wished, long Images, long Covered, long SetSizes, long Single, long SingleCorrect, long Lists, long Empty)
{
    /// <summary>The share of images whose class is in their set, in [0, 1].</summary>
    public double Coverage => (double)Covered / Images;

    /// <summary>The range in which that share lies with 95 % confidence for any such images.</summary>
    public WilsonInterval CoverageInterval => WilsonInterval.Of(Covered, Images);

    /// <summary>The mean number of classes in a set.</summary>
    public double MeanSetSize => (double)SetSizes / Images;

    /// <summary>The share of images with a single label, in [0, 1].</summary>
    public double SingleShare => (double)Single / Images;

    /// <summary>The share of images with a short list, in [0, 1].</summary>
    public double ListShare => (double)Lists / Images;

    /// <summary>The share of images that the classifier is unsure of: whose set is empty or says too little, in [0, 1].</summary>
    public double UnsureShare => (double)(Images - Single - Lists) / Images;

    /// <summary>The share of images with an empty set, in [0, 1].</summary>
    public double EmptyShare => (double)Empty / Images;

    /// <summary>The share of single labels that are right, in [0, 1]; null where there are none.</summary>
    public double? SingleAccuracy => Single == 0 ? null : (double)SingleCorrect / Single;

    /// <summary>Counts the sets of some more images.</summary>
    /// <param name="sets">The set of each image.</param>
    /// <param name="labels">The class of each.</param>
    /// <param name="classes">The number of all classes.</param>
    /// <returns>The report of all of them.</returns>
    internal ConformalReport Add(IReadOnlyList<int[]> sets, ReadOnlySpan<long> labels, int classes)
    {
        var (covered, sizes, single, singleCorrect, lists, empty) = (Covered, SetSizes, Single, SingleCorrect, Lists, Empty);
        foreach (var (image, set) in sets.Index())
        {
            var isCovered = set.Contains((int)labels[image]) ? 1 : 0;
            covered += isCovered;
            sizes += set.Length;
            empty += set.Length == 0 ? 1 : 0;
            var isSingle = set.Length == 1 ? 1 : 0;
            single += isSingle;
            singleCorrect += isSingle * isCovered;
            lists += isSingle == 0 && !ConformalSets.IsUnsure(set.Length, classes) ? 1 : 0;
        }

        return new ConformalReport(Wished, Images + sets.Count, covered, sizes, single, singleCorrect, lists, empty);
    }
}
