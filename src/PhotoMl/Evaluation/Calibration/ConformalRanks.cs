namespace PhotoMl.Evaluation;

/// <summary>Conformal prediction from the scores of calibration images, by one or several measures of strangeness at once.</summary>
/// <remarks>
/// <para>
/// With one measure this is split-conformal prediction as in V. Vovk, A. Gammerman, G. Shafer, "Algorithmic Learning in a Random World" (2005), and A. Angelopoulos, S. Bates, "A Gentle
/// Introduction to Conformal Prediction" (2021), section 1: what is no stranger than the ceil((n + 1) x coverage)-th of the n calibration scores, in ascending order, is included. A new
/// image drawn like the calibration images is included under its true class with at least that probability, whatever the measure.
/// </para>
/// <para>
/// With several, each of the n + 1 images, the new one among them, counts by its ranks: how many of the n + 1 are at least as strange. Its typicality is the least of its ranks, each
/// times the weight of its measure. The new one is included unless it is among the floor((n + 1) x (1 - coverage)) least typical. Typicality treats all n + 1 alike, so the promise is
/// kept as exactly as with one measure. A measure of weight 4 takes about a fourth of the allowed misses that one of weight 1 takes.
/// </para>
/// </remarks>
internal sealed class ConformalRanks
{
    private readonly int[] _weights;
    private readonly float[][] _sorted; // by measure
    private readonly int _misses;

    // The calibration images, the least typical first: their scores, their ranks among themselves, and the typicality that these give.
    private readonly float[][] _scores;
    private readonly int[][] _ranks;
    private readonly long[] _typicalities;

    public ConformalRanks(IReadOnlyList<float[]> scores, IReadOnlyList<int> weights, double coverage)
    {
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
        _misses = count + 1 - Rank(count, coverage);
        var images = Enumerable.Range(0, count)
            .Select(image => (Scores: scores.Select(measure => measure[image]).ToArray(), Ranks: scores.Select((measure, index) => CountStranger(index, measure[image])).ToArray()))
            .OrderBy(image => Typicality(image.Ranks))
            .ToArray();
        _scores = [.. images.Select(image => image.Scores)];
        _ranks = [.. images.Select(image => image.Ranks)];
        _typicalities = [.. _ranks.Select(ranks => Typicality(ranks))];
    }

    /// <summary>The fewest calibration images that can promise a coverage: 1 / (1 - coverage) - 1, rounded up.</summary>
    public static int FewestImages(double coverage)
    {
        ThrowIfNoCoverage(coverage);
        return (int)Math.Max(1, Math.Min(int.MaxValue, Math.Ceiling((coverage / (1 - coverage)) - 1e-6)));
    }

    /// <summary>Which of the calibration scores, in ascending order from 1, is the strangest to include: ceil((n + 1) x coverage).</summary>
    public static int Rank(int images, double coverage)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        ThrowIfNoCoverage(coverage);
        return Math.Max(1, (int)Math.Ceiling(((images + 1.0) * coverage) - 1e-6)); // 1000 x 0.9 may come out a hair above 900
    }

    public bool Includes(ReadOnlySpan<float> scores)
    {
        Span<int> ranks = stackalloc int[_sorted.Length];
        Span<float> numbers = stackalloc float[_sorted.Length];
        for (var measure = 0; measure < ranks.Length; measure++)
        {
            numbers[measure] = float.IsNaN(scores[measure]) ? float.PositiveInfinity : scores[measure];
            ranks[measure] = 1 + CountStranger(measure, numbers[measure]);
        }

        // With the new image among them, an image's rank is the one it has or the next; only those that may be less typical need a look.
        var typicality = Typicality(ranks);
        var lessTypical = 1;
        for (var image = 0; image < _typicalities.Length && _typicalities[image] <= typicality; image++)
        {
            lessTypical += TypicalityBeside(image, numbers) <= typicality ? 1 : 0;
            if (lessTypical > _misses)
            {
                return true;
            }
        }

        return false;
    }

    private static void ThrowIfNoCoverage(double coverage)
    {
        if (!(coverage > 0 && coverage < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(coverage), $"Expected a coverage between 0 and 1 but got {coverage}.");
        }
    }

    private long Typicality(ReadOnlySpan<int> ranks)
    {
        var least = long.MaxValue;
        for (var measure = 0; measure < ranks.Length; measure++)
        {
            least = Math.Min(least, (long)_weights[measure] * ranks[measure]);
        }

        return least;
    }

    // The typicality of a calibration image where the new one is ranked with it.
    private long TypicalityBeside(int image, ReadOnlySpan<float> newcomer)
    {
        var least = long.MaxValue;
        for (var measure = 0; measure < newcomer.Length; measure++)
        {
            least = Math.Min(least, (long)_weights[measure] * (_ranks[image][measure] + (newcomer[measure] >= _scores[image][measure] ? 1 : 0)));
        }

        return least;
    }

    // How many calibration images are at least as strange.
    private int CountStranger(int measure, float score)
    {
        var sorted = _sorted[measure];
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < score ? (middle + 1, high) : (low, middle);
        }

        return sorted.Length - low;
    }
}
