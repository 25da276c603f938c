using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>z = x * scale + shift for each channel, then leaky ReLU, and its gradient, for <c>float</c> or <c>ushort</c> (bfloat16) memory.</summary>
/// <remarks>The second pass over the same rows goes from the last to the first: the last ones are still in the cache.</remarks>
/// <typeparam name="T">The memory format of the pixels.</typeparam>
internal static unsafe class BatchNormLeakyKernel<T>
    where T : unmanaged
{
    /// <summary>Normalises some rows.</summary>
    /// <param name="input">Activations x, (M, C).</param>
    /// <param name="output">Leaky ReLU of z, (M, C).</param>
    /// <param name="norm">Scale, shift and mean of each channel.</param>
    /// <param name="slope">The slope of leaky ReLU below zero.</param>
    /// <param name="start">The first row.</param>
    /// <param name="end">The row after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(T* input, T* output, ChannelNorm norm, float slope, int start, int end)
    {
        var below = Vector256.Create(slope);
        for (var at = (end - 1L) * norm.Channels; at >= (long)start * norm.Channels; at -= norm.Channels)
        {
            for (var c = 0; c < norm.Channels; c += Lanes16.Count)
            {
                var (low, high) = Lanes16.Load(input + at + c);
                (low, high) = (norm.Apply(low, c), norm.Apply(high, c + 8));
                Lanes16.Store(low * Factor(low, below), high * Factor(high, below), output + at + c);
            }
        }
    }

    /// <summary>Sums, for each channel over some rows, the gradient by z, and that times x - mean.</summary>
    /// <param name="input">Activations x, (M, C).</param>
    /// <param name="gradient">The loss's gradient by the output, (M, C).</param>
    /// <param name="norm">Scale, shift and mean of each channel.</param>
    /// <param name="slope">The slope of leaky ReLU below zero.</param>
    /// <param name="sums">The two sums, (2, C); written.</param>
    /// <param name="start">The first row.</param>
    /// <param name="end">The row after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SumGradients(T* input, T* gradient, ChannelNorm norm, float slope, double* sums, int start, int end)
    {
        var channels = norm.Channels;
        var below = Vector256.Create(slope);
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
                    var (lowGradient, highGradient) = Lanes16.Load(gradient + at + c);
                    lowGradient *= Factor(norm.Apply(low, c), below);
                    highGradient *= Factor(norm.Apply(high, c + 8), below);
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

    /// <summary>Writes the gradient by x for some rows: scale * (gradient by z - offset - (x - mean) * share).</summary>
    /// <param name="input">Activations x, (M, C).</param>
    /// <param name="gradient">The loss's gradient by the output, (M, C).</param>
    /// <param name="norm">Scale, shift and mean of each channel.</param>
    /// <param name="slope">The slope of leaky ReLU below zero.</param>
    /// <param name="means">Offset and share of each channel, (2, C): what the statistics' own dependence on x takes off.</param>
    /// <param name="result">The loss's gradient by x, (M, C).</param>
    /// <param name="start">The first row.</param>
    /// <param name="end">The row after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(T* input, T* gradient, ChannelNorm norm, float slope, float* means, T* result, int start, int end)
    {
        var below = Vector256.Create(slope);
        for (var at = (end - 1L) * norm.Channels; at >= (long)start * norm.Channels; at -= norm.Channels)
        {
            for (var c = 0; c < norm.Channels; c += Lanes16.Count)
            {
                var (low, high) = Lanes16.Load(input + at + c);
                var (lowGradient, highGradient) = Lanes16.Load(gradient + at + c);
                lowGradient *= Factor(norm.Apply(low, c), below);
                highGradient *= Factor(norm.Apply(high, c + 8), below);
                Lanes16.Store(Change(low, lowGradient, norm, means, c), Change(high, highGradient, norm, means, c + 8), result + at + c);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Change(Vector256<float> x, Vector256<float> gradient, ChannelNorm norm, float* means, int c)
    {
        var rest = Vector256.FusedMultiplyAdd(-norm.Centre(x, c), Vector256.Load(means + norm.Channels + c), gradient - Vector256.Load(means + c));
        return rest * Vector256.Load(norm.Scale + c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Factor(Vector256<float> z, Vector256<float> below) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(z, Vector256<float>.Zero), Vector256<float>.One, below);
}
