using PhotoMl.Runtime;

namespace PhotoMl.Data;

/// <summary>Some images set aside for validation, every class in its share.</summary>
/// <remarks>
/// Of a class with n of the N images, n x count / N are set aside, rounded down or up so that the whole is exact (largest remainders, after
/// T. Hare). Which images is drawn class by class from the seed alone.
/// </remarks>
public sealed class StratifiedSplit
{
    private const long Purpose = 0x53504C4954; // "SPLIT", to tell this stream from the others of a run

    private StratifiedSplit(long[] train, long[] validation)
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
    /// <param name="validationFraction">The share, in [0, 1); of all images together it is rounded to the nearest whole number.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <returns>The split.</returns>
    public static StratifiedSplit ByFraction(ReadOnlySpan<long> labels, double validationFraction, long seed)
    {
        if (!(validationFraction >= 0 && validationFraction < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(validationFraction), validationFraction, $"Expected a share in [0, 1) but got {validationFraction}.");
        }

        return ByCount(labels, (int)Math.Round(labels.Length * validationFraction, MidpointRounding.AwayFromZero), seed);
    }

    /// <summary>Sets a number of images aside.</summary>
    /// <param name="labels">The class index of each image, from 0.</param>
    /// <param name="validationCount">The number, from 0 to the number of images.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <returns>The split.</returns>
    public static StratifiedSplit ByCount(ReadOnlySpan<long> labels, int validationCount, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(validationCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(validationCount, labels.Length);

        var classes = GroupByClass(labels);
        var shares = Shares(classes, labels.Length, validationCount);
        var setAside = new bool[labels.Length];
        foreach (var (label, indices) in classes)
        {
            var order = indices.ToArray();
            new DeterministicRandom(seed, Purpose, label).Shuffle(order.AsSpan());
            foreach (var index in order.AsSpan(0, shares[label]))
            {
                setAside[index] = true;
            }
        }

        var train = new List<long>(labels.Length - validationCount);
        var validation = new List<long>(validationCount);
        for (var i = 0; i < setAside.Length; i++)
        {
            (setAside[i] ? validation : train).Add(i);
        }

        return new StratifiedSplit([.. train], [.. validation]);
    }

    /// <summary>How many images of each class <see cref="ByFraction"/> sets aside.</summary>
    internal static Dictionary<long, int> CountByFraction(ReadOnlySpan<long> labels, double validationFraction) =>
        Shares(GroupByClass(labels), labels.Length, (int)Math.Round(labels.Length * validationFraction, MidpointRounding.AwayFromZero));

    private static SortedDictionary<long, List<int>> GroupByClass(ReadOnlySpan<long> labels)
    {
        var classes = new SortedDictionary<long, List<int>>();
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0)
            {
                throw new ArgumentException($"Expected labels from 0 but got {labels[i]} at index {i}.", nameof(labels));
            }

            if (!classes.TryGetValue(labels[i], out var indices))
            {
                classes[labels[i]] = indices = [];
            }

            indices.Add(i);
        }

        return classes;
    }

    private static Dictionary<long, int> Shares(SortedDictionary<long, List<int>> classes, int total, int wished)
    {
        var shares = new Dictionary<long, int>();
        var remainders = new List<(long Label, long Remainder)>();
        foreach (var (label, indices) in classes)
        {
            var (share, remainder) = Math.DivRem((long)indices.Count * wished, total);
            shares[label] = (int)share;
            remainders.Add((label, remainder));
        }

        foreach (var (label, _) in remainders.OrderByDescending(item => item.Remainder).Take(wished - shares.Values.Sum()))
        {
            shares[label]++;
        }

        return shares;
    }
}
