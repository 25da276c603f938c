namespace PhotoMl.Evaluation;

/// <summary>How evenly images spread over the classes.</summary>
public static class ClassEntropy
{
    /// <summary>Computes the entropy of a histogram.</summary>
    /// <param name="counts">How many images were predicted as each class; none negative, not all 0.</param>
    /// <returns>-sum p ln p in nats: 0 if all are of one class, ln(classes) if they are spread evenly, 2.303 for 10 classes.</returns>
    /// <remarks>C. E. Shannon, "A Mathematical Theory of Communication", Bell System Technical Journal 27 (1948), section 6.</remarks>
    /// <exception cref="ArgumentException">A count is negative, or there are no images.</exception>
    public static double Of(IReadOnlyList<long> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var total = counts.Sum();
        if (total == 0 || counts.Any(count => count < 0))
        {
            throw new ArgumentException($"Expected counts of at least one image, none negative, but got {string.Join(", ", counts.Select(count => $"{count}"))}.", nameof(counts));
        }

        return counts.Where(count => count > 0).Select(count => (double)count / total).Sum(share => share * -Math.Log(share));
    }
}
