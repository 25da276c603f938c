namespace PhotoMl.Explanation;

/// <summary>Measures whether a network does what maps say.</summary>
internal static class FaithfulnessMeter
{
    /// <inheritdoc cref="Faithfulness"/>
    public static Faithfulness Measure(ExplanationSubject subject, Heatmap heatmap, ExplanationOptions options)
    {
        using var scope = NewDisposeScope();
        var (steps, image) = (options.FaithfulnessSteps, subject.Image);
        var ground = BaselineImage.Of(image, ExplanationBaseline.Ground);
        var blurred = BaselineImage.Of(image, ExplanationBaseline.Blurred);
        var ends = subject.LogOdds(3, (_, _) => cat([image, ground, blurred], 0)); // common to all maps
        var random = Enumerable.Range(1, options.RandomMaps)
            .Select(number => new DeterministicRandom(options.Seed, number))
            .Select(numbers => Areas(Misplace(heatmap, numbers), numbers))
            .ToList();

        // Any order stands for a map that ranks no pixel before another: by chance one would be better than the rest.
        return Faithfulness.Of(
            heatmap.IsUniform
                ? (random.Average(areas => areas.Deletion), random.Average(areas => areas.Insertion))
                : Areas(heatmap, new DeterministicRandom(options.Seed)),
            random);

        (double Deletion, double Insertion) Areas(Heatmap ranked, DeterministicRandom ties)
        {
            using var mapScope = NewDisposeScope();
            var ranks = tensor(Rank(ranked, ties), [1, 1, ranked.Height, ranked.Width]);
            return (Area([ends[0], .. Between(image, ground), ends[1]]), Area([ends[2], .. Between(blurred, image), ends[0]]));

            // The log-odds on the way from one image to another, pixel by pixel in the order of their ranks, without both ends.
            float[] Between(Tensor from, Tensor to) => subject.LogOdds(steps - 1, (first, count) =>
            {
                var changed = arange(first + 1, first + 1 + count, ScalarType.Int64).mul((long)subject.Height * subject.Width);
                return where(ranks < changed.div(steps, RoundingMode.floor).reshape(-1, 1, 1, 1), to, from); // (count, C, H, W)
            });
        }
    }

    /// <summary>The area under the probabilities that log-odds at equal distances from 0 to 1 stand for, by the trapezoidal rule.</summary>
    internal static double Area(float[] logOdds)
    {
        var values = Array.ConvertAll(logOdds, odds => 1 / (1 + Math.Exp(-odds)));
        return (values.Sum() - ((values[0] + values[^1]) / 2)) / (values.Length - 1);
    }

    /// <summary>The rank of each pixel, 0 for that of the largest value; equal ones are in random order, for the order of pixels would
    /// favour the top.</summary>
    internal static int[] Rank(Heatmap heatmap, DeterministicRandom random)
    {
        var values = heatmap.Values.ToArray();
        var ranks = new int[values.Length];
        var sorted = random.Permutation(values.Length).OrderByDescending(pixel => values[pixel]); // keeps the order of what is equal
        foreach (var (rank, pixel) in sorted.Index())
        {
            ranks[pixel] = rank;
        }

        return ranks;
    }

    /// <summary>The same numbers, mirrored and then moved; what leaves at one edge comes in at the other.</summary>
    internal static Heatmap Rearrange(Heatmap heatmap, bool mirrorRows, bool mirrorColumns, int down, int right)
    {
        using var scope = NewDisposeScope();
        long[] mirrored = [.. new[] { (0L, mirrorRows), (1L, mirrorColumns) }.Where(side => side.Item2).Select(side => side.Item1)];
        return Heatmap.Of(tensor(heatmap.Values.ToArray(), [heatmap.Height, heatmap.Width]).flip(mirrored).roll([down, right], [0, 1]));
    }

    private static Heatmap Misplace(Heatmap heatmap, DeterministicRandom random) => Rearrange(
        heatmap, random.NextInt32(2) == 1, random.NextInt32(2) == 1, random.NextInt32(heatmap.Height), random.NextInt32(heatmap.Width));
}
