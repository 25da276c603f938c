using PhotoMl.Runtime;

namespace PhotoMl.Data;

/// <summary>Images dealt out to K folds for cross-validation, every class evenly, and no group of images torn apart.</summary>
/// <remarks>
/// Groups are dealt out from the largest to the smallest, in an order drawn from the seed among those of one size, each to the fold that has fewest of its
/// classes; then to the smallest. Where groups are of one class each, the folds' counts of a class differ by at most its largest group, so without
/// groups by one image. The same idea as scikit-learn's StratifiedGroupKFold.
/// </remarks>
public sealed class StratifiedFolds
{
    private const long Purpose = 0x464F4C4453; // "FOLDS", to tell this stream from the others of a run

    private readonly int[] _foldOf;

    private StratifiedFolds(int count, int[] foldOf)
    {
        Count = count;
        _foldOf = foldOf;
    }

    /// <summary>The number of folds.</summary>
    public int Count { get; }

    /// <summary>The fold of each image, from 0.</summary>
    public IReadOnlyList<int> FoldOf => _foldOf;

    /// <summary>Deals images out.</summary>
    /// <param name="labels">The class index of each image, from 0.</param>
    /// <param name="groups">The group of each image, any numbers; empty where every image is a group of its own.</param>
    /// <param name="count">The number of folds, at least 2 and at most as many as there are groups.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <returns>The folds.</returns>
    /// <exception cref="ArgumentException">There are fewer groups than folds, not as many as labels, or a number is out of range.</exception>
    public static StratifiedFolds Deal(ReadOnlySpan<long> labels, ReadOnlySpan<int> groups, int count, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        var members = LabelledGroup.Collect(labels, groups.IsEmpty ? Enumerable.Range(0, labels.Length).ToArray() : groups);
        if (members.Length < count)
        {
            throw new ArgumentException($"Expected at least {count} groups of images for {count} folds but got {members.Length}.", nameof(groups));
        }

        new DeterministicRandom(seed, Purpose).Shuffle(members.AsSpan());
        var perClass = StratifiedSplit.CountByFraction(labels, 0).Keys.ToDictionary(label => label, _ => new int[count]);
        var totals = new int[count];
        var foldOf = new int[labels.Length];
        foreach (var group in members.OrderByDescending(group => group.Indices.Length))
        {
            var fold = Enumerable.Range(0, count).MinBy(fold => (group.ClassCounts.Sum(entry => (long)entry.Count * perClass[entry.Label][fold]), totals[fold]));
            totals[fold] += group.Indices.Length;
            foreach (var (label, number) in group.ClassCounts)
            {
                perClass[label][fold] += number;
            }

            foreach (var index in group.Indices)
            {
                foldOf[index] = fold;
            }
        }

        return new StratifiedFolds(count, foldOf);
    }

    /// <summary>The images to train on when one fold is held out.</summary>
    /// <param name="fold">The fold, from 0.</param>
    /// <returns>Their indices, ascending.</returns>
    public long[] Train(int fold) => Where(fold, isHeldOut: false);

    /// <summary>The images of one fold, to judge by.</summary>
    /// <param name="fold">The fold, from 0.</param>
    /// <returns>Their indices, ascending.</returns>
    public long[] Validation(int fold) => Where(fold, isHeldOut: true);

    private long[] Where(int fold, bool isHeldOut)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fold);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fold, Count);
        return [.. _foldOf.Index().Where(entry => (entry.Item == fold) == isHeldOut).Select(entry => (long)entry.Index)];
    }
}
