namespace PhotoMl.Explanation;

/// <summary>How faithful a map is to the network: the probability of the class while the pixels that the map ranks highest are removed, or
/// restored, first, and the same for random maps.</summary>
/// <remarks>
/// <para>V. Petsiuk, A. Das, K. Saenko, "RISE: Randomized Input Sampling for Explanation of Black-box Models", BMVC 2018, section 4.2. Both
/// figures are areas under the curve of the probability over the share of pixels, by the trapezoidal rule, in [0, 1]. Deletion goes from
/// the image to its background (<see cref="ExplanationBaseline.Ground"/>), insertion from the blurred image
/// (<see cref="ExplanationBaseline.Blurred"/>) to the image.</para>
/// <para>The random maps have the same values as the map, mirrored and moved at random around the edges: they are as smooth as it is and
/// differ only in where they are. Single pixels in random order would ruin any image at once, and then no smooth map would seem
/// faithful.</para>
/// </remarks>
public sealed record Faithfulness
{
    /// <summary>The area while pixels are removed: lower is better.</summary>
    public required double Deletion { get; init; }

    /// <summary>The mean of <see cref="Deletion"/> over the random maps.</summary>
    public required double RandomDeletion { get; init; }

    /// <summary>The standard deviation of <see cref="Deletion"/> over the random maps, with their number less one.</summary>
    public required double RandomDeletionDeviation { get; init; }

    /// <summary>The area while pixels are restored: higher is better.</summary>
    public required double Insertion { get; init; }

    /// <summary>The mean of <see cref="Insertion"/> over the random maps.</summary>
    public required double RandomInsertion { get; init; }

    /// <summary>The standard deviation of <see cref="Insertion"/> over the random maps.</summary>
    public required double RandomInsertionDeviation { get; init; }

    /// <summary>Whether removing what the map marks harms the prediction more than the random maps do, by more than their
    /// deviation.</summary>
    public bool IsDeletionBetter => Deletion < RandomDeletion - RandomDeletionDeviation;

    /// <summary>Whether restoring what the map marks helps the prediction more than the random maps do, by more than their
    /// deviation.</summary>
    public bool IsInsertionBetter => Insertion > RandomInsertion + RandomInsertionDeviation;

    internal static Faithfulness Of((double Deletion, double Insertion) map, IReadOnlyList<(double Deletion, double Insertion)> random)
    {
        var (deletions, insertions) = (random.Select(areas => areas.Deletion), random.Select(areas => areas.Insertion));
        return new Faithfulness
        {
            Deletion = map.Deletion,
            RandomDeletion = deletions.Average(),
            RandomDeletionDeviation = Deviation(deletions),
            Insertion = map.Insertion,
            RandomInsertion = insertions.Average(),
            RandomInsertionDeviation = Deviation(insertions),
        };

        double Deviation(IEnumerable<double> values)
        {
            var mean = values.Average();
            return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (random.Count - 1));
        }
    }
}
