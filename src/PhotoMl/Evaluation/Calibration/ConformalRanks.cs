namespace PhotoMl.Evaluation;

/// <summary>Conformal prediction from the scores of calibration images, by one or several measures of strangeness at once.</summary>
/// <remarks>
/// <para>With one measure this is split-conformal prediction as in V. Vovk, A. Gammerman, G. Shafer, "Algorithmic Learning in a Random
/// World" (2005), and A. Angelopoulos, S. Bates, "A Gentle Introduction to Conformal Prediction" (2021), section 1: what is no stranger
/// than the ceil((n + 1) x coverage)-th of the n calibration scores, in ascending order, is included. A new image drawn like the
/// calibration images is included under its true class with at least that probability, whatever the measure.</para>
/// <para>With several, each of the n + 1 images, the new one among them, counts by its ranks: how many of the n + 1 are at least as
/// strange. Its typicality is the least of its ranks, each times the weight of its measure. The new one is included unless it is among the
/// floor((n + 1) x (1 - coverage)) least typical. Typicality treats all n + 1 alike, so the promise is kept as exactly as with one measure.
/// A measure of weight 4 takes about a fourth of the allowed misses that one of weight 1 takes.</para>
/// </remarks>
internal sealed class ConformalRanks
{
    private readonly int[] _weights;
    private readonly float[][] _sorted; // by measure
    private readonly int _misses;

    // The calibration images, the least typical first: their scores, their ranks among themselves, and the typicality that these give.
    private readonly (float[] Scores, int[] Ranks, long Typicality)[] _images;

    /// <param name="scores">The scores of calibration images, image by image, one of each measure.</param>
    /// <param name="weights">The weight of each measure.</param>
    /// <param name="coverage">The target coverage, which there are images enough for.</param>
    public ConformalRanks(float[] scores, int[] weights, double coverage)
    {
        var images = scores.Chunk(weights.Length).ToArray();
        _weights = weights;
        _sorted = [.. weights.Select((_, measure) => images.Select(image => image[measure]).Order().ToArray())];
        _misses = images.Length + 1 - Rank(images.Length, coverage);
        var ranks = images.Select(image => image.Select((score, measure) => CountStranger(measure, score)).ToArray());
        _images = [.. images.Zip(ranks, (image, own) => (image, own, Typicality: Typicality(own))).OrderBy(image => image.Typicality)];
    }

    /// <summary>The fewest calibration images that can promise a coverage: 1 / (1 - coverage) - 1, rounded up.</summary>
    public static int FewestImages(double coverage) =>
        (int)Math.Max(1, Math.Min(int.MaxValue, Math.Ceiling((coverage / (1 - coverage)) - 1e-6)));

    /// <summary>Which of the calibration scores, in ascending order from 1, is the strangest to include: ceil((n + 1) x
    /// coverage).</summary>
    public static int Rank(int images, double coverage) =>
        Math.Max(1, (int)Math.Ceiling(((images + 1.0) * coverage) - 1e-6)); // 1000 x 0.9 may come out a hair above 900

    /// <summary>Whether an image of some scores is included; NaN is as strange as can be.</summary>
    public bool Includes(ReadOnlySpan<float> scores)
    {
        Span<int> ranks = stackalloc int[_weights.Length];
        for (var measure = 0; measure < ranks.Length; measure++)
        {
            ranks[measure] = 1 + CountStranger(measure, scores[measure]);
        }

        // With the new image among them, an image's rank is the one it has or the next; only those that may be less typical are looked at.
        var typicality = Typicality(ranks);
        var lessTypical = 1;
        for (var i = 0; i < _images.Length && _images[i].Typicality <= typicality; i++)
        {
            for (var measure = 0; measure < ranks.Length; measure++)
            {
                ranks[measure] = _images[i].Ranks[measure] + (scores[measure] < _images[i].Scores[measure] ? 0 : 1);
            }

            lessTypical += Typicality(ranks) <= typicality ? 1 : 0;
            if (lessTypical > _misses)
            {
                return true;
            }
        }

        return false;
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

    // How many calibration images are at least as strange.
    private int CountStranger(int measure, float score)
    {
        var sorted = _sorted[measure];
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] >= score ? (low, middle) : (middle + 1, high);
        }

        return sorted.Length - low;
    }
}
