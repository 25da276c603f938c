namespace PhotoMl.Evaluation;

/// <summary>The evaluation of the prediction sets of a coverage on labelled images.</summary>
public sealed record ConformalReport
{
    /// <summary>The target coverage, between 0 and 1.</summary>
    public required double Target { get; init; }

    /// <summary>The number of images.</summary>
    public long Images { get; init; }

    /// <summary>How many have their class in their set.</summary>
    public long Covered { get; init; }

    /// <summary>The sum of the sizes of all sets.</summary>
    public long SetSizes { get; init; }

    /// <summary>How many have a set of one class.</summary>
    public long Single { get; init; }

    /// <summary>How many of these have their class in it.</summary>
    public long SingleCorrect { get; init; }

    /// <summary>How many have a short list: 2 to 5 classes, and not all.</summary>
    public long Lists { get; init; }

    /// <summary>How many have an empty set.</summary>
    public long Empty { get; init; }

    /// <summary>The share of images whose class is in their set, in [0, 1].</summary>
    public double Coverage => (double)Covered / Images;

    /// <summary>The range in which that share lies with 95 % confidence for any such images.</summary>
    public ConfidenceInterval CoverageInterval => ConfidenceInterval.Wilson(Covered, Images);

    /// <summary>The mean number of classes in a set.</summary>
    public double MeanSetSize => (double)SetSizes / Images;

    /// <summary>The share of images with a single label, in [0, 1].</summary>
    public double SingleShare => (double)Single / Images;

    /// <summary>The share of images with a short list, in [0, 1].</summary>
    public double ListShare => (double)Lists / Images;

    /// <summary>The share of images that the classifier is unsure of: whose set is empty or too large, in [0, 1].</summary>
    public double UnsureShare => (double)(Images - Single - Lists) / Images;

    /// <summary>The share of images with an empty set, in [0, 1].</summary>
    public double EmptyShare => (double)Empty / Images;

    /// <summary>The share of single labels that are correct, in [0, 1]; null where there are none.</summary>
    public double? SingleAccuracy => Single == 0 ? null : (double)SingleCorrect / Single;

    internal static ConformalReport Of(double target, IReadOnlyList<int[]> sets, long[] labels, int classes)
    {
        var covered = sets.Zip(labels, (set, label) => set.Contains((int)label)).ToArray();
        return new ConformalReport
        {
            Target = target,
            Images = sets.Count,
            Covered = covered.Count(isCovered => isCovered),
            SetSizes = sets.Sum(set => (long)set.Length),
            Single = sets.Count(set => set.Length == 1),
            SingleCorrect = sets.Zip(covered).Count(image => image.First.Length == 1 && image.Second),
            Lists = sets.Count(set => set.Length > 1 && !ConformalSets.IsUnsure(set.Length, classes)),
            Empty = sets.Count(set => set.Length == 0),
        };
    }
}
