namespace PhotoMl.Data;

/// <summary>Images divided into those to train on and those held out, every class in its share.</summary>
/// <remarks>Near duplicates in both would be memorized from one and flatter the score of the other; groups are never divided.</remarks>
internal sealed record Split(long[] Train, long[] Validation)
{
    // Purposes keep the streams of random numbers apart from each other and from all others of a run.
    private const long SharePurpose = 0x53504C4954; // "SPLIT"
    private const long GroupsPurpose = 0x47524F5550; // "GROUP"
    private const long FoldsPurpose = 0x464F4C4453; // "FOLDS"
    private const long LabelsPurpose = 0x4C4142454C53; // "LABELS"
    private const long LimitPurpose = 0x4C494D4954; // "LIMIT"

    /// <summary>Holds out a share of the images.</summary>
    /// <remarks>Of a class with n of the N images, n x count / N are held out, rounded down or up so that the whole is exact (largest
    /// remainders, after T. Hare), but never all of them. Groups are taken in an order drawn from the seed, and one is held out where that
    /// brings the classes' counts nearer to these in the sense of least squares and takes no class's last images.</remarks>
    public static Split ByFraction(ReadOnlySpan<long> labels, double fraction, long seed, ReadOnlySpan<int> groups = default)
    {
        var classes = GroupByClass(labels);
        var missing = Shares(classes, labels.Length, (int)Math.Round(labels.Length * fraction, MidpointRounding.AwayFromZero));
        var left = classes.ToDictionary(entry => entry.Key, entry => entry.Value.Length);
        var foldOf = new int[labels.Length];
        if (groups.IsEmpty)
        {
            foreach (var (label, indices) in classes)
            {
                new DeterministicRandom(seed, SharePurpose, label).Shuffle(indices.AsSpan());
                indices.Take(missing[label]).ToList().ForEach(index => foldOf[index] = 1);
            }
        }

        var shuffled = groups.IsEmpty ? [] : CollectGroups(labels, groups);
        new DeterministicRandom(seed, GroupsPurpose).Shuffle(shuffled.AsSpan());
        foreach (var group in shuffled)
        {
            // (missing - size)^2 < missing^2, summed over the classes; missing is negative where a class has too many
            if (group.ClassCounts.Sum(entry => (long)entry.Count * (entry.Count - (2L * missing[entry.Label]))) < 0
                && Array.TrueForAll(group.ClassCounts, entry => entry.Count < left[entry.Label]))
            {
                Array.ForEach(group.ClassCounts, entry => (missing[entry.Label], left[entry.Label]) =
                    (missing[entry.Label] - entry.Count, left[entry.Label] - entry.Count));
                Array.ForEach(group.Indices, index => foldOf[index] = 1);
            }
        }

        return HoldOut(foldOf, 1);
    }

    /// <summary>Deals images out to K folds for cross-validation: each image is held out in one of the splits.</summary>
    /// <remarks>Groups are dealt out from the largest to the smallest, in an order drawn from the seed among those of one size, each to the
    /// fold that has fewest of its classes; then to the smallest. Where groups are of one class each, the folds' counts of a class differ
    /// by at most its largest group, so without groups by one image. The same idea as scikit-learn's StratifiedGroupKFold.</remarks>
    public static Split[] Folds(ReadOnlySpan<long> labels, int count, long seed, ReadOnlySpan<int> groups = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        var members = CollectGroups(labels, groups.IsEmpty ? Enumerable.Range(0, labels.Length).ToArray() : groups);
        new DeterministicRandom(seed, FoldsPurpose).Shuffle(members.AsSpan());
        var perClass = GroupByClass(labels).Keys.ToDictionary(label => label, _ => new int[count]);
        var totals = new int[count];
        var foldOf = new int[labels.Length];
        foreach (var group in members.OrderByDescending(group => group.Indices.Length))
        {
            var fold = Enumerable.Range(0, count).MinBy(
                fold => (group.ClassCounts.Sum(entry => (long)entry.Count * perClass[entry.Label][fold]), totals[fold]));
            totals[fold] += group.Indices.Length;
            Array.ForEach(group.ClassCounts, entry => perClass[entry.Label][fold] += entry.Count);
            Array.ForEach(group.Indices, index => foldOf[index] = fold);
        }

        return [.. Enumerable.Range(0, count).Select(fold => HoldOut(foldOf, fold))];
    }

    /// <summary>Draws some images of each class, all where it has fewer, and gives the others too.</summary>
    public static (long[] Drawn, long[] Others) PerClass(ReadOnlySpan<long> labels, int count, long seed)
    {
        var drawn = new bool[labels.Length];
        foreach (var (label, indices) in GroupByClass(labels))
        {
            new DeterministicRandom(seed, LabelsPurpose, label).Shuffle(indices.AsSpan());
            Array.ForEach(indices[..Math.Min(count, indices.Length)], index => drawn[index] = true);
        }

        var sides = Enumerable.Range(0, labels.Length).ToLookup(i => drawn[i], i => (long)i);
        return ([.. sides[true]], [.. sides[false]]);
    }

    /// <summary>Takes the first images of a seeded shuffle, for quick trials.</summary>
    public static long[] Subset(int count, int limit, long seed) =>
        new DeterministicRandom(seed, LimitPurpose).Permutation(count)[..Math.Min(count, limit)];

    private static Split HoldOut(int[] foldOf, int fold)
    {
        var sides = Enumerable.Range(0, foldOf.Length).ToLookup(i => foldOf[i] == fold, i => (long)i);
        return new Split([.. sides[false]], [.. sides[true]]);
    }

    private static SortedDictionary<long, int[]> GroupByClass(ReadOnlySpan<long> labels)
    {
        var classes = labels.ToArray().Index().GroupBy(image => image.Item, image => image.Index);
        return new SortedDictionary<long, int[]>(classes.ToDictionary(images => images.Key, images => images.ToArray()));
    }

    private static Dictionary<long, int> Shares(SortedDictionary<long, int[]> classes, int total, int target)
    {
        var exact = classes.Select(entry => (Label: entry.Key, Share: Math.DivRem((long)entry.Value.Length * target, total))).ToList();
        var shares = exact.ToDictionary(
            entry => entry.Label, entry => Math.Min((int)entry.Share.Quotient, classes[entry.Label].Length - 1));
        foreach (var (label, _) in exact
            .Where(entry => entry.Share.Remainder > 0 && entry.Share.Quotient + 1 < classes[entry.Label].Length)
            .OrderByDescending(entry => entry.Share.Remainder)
            .Take(target - shares.Values.Sum()))
        {
            shares[label]++;
        }

        return shares;
    }

    private static Group[] CollectGroups(ReadOnlySpan<long> labels, ReadOnlySpan<int> groups)
    {
        var labelOf = labels.ToArray();
        return
        [
            .. groups.ToArray().Index().GroupBy(image => image.Item, image => image.Index).Select(images => new Group(
                [.. images], [.. images.CountBy(i => labelOf[i]).OrderBy(entry => entry.Key).Select(entry => (entry.Key, entry.Value))])),
        ];
    }

    private sealed record Group(int[] Indices, (long Label, int Count)[] ClassCounts);
}
