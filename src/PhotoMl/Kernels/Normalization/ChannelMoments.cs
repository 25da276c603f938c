using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>Mean and variance of each channel of a batch.</summary>
/// <remarks>
/// Chunks that fit the cache are summed in float32 by two passes, first around their first row, then around their mean, and merged in float64
/// (T. Chan, G. Golub, R. LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979):
/// a mean far from zero costs no digits of the variance. The parts are merged in order, so that the same threads give the same bits.
/// </remarks>
internal sealed unsafe class ChannelMoments : IKernel
{
    private const int ChunkElements = 1 << 15;

    private readonly Tensor _input;
    private readonly Tensor _moments;
    private readonly int[] _counts;

    private ChannelMoments(Tensor input, Tensor moments) =>
        (_input, _moments, _counts) = (input, moments, new int[moments.shape[0]]);

    /// <summary>How many rows are summed in float32 before they are added in float64.</summary>
    public static int ChunkRows(int channels) => Math.Max(1, ChunkElements / channels);

    public static Tensor Of(Tensor input)
    {
        var channels = (int)input.shape[3];
        var rows = input.numel() / channels;

        // The mean and the sum of squared deviations of each part.
        using var moments = empty([ParallelRanges.Parts, 2, channels], ScalarType.Float64);
        var kernel = new ChannelMoments(input, moments);
        IKernel.Run(kernel, input.dtype, rows);

        // The first part takes in all others; where there are more threads than rows, it is empty itself, as others are.
        var mean = KernelMemory.Pointer<double>(moments);
        var squares = mean + channels;
        var count = kernel._counts[0];
        for (var part = 1; part < kernel._counts.Length; part++)
        {
            if (kernel._counts[part] > 0)
            {
                var offset = 2L * part * channels;
                Merge(mean, squares, count, mean + offset, squares + offset, kernel._counts[part], channels);
                count += kernel._counts[part];
            }
        }

        for (var c = 0; c < channels; c++)
        {
            squares[c] /= rows;
        }

        return moments[0].clone();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<T>(int part, int start, int end)
        where T : unmanaged
    {
        var channels = (int)_input.shape[3];
        var input = KernelMemory.Pointer<T>(_input);
        var mean = KernelMemory.Pointer<double>(_moments) + (2L * part * channels);
        var squares = mean + channels;
        new Span<double>(mean, 2 * channels).Clear();
        _counts[part] = end - start;
        var chunkMean = stackalloc float[channels];
        var chunkSquares = stackalloc float[channels];
        for (var row = start; row < end; row += ChunkRows(channels))
        {
            var rows = Math.Min(ChunkRows(channels), end - row);
            TakeChunk(input + ((long)row * channels), channels, rows, chunkMean, chunkSquares);
            Merge(mean, squares, row - start, chunkMean, chunkSquares, rows, channels);
        }
    }

    // Adds the moments of further rows, at least one, to those of some.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Merge<T>(double* mean, double* squares, int count, T* otherMean, T* otherSquares, int otherCount, int channels)
        where T : unmanaged, INumberBase<T>
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
    private static void TakeChunk<T>(T* input, int channels, int rows, float* mean, float* squares)
        where T : unmanaged
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
