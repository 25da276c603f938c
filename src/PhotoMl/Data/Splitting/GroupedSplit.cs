using PhotoMl.Runtime;

namespace PhotoMl.Data;

/// <summary>Some images set aside for validation, every class in its share, and no group of images torn apart.</summary>
/// <remarks>
/// What is nearly the same photo on both sides is learnt by heart on one and asked for on the other, so the score flatters. Groups are taken in an order drawn
/// from the seed, and one is set aside where that brings the classes' counts nearer to their shares in the sense of least squares. Of groups that
/// are of one class each, every class ends within half of its largest group of the count that <see cref="StratifiedSplit"/> gives it.
/// </remarks>
public sealed class GroupedSplit
{
    private const long Purpose = 0x47524F5550; // "GROUP", to tell this stream from the others of a run

    private GroupedSplit(long[] train, long[] validation)
    {
        Train = train;
        Validation = validation;
    }

    /// <summary>The indices of the images to train on, ascending.</summary>
    public long[] Train { get; }

    /// <summary>The indices of the images set aside, ascending.</summary>
    public long[] Validation { get; }

    /// <summary>Sets a share of the images aside.</summary>
    /// <param name="labels">The class index of each image, from 0.</param>
    /// <param name="groups">The group of each image, any numbers, such as the near duplicates and bursts of a check of the photos.</param>
    /// <param name="validationFraction">The share, in [0, 1).</param>
    /// <param name="seed">The seed of the run.</param>
    /// <returns>The split.</returns>
    /// <exception cref="ArgumentException">There are not as many groups as labels, a label is negative, or the share is out of range.</exception>
    public static GroupedSplit ByFraction(ReadOnlySpan<long> labels, ReadOnlySpan<int> groups, double validationFraction, long seed)
    {
        if (!(validationFraction >= 0 && validationFraction < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(validationFraction), validationFraction, $"Expected a share in [0, 1) but got {validationFraction}.");
        }

        var members = LabelledGroup.Collect(labels, groups);
        new DeterministicRandom(seed, Purpose).Shuffle(members.AsSpan());

        var missing = StratifiedSplit.CountByFraction(labels, validationFraction); // how many each class still lacks; negative where it has too many
        var setAside = new bool[labels.Length];
        foreach (var group in members)
        {
            // (missing - size)^2 < missing^2, summed over the classes
            if (group.ClassCounts.Sum(entry => (long)entry.Count * (entry.Count - (2L * missing[entry.Label]))) < 0)
            {
                foreach (var (label, count) in group.ClassCounts)
                {
                    missing[label] -= count;
                }

                foreach (var index in group.Indices)
                {
                    setAside[index] = true;
                }
            }
        }

        var sides = Enumerable.Range(0, setAside.Length).ToLookup(i => setAside[i], i => (long)i);
        return new GroupedSplit([.. sides[false]], [.. sides[true]]);
    }
}
