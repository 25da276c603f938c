namespace PhotoMl.Evaluation;

/// <summary>How often images of each class were predicted as each class.</summary>
public sealed class ConfusionMatrix
{
    private readonly long[][] _counts;

    /// <summary>Counts images.</summary>
    /// <param name="classNames">The name of each class.</param>
    /// <param name="images">The class of each image and the one it was predicted as, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A class is negative, or has no name.</exception>
    public ConfusionMatrix(IReadOnlyList<string> classNames, IEnumerable<(long Actual, long Predicted)> images)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(images);
        ClassNames = classNames;
        _counts = [.. classNames.Select(_ => new long[classNames.Count])];
        foreach (var (actual, predicted) in images)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)actual, (ulong)classNames.Count, nameof(images));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)predicted, (ulong)classNames.Count, nameof(images));
            _counts[actual][predicted]++;
        }

        (Total, Correct) = (_counts.Sum(row => row.Sum()), _counts.Select((row, index) => row[index]).Sum());
    }

    /// <summary>The name of each class.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The number of images counted.</summary>
    public long Total { get; }

    /// <summary>The number of images whose class was predicted.</summary>
    public long Correct { get; }

    /// <summary>How many images of one class were predicted as another.</summary>
    /// <param name="actual">The class they are of.</param>
    /// <param name="predicted">The class they were predicted as.</param>
    public long this[int actual, int predicted] => _counts[actual][predicted];

    internal IReadOnlyList<ClassMetrics> PerClass() => [.. Enumerable.Range(0, ClassNames.Count).Select(Metrics)];

    /// <summary>Copies the counts.</summary>
    /// <returns>One row for each actual class, one column for each predicted one.</returns>
    public long[][] ToRows() => Array.ConvertAll(_counts, row => row.ToArray());

    private ClassMetrics Metrics(int index)
    {
        var (support, claimed, correct) = (_counts[index].Sum(), _counts.Sum(row => row[index]), _counts[index][index]);
        return new ClassMetrics
        {
            Name = ClassNames[index],
            Precision = Ratio(correct, claimed),
            Recall = Ratio(correct, support),
            F1 = Ratio(2 * correct, support + claimed),
            Support = support,
        };
    }

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
