using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>How far a figure would move if other images had been drawn.</summary>
/// <remarks>
/// B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13: images are drawn from the set with replacement, as many
/// as it holds, and the figure is computed anew. A resample is a row of counts, so figures of all resamples are matrix products.
/// </remarks>
internal static class Bootstrap
{
    /// <summary>Draws resamples.</summary>
    /// <param name="count">The number of images.</param>
    /// <param name="resamples">The number of resamples.</param>
    /// <param name="random">Where the draws come from.</param>
    /// <returns>How often each resample holds each image, (resamples, count), float64; the caller disposes it.</returns>
    public static Tensor Draw(int count, int resamples, DeterministicRandom random)
    {
        using var scope = NewDisposeScope();
        var draws = empty(resamples, count, dtype: ScalarType.Float64);
        var row = new double[count];
        for (var resample = 0; resample < resamples; resample++)
        {
            using var step = NewDisposeScope();
            Array.Clear(row);
            for (var i = 0; i < count; i++)
            {
                row[random.NextInt32(count)]++;
            }

            draws[resample].copy_(tensor(row));
        }

        return draws.MoveToOuterDisposeScope();
    }

    /// <summary>Computes the mean of each resample.</summary>
    /// <param name="draws">The resamples, (R, N).</param>
    /// <param name="values">One value an image.</param>
    /// <returns>R means, as a tensor of float64; the caller disposes it.</returns>
    public static Tensor Means(Tensor draws, IEnumerable<double> values)
    {
        using var scope = NewDisposeScope();
        // A copy for the reason of AlignedTensor.
        return draws.mv(tensor(values.ToArray()).clone()).div_(draws.shape[1]).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the median of each resample.</summary>
    /// <param name="draws">The resamples, (R, N).</param>
    /// <param name="values">One value an image.</param>
    /// <returns>R medians, as a tensor of float64; the caller disposes it.</returns>
    public static Tensor Medians(Tensor draws, IEnumerable<double> values)
    {
        using var scope = NewDisposeScope();
        var (sorted, order) = tensor(values.ToArray()).sort();
        var held = draws.index_select(1, order).cumsum(1); // (R, N): how many images of the resample are at most the n-th smallest
        var count = draws.shape[1];
        return (Ranked((count - 1) / 2) + Ranked(count / 2)).div_(2).MoveToOuterDisposeScope();

        Tensor Ranked(long rank) => sorted.index_select(0, held.le(rank).sum(1));
    }

    /// <summary>Computes the 95 % interval of a figure from its resamples.</summary>
    /// <param name="value">The figure itself.</param>
    /// <param name="resampled">The figure of each resample, (R), float64.</param>
    /// <param name="least">The smallest value the figure can have.</param>
    /// <param name="most">The largest value the figure can have.</param>
    /// <returns>The 2.5 and 97.5 % percentiles, moved so that the mean of the resamples is the value.</returns>
    /// <remarks>
    /// A mean needs no moving. But two resamples lie further apart than the sets they are drawn from, and a resample's classes are less
    /// evenly spread; unmoved, the percentiles of a Fréchet distance or an entropy need not even enclose the figure.
    /// </remarks>
    public static (double Low, double High) Interval(double value, Tensor resampled, double least, double most)
    {
        var sorted = resampled.data<double>().Order().ToArray();
        var shift = value - sorted.Average();
        return (Math.Clamp(Percentile(sorted, 0.025) + shift, least, most), Math.Clamp(Percentile(sorted, 0.975) + shift, least, most));
    }

    /// <summary>Computes the median.</summary>
    /// <param name="values">The values, at least one.</param>
    /// <returns>The middle one, or the mean of the middle two.</returns>
    public static double Median(IEnumerable<double> values) => Percentile([.. values.Order()], 0.5);

    private static double Percentile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
