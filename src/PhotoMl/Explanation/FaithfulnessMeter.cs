using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Explanation;

/// <summary>Measures whether a network does what maps say.</summary>
internal static class FaithfulnessMeter
{
    /// <inheritdoc cref="Faithfulness"/>
    public static Faithfulness Measure(ExplanationSubject subject, Heatmap heatmap, ExplanationOptions options)
    {
        using var scope = NewDisposeScope();
        var ground = BaselineImage.Of(subject.Image, ExplanationBaseline.Ground);
        var blurred = BaselineImage.Of(subject.Image, ExplanationBaseline.Blurred);
        var ends = subject.LogOdds(3, (_, _) => cat([subject.Image, ground, blurred], 0)); // common to all maps
        var (whole, nothing, blur) = (ends[0], ends[1], ends[2]);
        var map = Areas(heatmap, new DeterministicRandom(options.Seed));
        var random = Enumerable.Range(1, options.RandomMaps)
            .Select(number => new DeterministicRandom(options.Seed, number))
            .Select(numbers => Areas(Misplace(heatmap, numbers), numbers))
            .ToList();
        return Faithfulness.Of(map, random);

        (double Deletion, double Insertion) Areas(Heatmap ranked, DeterministicRandom ties)
        {
            using var mapScope = NewDisposeScope();
            var ranks = tensor(Rank(ranked, ties), [1, 1, ranked.Height, ranked.Width]);
            var fading = Between(subject, ranks, subject.Image, ground, options.FaithfulnessSteps);
            var growing = Between(subject, ranks, blurred, subject.Image, options.FaithfulnessSteps);
            return (Area([whole, .. fading, nothing]), Area([blur, .. growing, whole]));
        }
    }

    /// <summary>The area under the probabilities that log-odds at equal distances from 0 to 1 stand for, by the trapezoidal rule.</summary>
    internal static double Area(float[] logOdds)
    {
        var values = Array.ConvertAll(logOdds, ExplanationSubject.ToProbability);
        return (values.Sum() - ((values[0] + values[^1]) / 2)) / (values.Length - 1);
    }

    /// <summary>The rank of each pixel, 0 for that of the largest value; equal ones are in random order, for the order of pixels would
    /// favour the top.</summary>
    internal static int[] Rank(Heatmap heatmap, DeterministicRandom random)
    {
        var order = random.Permutation(heatmap.Values.Length);
        var values = heatmap.Values.ToArray();
        var sorted = order.OrderByDescending(pixel => values[pixel]); // keeps the order of what is equal
        var ranks = new int[order.Length];
        foreach (var (rank, pixel) in sorted.Index())
        {
            ranks[pixel] = rank;
        }

        return ranks;
    }

    /// <summary>The log-odds of the class on the way from one image to another, pixel by pixel in the order of their ranks, without both
    /// ends.</summary>
    private static float[] Between(ExplanationSubject subject, Tensor ranks, Tensor from, Tensor to, int steps)
    {
        var pixels = (long)subject.Height * subject.Width;
        return subject.LogOdds(steps - 1, (first, count) =>
        {
            var changed = arange(first + 1, first + 1 + count, ScalarType.Int64).mul(pixels).div(steps, RoundingMode.floor).reshape(-1, 1, 1, 1); // (count, 1, 1, 1)
            return where(ranks < changed, to, from); // (count, C, H, W)
        });
    }

    private static Heatmap Misplace(Heatmap heatmap, DeterministicRandom random) => heatmap.Rearrange(
        random.NextInt32(2) == 1, random.NextInt32(2) == 1, random.NextInt32(heatmap.Height), random.NextInt32(heatmap.Width));
}
