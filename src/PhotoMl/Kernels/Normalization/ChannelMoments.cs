using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>Mean and variance of each channel over pixels stored as (M, C), for <c>float</c> or <c>ushort</c> (bfloat16) memory.</summary>
/// <remarks>
/// Chunks that fit the cache are summed in float32 by two passes, first around their first row, then around their mean, and merged in float64
/// (T. Chan, G. Golub, R. LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979):
/// a mean far from zero costs no digits of the variance.
/// </remarks>
/// <typeparam name="T">The memory format of the pixels.</typeparam>
internal static unsafe class ChannelMoments<T>
    where T : unmanaged
{
    private const int ChunkElements = 1 << 15;

    /// <summary>How many rows are summed in float32 before they are added in float64.</summary>
    public static int ChunkRows(int channels) => Math.Max(1, ChunkElements / channels);

    /// <summary>Takes the moments of some rows.</summary>
    /// <param name="input">Pixels, (M, C).</param>
    /// <param name="channels">C.</param>
    /// <param name="mean">The means, (C); written.</param>
    /// <param name="squares">The sums of squared deviations from the mean, (C); written.</param>
    /// <param name="start">The first row.</param>
    /// <param name="end">The row after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Take(T* input, int channels, double* mean, double* squares, int start, int end)
    {
        new Span<double>(mean, channels).Clear();
        new Span<double>(squares, channels).Clear();
        var chunkMean = stackalloc float[channels];
        var chunkSquares = stackalloc float[channels];
        for (var row = start; row < end; row += ChunkRows(channels))
        {
            var rows = Math.Min(ChunkRows(channels), end - row);
            TakeChunk(input + ((long)row * channels), channels, rows, chunkMean, chunkSquares);
            Merge(mean, squares, row - start, chunkMean, chunkSquares, rows, channels);
        }
    }

    /// <summary>Adds the moments of further rows to those of some.</summary>
    /// <param name="mean">The means so far, (C); changed.</param>
    /// <param name="squares">The sums of squared deviations so far, (C); changed.</param>
    /// <param name="count">The number of rows so far.</param>
    /// <param name="otherMean">The means of the further rows, (C).</param>
    /// <param name="otherSquares">Their sums of squared deviations, (C).</param>
    /// <param name="otherCount">The number of further rows, at least one.</param>
    /// <param name="channels">C.</param>
    /// <typeparam name="TOther">The number format of the further moments.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Merge<TOther>(double* mean, double* squares, int count, TOther* otherMean, TOther* otherSquares, int otherCount, int channels)
        where TOther : unmanaged, INumberBase<TOther>
    {
        var share = (double)otherCount / (count + otherCount);
        var weight = count * share;
        for (var c = 0; c < channels; c++)
        {
            var difference = double.CreateTruncating(otherMean[c]) - mean[c];
            mean[c] += difference * share;
            squares[c] += double.CreateTruncating(otherSquares[c]) + (difference * difference * weight);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TakeChunk(T* input, int channels, int rows, float* mean, float* squares)
    {
        new Span<float>(mean, channels).Clear();
        new Span<float>(squares, channels).Clear();
        var end = input + ((long)rows * channels);
        for (var row = input; row < end; row += channels)
        {
            for (var c = 0; c < channels; c += Lanes16.Count)
            {
                var (low, high) = Lanes16.Load(row + c);
                var (firstLow, firstHigh) = Lanes16.Load(input + c);
                (Vector256.Load(mean + c) + (low - firstLow)).Store(mean + c);
                (Vector256.Load(mean + c + 8) + (high - firstHigh)).Store(mean + c + 8);
            }
        }

        var share = Vector256.Create(1f / rows);
        for (var c = 0; c < channels; c += Lanes16.Count)
        {
            var (firstLow, firstHigh) = Lanes16.Load(input + c);
            Vector256.FusedMultiplyAdd(Vector256.Load(mean + c), share, firstLow).Store(mean + c);
            Vector256.FusedMultiplyAdd(Vector256.Load(mean + c + 8), share, firstHigh).Store(mean + c + 8);
        }

        for (var row = input; row < end; row += channels)
        {
            for (var c = 0; c < channels; c += Lanes16.Count)
            {
                var (low, high) = Lanes16.Load(row + c);
                (low, high) = (low - Vector256.Load(mean + c), high - Vector256.Load(mean + c + 8));
                Vector256.FusedMultiplyAdd(low, low, Vector256.Load(squares + c)).Store(squares + c);
                Vector256.FusedMultiplyAdd(high, high, Vector256.Load(squares + c + 8)).Store(squares + c + 8);
            }
        }
    }
}
