namespace PhotoMl.Evaluation;

/// <summary>Split-conformal prediction with one or several measures of strangeness at once.</summary>
/// <remarks>
/// <para>
/// With one measure this is split-conformal prediction as in V. Vovk, A. Gammerman, G. Shafer, "Algorithmic Learning in a Random World" (2005), and A. Angelopoulos, S. Bates, "A Gentle
/// Introduction to Conformal Prediction" (2021), section 1: what is no stranger than the ceil((n + 1) x coverage)-th of the n calibration scores, in ascending order, is included. A new
/// image drawn like the calibration images is included under its true class with at least that probability, whatever the measure.
/// </para>
/// <para>
/// With several, a score counts by its rank: how many of the calibration images and the new one are at least as strange. An image's typicality is the least of its ranks, each times the
/// weight of its measure, and what is no less typical than the floor((n + 1) x (1 - coverage))-th of the calibration images is included. The ranks of the calibration images are taken
/// without the new one, so they are at most one too low, which errs to the side of more coverage: the promise holds for every n, as for a single measure. A measure of weight 4
/// takes a fourth of the allowed misses that one of weight 1 takes.
/// </para>
/// </remarks>
public sealed class ConformalRanks
{
    private readonly float[][] _sorted;
    private readonly int[] _weights;
    private readonly long _leastTypicality;

    /// <summary>Ranks the calibration images.</summary>
    /// <param name="scores">How strange each calibration image is as one of its own class: an array of equal length for each measure.</param>
    /// <param name="weights">The weight of each measure, at least 1.</param>
    /// <param name="coverage">The wished probability of including the true class, between 0 and 1.</param>
    /// <exception cref="ArgumentException">Lengths or weights do not fit, a score is no number, or there are fewer images than <see cref="FewestImages"/> tells.</exception>
    public ConformalRanks(IReadOnlyList<float[]> scores, IReadOnlyList<int> weights, double coverage)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(weights);
        if (scores.Count == 0 || scores.Count != weights.Count || weights.Any(weight => weight < 1) || scores.Any(measure => measure.Length != scores[0].Length || measure.Any(float.IsNaN)))
        {
            throw new ArgumentException("Expected a weight of at least 1 and equally many numbers for each measure.", nameof(scores));
        }

        var count = scores[0].Length;
        if (count < FewestImages(coverage))
        {
            throw new ArgumentException($"Expected at least {FewestImages(coverage)} images for a coverage of {coverage} but got {count}.", nameof(scores));
        }

        _weights = [.. weights];
        _sorted = [.. scores.Select(measure => measure.Order().ToArray())];
        var typicalities = Enumerable.Range(0, count).Select(image => Enumerable.Range(0, scores.Count).Min(measure => (long)_weights[measure] * CountStranger(measure, scores[measure][image]))).Order().ToArray();
        _leastTypicality = typicalities[count - Rank(count, coverage)];
    }

    /// <summary>The fewest calibration images that can promise a coverage: 1 / (1 - coverage) - 1, rounded up.</summary>
    /// <param name="coverage">The coverage, between 0 and 1.</param>
    /// <returns>The number; with fewer, only the set of all classes keeps the promise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The coverage is not between 0 and 1.</exception>
    public static int FewestImages(double coverage)
    {
        ThrowIfNoCoverage(coverage);
        return (int)Math.Max(1, Math.Min(int.MaxValue, Math.Ceiling((coverage / (1 - coverage)) - 1e-6)));
    }

    /// <summary>Which of the calibration scores, in ascending order from 1, is the strangest to include: ceil((n + 1) x coverage).</summary>
    /// <param name="images">The number n of calibration images.</param>
    /// <param name="coverage">The coverage, between 0 and 1.</param>
    /// <returns>The rank; n + 1 where there are too few images.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no image, or the coverage is not between 0 and 1.</exception>
    public static int Rank(int images, double coverage)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        ThrowIfNoCoverage(coverage);
        return Math.Max(1, (int)Math.Ceiling(((images + 1.0) * coverage) - 1e-6)); // 1000 x 0.9 may come out a hair above 900
    }

    /// <summary>Whether a class belongs to the set of an image.</summary>
    /// <param name="scores">How strange the image is as one of that class, by each measure; what is no number is stranger than anything.</param>
    /// <returns>Whether it does.</returns>
    public bool Includes(ReadOnlySpan<float> scores)
    {
        for (var measure = 0; measure < _sorted.Length; measure++)
        {
            if ((long)_weights[measure] * (1 + CountStranger(measure, scores[measure])) < _leastTypicality)
            {
                return false;
            }
        }

        return true;
    }

    // How many calibration images are at least as strange.
    private int CountStranger(int measure, float score)
    {
        var sorted = _sorted[measure];
        var (low, high) = (0, float.IsNaN(score) ? 0 : sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < score ? (middle + 1, high) : (low, middle);
        }

        return float.IsNaN(score) ? 0 : sorted.Length - low;
    }

    private static void ThrowIfNoCoverage(double coverage)
    {
        if (!(coverage > 0 && coverage < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(coverage), $"Expected a coverage between 0 and 1 but got {coverage}.");
        }
    }
}
