using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>Mean and variance of each channel of a batch.</summary>
/// <remarks>
/// Chunks that fit the second level of the cache are summed in float32 by two passes, first around their first row, then around their
/// mean, and merged in float64 (T. Chan, G. Golub, R. LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample
/// Variances", 1979): a mean far from zero costs no digits of the variance. The parts are merged in order, so that the same threads
/// give the same bits.
/// </remarks>
/// <param name="activations">The activations, (N, H, W, C).</param>
/// <param name="parts">Mean and sum of squared deviations of each part, (parts, 2, C), float64.</param>
internal sealed unsafe class ChannelMoments(Tensor activations, Tensor parts) : IKernel
{
    private const int ChunkElements = 1 << 15;
    private const int FewestRows = 16; // fewer are added in float64 more slowly than they are summed

    private readonly int[] _counts = new int[parts.shape[0]];

    /// <summary>How many rows are summed in float32 before they are added in float64.</summary>
    public static int ChunkRows(int channels) => Math.Max(FewestRows, ChunkElements / channels);

    /// <summary>Mean and variance, (2, C), float64, of activations, (N, H, W, C).</summary>
    public static Tensor Of(Tensor input)
    {
        var (channels, rows) = ((int)input.shape[3], input.numel() / input.shape[3]);
        using var parts = empty([ParallelRanges.Parts, 2, channels], ScalarType.Float64);
        var kernel = new ChannelMoments(input, parts);
        IKernel.Run(kernel, input.dtype, rows);

        var moments = zeros([2, channels], ScalarType.Float64);
        var to = KernelMemory.Pointer<double>(moments);
        var from = KernelMemory.Pointer<double>(parts);
        var count = 0;
        foreach (var others in kernel._counts)
        {
            Merge(to, count, from, others, channels);
            count += others;
            from += 2 * channels;
        }

        for (var c = channels; c < 2 * channels; c++)
        {
            to[c] /= rows;
        }

        return moments;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<T>(int part, int start, int end)
        where T : unmanaged
    {
        var channels = (int)activations.shape[3];
        var input = KernelMemory.Pointer<T>(activations);
        var moments = KernelMemory.Pointer<double>(parts) + (2L * part * channels);
        var chunk = stackalloc float[2 * channels];
        new Span<double>(moments, 2 * channels).Clear();
        _counts[part] = end - start;
        for (var row = start; row < end; row += ChunkRows(channels))
        {
            var rows = Math.Min(ChunkRows(channels), end - row);
            TakeChunk(input + ((long)row * channels), channels, rows, chunk, chunk + channels);
            Merge(moments, row - start, chunk, rows, channels);
        }
    }

    // Adds the moments of further rows to those of some.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Merge<T>(double* moments, int count, T* others, int otherCount, int channels)
        where T : unmanaged, INumberBase<T>
    {
        // Where there are more threads than rows, some have none.
        var share = (double)otherCount / Math.Max(1, count + otherCount);
        var weight = count * share;
        for (var c = 0; c < channels && otherCount > 0; c++)
        {
            var difference = double.CreateTruncating(others[c]) - moments[c];
            moments[c] += difference * share;
            moments[channels + c] += double.CreateTruncating(others[channels + c]) + (difference * difference * weight);
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
                (Lanes16.Load(mean + c) + (Lanes16.Load(row + c) - Lanes16.Load(input + c))).StoreAs(mean + c);
            }
        }

        for (var c = 0; c < channels; c += Lanes16.Count)
        {
            Lanes16.MultiplyAdd(1f / rows, Lanes16.Load(mean + c), Lanes16.Load(input + c)).StoreAs(mean + c);
        }

        for (var row = input; row < end; row += channels)
        {
            for (var c = 0; c < channels; c += Lanes16.Count)
            {
                var deviation = Lanes16.Load(row + c) - Lanes16.Load(mean + c);
                Vector512.FusedMultiplyAdd(deviation, deviation, Lanes16.Load(squares + c)).StoreAs(squares + c);
            }
        }
    }
}
