using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>ReLU(x * scale + shift + r) for each channel, and what its gradient needs first, for <c>float</c> or <c>ushort</c> (bfloat16) memory.</summary>
/// <typeparam name="T">The memory format of the pixels.</typeparam>
internal static unsafe class BatchNormAddReluKernel<T>
    where T : unmanaged
{
    /// <summary>Normalises some rows, adds others and cuts off what is below zero.</summary>
    /// <param name="input">Activations x, (M, C).</param>
    /// <param name="other">What is added, r, (M, C).</param>
    /// <param name="output">The result, (M, C).</param>
    /// <param name="norm">Scale, shift and mean of each channel.</param>
    /// <param name="start">The first row.</param>
    /// <param name="end">The row after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(T* input, T* other, T* output, ChannelNorm norm, int start, int end)
    {
        // From the last to the first: the statistics were just taken of them, so the last are still in the cache.
        for (var at = (end - 1L) * norm.Channels; at >= (long)start * norm.Channels; at -= norm.Channels)
        {
            for (var c = 0; c < norm.Channels; c += Lanes16.Count)
            {
                var (low, high) = Lanes16.Load(input + at + c);
                var (otherLow, otherHigh) = Lanes16.Load(other + at + c);
                Lanes16.Store(Rectify(norm.Apply(low, c) + otherLow), Rectify(norm.Apply(high, c + 8) + otherHigh), output + at + c);
            }
        }
    }

    /// <summary>Keeps the gradient where the result is above zero, and sums, for each channel over some rows, what is kept, and that times x - mean.</summary>
    /// <param name="input">Activations x, (M, C).</param>
    /// <param name="output">What <see cref="Forward"/> wrote.</param>
    /// <param name="gradient">The loss's gradient by the result, (M, C).</param>
    /// <param name="kept">The loss's gradient by r, (M, C); written.</param>
    /// <param name="norm">Scale, shift and mean of each channel.</param>
    /// <param name="sums">The two sums, (2, C); written.</param>
    /// <param name="start">The first row.</param>
    /// <param name="end">The row after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void KeepAndSum(T* input, T* output, T* gradient, T* kept, ChannelNorm norm, double* sums, int start, int end)
    {
        var channels = norm.Channels;
        var chunk = stackalloc float[2 * channels];
        new Span<double>(sums, 2 * channels).Clear();
        for (var first = start; first < end; first += ChannelMoments<T>.ChunkRows(channels))
        {
            var last = Math.Min(end, first + ChannelMoments<T>.ChunkRows(channels));
            new Span<float>(chunk, 2 * channels).Clear();
            for (var at = (long)first * channels; at < (long)last * channels; at += channels)
            {
                for (var c = 0; c < channels; c += Lanes16.Count)
                {
                    var (low, high) = Lanes16.Load(input + at + c);
                    var (lowResult, highResult) = Lanes16.Load(output + at + c);
                    var (lowGradient, highGradient) = Lanes16.Load(gradient + at + c);
                    lowGradient &= Vector256.GreaterThan(lowResult, Vector256<float>.Zero);
                    highGradient &= Vector256.GreaterThan(highResult, Vector256<float>.Zero);
                    Lanes16.Store(lowGradient, highGradient, kept + at + c);
                    (Vector256.Load(chunk + c) + lowGradient).Store(chunk + c);
                    (Vector256.Load(chunk + c + 8) + highGradient).Store(chunk + c + 8);
                    var products = chunk + channels + c;
                    Vector256.FusedMultiplyAdd(norm.Centre(low, c), lowGradient, Vector256.Load(products)).Store(products);
                    Vector256.FusedMultiplyAdd(norm.Centre(high, c + 8), highGradient, Vector256.Load(products + 8)).Store(products + 8);
                }
            }

            for (var i = 0; i < 2 * channels; i++)
            {
                sums[i] += chunk[i];
            }
        }
    }

    // NaN stays NaN, as in torch.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Rectify(Vector256<float> z) => Vector256.AndNot(z, Vector256.LessThanOrEqual(z, Vector256<float>.Zero));
}
