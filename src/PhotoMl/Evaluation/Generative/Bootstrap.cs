using System.Runtime.InteropServices;

namespace PhotoMl.Evaluation;

/// <summary>How far a figure would move if other images had been drawn.</summary>
/// <remarks>B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13: images are drawn from the set with
/// replacement, as many as it holds, and the figure is computed anew. A resample is a row of counts, so figures of all resamples are matrix
/// products.</remarks>
internal static class Bootstrap
{
    public static Tensor Draw(int count, int resamples, DeterministicRandom random)
    {
        var draws = zeros(resamples, count, dtype: ScalarType.Float64);
        var counts = MemoryMarshal.Cast<byte, double>(draws.bytes);
        for (var i = 0; i < counts.Length; i++)
        {
            counts[(i / count * count) + random.NextInt32(count)]++;
        }

        return draws;
    }

    public static Tensor Means(Tensor draws, IEnumerable<double> values)
    {
        using var scope = NewDisposeScope();
        // A copy for the reason of AlignedTensor.
        return draws.mv(tensor(values.ToArray()).clone()).div_(draws.shape[1]).MoveToOuterDisposeScope();
    }

    public static Tensor Medians(Tensor draws, double[] values)
    {
        using var scope = NewDisposeScope();
        var (sorted, order) = tensor(values).sort();
        var held = draws.index_select(1, order).cumsum(1); // (R, N): how many images of the resample are at most the n-th smallest
        var count = draws.shape[1];
        return (Ranked((count - 1) / 2) + Ranked(count / 2)).div_(2).MoveToOuterDisposeScope();

        Tensor Ranked(long rank) => sorted.index_select(0, held.le(rank).sum(1));
    }

    /// <summary>Computes the 95 % interval of a figure from its resamples.</summary>
    /// <remarks>A mean needs no moving. But two resamples lie further apart than the sets they are drawn from, and a resample's classes are
    /// less evenly distributed; unmoved, the percentiles of a Fréchet distance or an entropy need not even enclose the figure.</remarks>
    public static (double Low, double High) Interval(double value, Tensor resampled, double least, double most)
    {
        var sorted = resampled.data<double>().Order().ToArray();
        var shift = value - sorted.Average();
        return (Math.Clamp(Percentile(sorted, 0.025) + shift, least, most), Math.Clamp(Percentile(sorted, 0.975) + shift, least, most));
    }

    public static double Median(double[] values) => Percentile([.. values.Order()], 0.5);

    private static double Percentile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
